"""`python3 kit.py gateway keys.csv --model gpt-5.4-mini`: LiteLLM Proxy for a class with own money.

The class's real key is read from OPENAI_API_KEY and its provider from OPENAI_BASE_URL, and neither
reaches a learner: each has a key of the CSV file, with a budget, a rate and an end.
`python -m practice keys` makes and stops them.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import sqlite3
import sys
import tomllib
from pathlib import Path
from typing import Any

from practice.process.config import PracticeError, home
from practice.roster.roster import Roster
from tools.setup.commands import ROOT, Stop, call, last, own_environment, run, say

CLASSROOM = ROOT / "classroom" / "gateway"
FOLDER = ROOT / "build" / "gateway-env"
MODELS = ROOT / "helpers" / "connection" / "models.toml"
PORT = 4000


def main() -> int:
    """Start the gateway, or say what has been spent."""
    parser = argparse.ArgumentParser(prog="kit.py gateway", description=__doc__)
    parser.add_argument("keys", type=Path, help="the CSV file with the keys")
    parser.add_argument("--model", action="append", default=[], help="may be given several times")
    parser.add_argument("--budget", type=float, default=0.5, help="dollars a key (%(default)s)")
    parser.add_argument("--rate", type=int, default=60, help="requests a minute (%(default)s)")
    parser.add_argument(
        "--price",
        type=float,
        nargs=2,
        metavar=("IN", "OUT"),
        default=None,
        help="dollars a million tokens, where the kit knows no price",
    )
    parser.add_argument("--host", default="127.0.0.1", help="%(default)s; 0.0.0.0 for the room")
    parser.add_argument("--port", type=int, default=PORT, help="%(default)s")
    parser.add_argument("--state", type=Path, default=None, help="where spending is written down")
    parser.add_argument("--spent", action="store_true", help="print what each key has spent")
    given = parser.parse_args()
    try:
        state = given.state or home() / "gateway"
        roster = Roster(given.keys.absolute())
        if given.spent:
            print(*spent(roster, state / "spent.sqlite3"), sep="\n")
            return 0
        return serve(given, state)
    except (Stop, PracticeError) as error:
        print(error, file=sys.stderr)
        return 1


def serve(given: argparse.Namespace, state: Path) -> int:
    """Run the gateway until told to end. Raises Stop."""
    if not os.environ.get("OPENAI_API_KEY"):
        raise Stop("The gateway needs the class's key. Set OPENAI_API_KEY in its environment.")
    if not given.model:
        raise Stop("Which model may learners use? Add --model NAME, once or several times.")
    settings = config(given.model, price_of=given.price)
    python = gateway_python()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    (state / "config.yaml").write_text(json.dumps(settings, indent=1), "utf-8")  # JSON is YAML
    shutil.copy(CLASSROOM / "gateway_keys.py", state)
    environment = own_environment(
        FIRST_CALL_ROOT=str(ROOT),
        FIRST_CALL_KEYS=str(given.keys.absolute()),
        FIRST_CALL_BUDGET=str(given.budget),
        FIRST_CALL_RATE=str(given.rate),
        FIRST_CALL_SPENT=str(state / "spent.sqlite3"),
        # LiteLLM wants one, and it passes by every budget: so it is thrown away with the process.
        LITELLM_MASTER_KEY=f"sk-{secrets.token_hex(32)}",
        NO_DOCS="True",
        NO_REDOC="True",
        DISABLE_ADMIN_UI="True",
        LITELLM_LOCAL_MODEL_COST_MAP="True",  # its own price list is not fetched anew
        LITELLM_TELEMETRY="False",
        LITELLM_LOG="ERROR",
    )
    say(
        f"learners set OPENAI_BASE_URL=http://ADDRESS-OF-THIS-COMPUTER:{given.port}/v1, their own "
        f"key, and OPENAI_MODEL={given.model[0]}"
    )
    command: list[str | Path] = [
        python.parent / "litellm",
        "--config",
        state / "config.yaml",
        "--telemetry",
        "False",
    ]
    return run([*command, "--host", given.host, "--port", str(given.port)], environment)


def config(models: list[str], price_of: list[float] | None = None) -> dict[str, Any]:
    """Return LiteLLM's settings. Raises Stop for a model without a price: no budget would hold."""
    listed = {
        row["name"]: row["price"] for row in tomllib.loads(MODELS.read_text("utf-8"))["model"]
    }
    rows = []
    for model in models:
        price = price_of or listed.get(model)
        if price is None:
            raise Stop(
                f"The kit knows no price of {model}, and without one a budget never ends. "
                "Name it: --price IN OUT, in dollars for a million tokens."
            )
        rows.append(
            {
                "model_name": model,
                "litellm_params": {
                    "model": f"openai/{model}",
                    "api_key": "os.environ/OPENAI_API_KEY",
                    "api_base": os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1",
                    "input_cost_per_token": price[0] / 1e6,
                    "output_cost_per_token": price[1] / 1e6,
                },
            }
        )
    return {
        "model_list": rows,
        "litellm_settings": {
            "callbacks": ["gateway_keys.spending"],
            "num_retries": 0,  # the learner's SDK tries again
            "drop_params": False,
        },
        "general_settings": {
            "custom_auth": "gateway_keys.user_api_key_auth",
            "custom_auth_run_common_checks": True,
            "disable_spend_logs": True,
        },
    }


def spent(roster: Roster, file: Path) -> list[str]:
    """Return what each key has spent, in lines. Raises PracticeError."""
    if not file.exists():
        return ["Nothing has been spent yet."]
    with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True) as found:
        known = dict(found.execute("SELECT mark, total(cost) FROM spent GROUP BY mark").fetchall())
    found.close()
    return [
        f"{one.number:4}  ${known.get(one.mark, 0):.4f}  {one.title}" for one in roster.everybody
    ]


def gateway_python() -> Path:
    """Return the gateway's Python, its packages installed with their hashes. Raises Stop."""
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = FOLDER / ".first-call-gateway", CLASSROOM / "requirements.txt"
    text = f"{ROOT}\n{wanted.read_text('utf-8')}"
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == text:
        return python
    shutil.rmtree(FOLDER, ignore_errors=True)
    say("installing the gateway · 700 MB, a few minutes, once")
    made = call([sys.executable, "-m", "venv", "--without-pip", FOLDER])
    if made.returncode != 0:
        raise Stop(f"The folder {FOLDER} could not be made ({last(made.stdout + made.stderr)}).")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
    ]
    if run([*command, "--require-hashes", "-r", wanted], own_environment()) != 0:
        raise Stop("The packages of the gateway could not be installed; the lines above say why.")
    stamp.write_text(text, "utf-8")
    return python


if __name__ == "__main__":
    sys.exit(main())
