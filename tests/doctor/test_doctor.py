"""`python3 kit.py doctor`: every trap a learner meets is planted here, and has to be found."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import nbformat
import pytest
from nbclient import NotebookClient
from openai import APIConnectionError

import doctor as package
from doctor import computer, files, python
from doctor import provider as doctor_calls
from doctor import report as doctor
from doctor.table import ROOT, SET_UP, Check
from helpers import explain
from helpers.connection import models as models_module
from helpers.connection.settings import NAMES
from helpers.views import table as tables
from practice.process import memory, state, weights
from practice.process.config import ENVIRONMENT as PRACTICE_NAMES
from practice.process.models import chosen

KEY = "sk-" + "D0ctor" * 7
MODEL = chosen().path  # of this run
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A healthy project, in a folder with spaces and Chinese characters."""
    root = tmp_path / "第一次 first call"
    (root / "notebooks").mkdir(parents=True)
    for name in ("requirements.txt", ".gitignore"):
        shutil.copy(ROOT / name, root)
    (root / ".env").write_text("# nothing\n")
    names = [*NAMES, *PROXIES, *(name.lower() for name in PROXIES), "REQUEST_METHOD"]
    for name in (*names, *PRACTICE_NAMES):
        monkeypatch.setenv(name, "")  # so that what the doctor sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    for module in (computer, files, python):
        monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.chdir(root)
    return root


GROUPS = {group.__name__: group for group in doctor.GROUPS}


def found(name: str, group: str = "") -> list[Check]:
    """Return the checks called `name`, of one group or of all."""
    checks = GROUPS[group]() if group else doctor.all_checks()
    return [check for check in checks if check.name == name]


def only(name: str, group: str) -> tuple[str, str]:
    """Return the state and the text of the first check called `name` that is not in order."""
    check = one(name, group)
    return check.state, check.text


def one(name: str, group: str) -> Check:
    """Return the first check called `name` that is not in order; whatever is not has a fix."""
    checks = found(name, group)
    assert [check for check in checks if bool(check.fix) != (check.state != "OK")] == []
    return next((check for check in checks if check.state != "OK"), checks[0])


# The table


def test_the_table_and_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, look = Check("OK", "one", "fine"), Check("look", "two", "odd", "Look.")
    monkeypatch.setattr(doctor, "GROUPS", (lambda: iter([good, look]),))
    assert doctor.doctor() == 0
    monkeypatch.setattr(
        doctor, "GROUPS", (lambda: iter([good, Check("FIX", "three", "bad", "Mend it.")]),)
    )
    assert doctor.doctor() == 1
    printed = capsys.readouterr().out
    assert "OK    one  fine\nlook  two  odd\n           -> Look.\n\nEverything" in printed
    assert "FIX   three  bad\n             -> Mend it.\n\n1 to fix." in printed


def test_a_console_that_lacks_a_character(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".env").write_text("OPENAI_MODEL=模型\n", "utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "OPENAI_API_KEY": "“" + KEY}
    command = [sys.executable, "-m", "doctor"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"FIX   key" in done.stdout
    assert done.stderr == b""


def test_lines_in_order_name_no_folder(project: Path) -> None:
    # Such lines may be stored in a notebook, and a notebook is passed on.
    texts = [check.text for check in doctor.all_checks() if check.state == "OK"]
    assert len(texts) > 8
    assert [text for text in texts if str(project.parent) in text or sys.prefix in text] == []


def test_a_check_that_fails_itself_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_checks() -> Iterator[Check]:
        raise RuntimeError("not shown: " + KEY)
        yield

    monkeypatch.setattr(doctor, "GROUPS", (disk_checks,))
    assert list(doctor.all_checks()) == [
        Check(
            "look",
            "disk",
            "could not be checked (RuntimeError)",
            "Go on; if a lesson fails, fix what it says.",
        )
    ]


def test_it_runs_as_a_program_and_never_shows_the_key(project: Path) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY='“{KEY}”'\n", "utf-8")
    environment = os.environ | {"OPENAI_API_KEY": KEY + "\n", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "doctor"],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 1
    assert "FIX   key" in done.stdout
    assert "a line break at an end" in done.stdout
    assert "D0ctor" not in done.stdout + done.stderr
    assert done.stderr == ""


# Python, environment, packages, kernel


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "OLDEST", (3, 99))
    assert only("Python", "python_checks")[0] == "FIX"


def test_the_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(python, "kit_installed", lambda: False)
    check = one("environment", "python_checks")
    assert check.state == "look"
    assert "choose the kernel Python 3 (First Call)" in check.fix
    monkeypatch.setattr(python, "kit_installed", lambda: True)
    assert only("environment", "python_checks")[0] == "OK"
    monkeypatch.setattr(python, "kit_installed", lambda: False)
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    assert only("environment", "python_checks")[0] == "OK"
    monkeypatch.delenv("CONDA_PREFIX")
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    assert only("environment", "python_checks")[0] == "OK"


def test_packages(project: Path) -> None:
    assert only("packages", "python_checks") == ("OK", "all installed")
    with (project / "requirements.txt").open("a") as file:
        file.write("no-such-package>=1,<2\nopenai>=0.1,<3.1\npydantic>=9\nstarlette==0.1\n")
        file.write('elsewhere-only==1; sys_platform == "plan9"\nnot-here<1; python_version > "3"\n')
    state, text = only("packages", "python_checks")
    assert state == "FIX"
    for name in ("no-such-package is missing", "openai is 3.", "pydantic is 2", "starlette is "):
        assert name in text
    assert list(python.wrong_packages(project / "requirements.txt"))[4:] == ["not-here is missing"]


def test_a_kernel_of_another_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("kernel", "python_checks")[0] == "OK"
    spec = project / "share" / "kernels" / "python3"
    spec.mkdir(parents=True)
    other = {"argv": ["/elsewhere/bin/python", "-m", "x"], "display_name": "P", "language": "p"}
    (spec / "kernel.json").write_text(json.dumps(other))
    monkeypatch.setenv("JUPYTER_PATH", str(project / "share"))
    assert one("kernel", "python_checks") == (
        "FIX",
        "kernel",
        "Python 3 is /elsewhere/bin/python",
        SET_UP,
    )


# .env


@pytest.mark.parametrize(
    ("raw", "state", "text"),
    [
        (b"OPENAI_MODEL=x\r\n", "OK", "sets OPENAI_MODEL"),
        (b"\xef\xbb\xbfOPENAI_MODEL=x\n", "look", "byte order mark"),
        ("OPENAI_MODEL=x\n".encode("utf-16"), "look", "UTF-16"),
        ("OPENAI_MODEL=x\n".encode("utf-16-le"), "look", "UTF-16"),
        ("# 设置".encode("gb18030"), "FIX", "not saved as UTF-8"),
        (b"OPENAI_MODEL\n", "FIX", "Line 1 of .env is about OPENAI_MODEL"),
    ],
)
def test_how_env_is_saved(project: Path, raw: bytes, state: str, text: str) -> None:
    (project / ".env").write_bytes(raw)
    check = one(".env", "file_checks")
    assert check.state == state
    assert text in check.text
    if "saved" in text or "UTF" in text:
        assert "UTF-8" in check.fix


@pytest.mark.parametrize("name", list(files.MISPLACED))
def test_env_in_the_wrong_place(project: Path, name: str) -> None:
    assert found(name, "file_checks") == []
    (project / name).write_text("OPENAI_MODEL=x\n")
    assert one(name, "file_checks") == (
        "FIX",
        name,
        files.MISPLACED[name],
        f"Move its lines into {project / '.env'}; delete it.",
    )


def test_env_outside_the_kit(project: Path) -> None:
    (project / ".env").rename(project.parent / ".env")
    check = one(".env", "file_checks")
    assert check.state == "look"
    assert "outside the kit" in check.text
    assert check.fix == f"Move it to {project}."


def test_no_env_at_all(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "find_env", lambda: None)  # none above this folder either
    assert only(".env", "file_checks") == ("OK", "none, so every setting has its usual value")


def test_env_that_git_would_take(project: Path) -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git is not installed")
    assert found("git", "file_checks") == []
    subprocess.run([git, "init", "-q"], cwd=project, check=True)
    assert only("git", "file_checks")[0] == "OK"
    (project / ".gitignore").unlink()
    check = one("git", "file_checks")
    assert check[::2] == ("FIX", "would add .env")
    assert check.fix == "Put the line .env back into .gitignore."
    subprocess.run([git, "add", ".env"], cwd=project, check=True)
    check = one("git", "file_checks")
    assert check[::2] == ("FIX", "has .env in it")
    assert "git rm --cached .env" in check.fix


@pytest.mark.skipif(os.name == "nt", reason="modes are a POSIX matter")
def test_a_key_that_others_can_read(project: Path) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    (project / ".env").chmod(0o644)
    assert only(".env", "file_checks") == ("look", "others on this computer can read it")
    (project / ".env").chmod(0o600)
    assert only(".env", "file_checks")[0] == "OK"


# The key, the address, proxies


@pytest.mark.parametrize(
    ("key", "text", "fix"),
    [
        (f"{KEY}\n", "a line break at an end", "Delete it"),
        (f"{KEY} ", "a space", "Delete it"),
        (f"“{KEY}”", "curly quotes", "Remove the quotes"),
        (f"'{KEY}'", "quotes around it", "Remove the quotes"),
        ("密钥" + KEY, "characters that no key has", "Copy the key again"),
        ("ke y", "a space inside", "Copy the key again"),
        ("sk-...", "the example text", "Put your key there"),
        ("Bearer " + KEY, "Bearer", "Keep only the key itself"),
    ],
)
def test_keys_that_cannot_be_keys(
    key: str, text: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert only("key", "settings_checks") == ("OK", "none, so practice mode")
    monkeypatch.setenv("OPENAI_API_KEY", key)
    check = one("key", "settings_checks")
    assert check.state == "FIX"
    assert text in check.text
    assert fix in check.fix
    assert "D0ctor" not in str(check)


def test_two_keys(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert only("key", "settings_checks") == ("OK", "set in .env, not shown")
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "2")
    assert only("key", "settings_checks")[0] == "look"


@pytest.mark.parametrize(
    ("url", "state", "fix"),
    [
        ("", "FIX", "Remove that variable"),
        (" ", "FIX", "Remove that variable"),
        ("api.openai.com/v1", "FIX", "Write it like https://api.openai.com/v1"),
        ("https://api.example/v1/chat/completions", "FIX", "End it before /chat/completions"),
        ("https://platform.openai.com/docs", "FIX", "Use the address of the API"),
        ("https://example.com/start.html", "FIX", "Use the address of the API"),
        ("https://api.example/v1", "OK", ""),
        ("http://localhost:11434/v1", "OK", ""),
    ],
)
def test_the_base_url(url: str, state: str, fix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("base URL", "settings_checks") == ("OK", "the provider's own")
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    check = one("base URL", "settings_checks")
    assert check.state == state
    assert fix in check.fix


def test_an_empty_base_url_in_env(project: Path) -> None:
    (project / ".env").write_text("#OPENAI_BASE_URL=\n")
    assert only("base URL", "settings_checks")[0] == "OK"
    (project / ".env").write_text("OPENAI_BASE_URL=\n")
    check = one("base URL", "settings_checks")
    assert check.state == "look"
    assert check.fix == "Put a # in front of that line."


@pytest.mark.parametrize(
    ("name", "address", "state", "fix"),
    [
        ("HTTP_PROXY", "http://user:secret@proxy.example:1", "look", "Set NO_PROXY=127.0.0.1"),
        ("https_proxy", "proxy.example:1", "look", "Set NO_PROXY=127.0.0.1,localhost."),
        ("ALL_PROXY", "gopher://proxy.example:1", "FIX", "Write ALL_PROXY as http://host:port."),
        ("ALL_PROXY", "socks4://proxy.example:1", "FIX", "Write ALL_PROXY as http://host:port."),
    ],
)
def test_proxies(
    name: str, address: str, state: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert only("proxy", "settings_checks") == ("OK", "none")
    monkeypatch.setenv(name, address)
    check = one("proxy", "settings_checks")
    assert check.state == state
    assert fix in check.fix
    assert "secret" not in str(check)


def test_a_proxy_that_leaves_this_computer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert only("proxy", "settings_checks") == ("OK", "HTTP_PROXY")


def test_a_socks_proxy_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert only("proxy", "settings_checks")[0] == "OK"
    monkeypatch.setitem(sys.modules, "socksio", None)
    assert found("proxy", "settings_checks") == [
        ("FIX", "proxy", "ALL_PROXY needs the package socksio", SET_UP)
    ]


# Practice mode


def plant_model(size: int) -> None:
    path = chosen().path
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as sparse:
        sparse.truncate(size)


def test_the_practice_model(monkeypatch: pytest.MonkeyPatch) -> None:
    check = one("practice model", "practice_checks")
    assert "Qwen2.5-Coder-0.5B-Instruct is not fetched yet" in check.text
    assert check.fix == SET_UP
    monkeypatch.setenv("PRACTICE_MODEL", "small")
    assert "SmolLM2-135M-Instruct is not fetched" in one("practice model", "practice_checks").text
    right = chosen()
    plant_model(right.size - 1)
    assert "wrong size" in only("practice model", "practice_checks")[1]
    plant_model(right.size)
    monkeypatch.setattr(weights, "_sha256", lambda _: "0" * 64)
    assert "wrong checksum" in only("practice model", "practice_checks")[1]
    monkeypatch.setattr(weights, "_sha256", lambda _: right.sha256)
    assert only("practice model", "practice_checks") == (
        "OK",
        "SmolLM2-135M-Instruct, complete, 98 MB",
    )


def test_a_disk_that_is_too_small_for_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=400_000_000))
    check = one("practice model", "practice_checks")
    assert check.state == "FIX"
    assert check.text == "Qwen2.5-Coder-0.5B-Instruct needs 1038 MB of disk, 400 MB are free"
    assert check.fix == "Delete what you do not need, or set PRACTICE_MODEL=small in .env."


def test_memory_that_is_too_small_for_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 500_000_000)
    check = one("memory", "practice_checks")
    assert check.state == "FIX"
    assert "Qwen2.5-Coder-0.5B-Instruct takes" in check.text
    assert "500 MB are free" in check.text
    assert "set PRACTICE_MODEL=small in .env" in check.fix
    monkeypatch.setenv("PRACTICE_MODEL", "small")
    assert only("memory", "practice_checks") == ("OK", "enough for SmolLM2-135M-Instruct")


def test_a_model_that_the_kit_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACTICE_MODEL", "medium")
    check = one("practice model", "practice_checks")
    assert (check.state, check.text) == (
        "FIX",
        "PRACTICE_MODEL=medium is not a model of this kit.",
    )


def test_a_model_that_env_names(project: Path) -> None:
    other = project / "own.gguf"
    shutil.copy(MODEL, other)
    (project / ".env").write_text(f"PRACTICE_MODEL={other}\n", "utf-8")
    assert only("practice model", "practice_checks") == ("OK", "your own, own.gguf")
    other.write_bytes(b"zip")
    check = one("practice model", "practice_checks")
    assert check.state == "FIX"
    assert check.text.endswith("which is not a GGUF file.")
    assert check.fix == "Correct PRACTICE_MODEL, or remove it to use the model of the kit."


def test_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("service", "practice_checks") == ("OK", "not running; a lesson starts it")
    dead = {"pid": 2**22 + 1, "port": 9, "key": "k", "model": "m", "started": 1, "version": "0"}
    file = state.path()
    file.parent.mkdir()
    file.write_text(json.dumps(dead))
    assert only("service", "practice_checks")[0] == "look"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert only("service", "practice_checks")[0] == "FIX"


# The learner's own service


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """A service on this computer that answers GET /models with what the test says."""
    said: dict[str, object] = {"status": 200, "type": "application/json", "body": "", "ahead": 0}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = str(said["body"]).encode()
            self.send_response(int(str(said["status"])))
            self.send_header("Content-Type", str(said["type"]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() + float(str(said["ahead"])))

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_MODEL", "mine")
        yield said
        server.shutdown()


def model(**more: object) -> str:
    return json.dumps({"object": "list", "data": [{"id": "mine", "object": "model", **more}]})


def in_days(days: int) -> datetime.date:
    return datetime.date.today() + datetime.timedelta(days=days)


def test_practice_mode_calls_nothing() -> None:
    assert only("model", "model_checks") == ("OK", "practice mode, qwen2.5-coder-0.5b-instruct")


@pytest.mark.parametrize(
    ("end", "state", "text"),
    [
        (None, "OK", "no last day is known"),
        (str(in_days(200)), "OK", f"runs until {in_days(200)}"),
        (str(in_days(30)) + "T00:00:00Z", "look", f"mine will be shut down on {in_days(30)}"),
        (str(in_days(-1)), "FIX", f"mine was shut down on {in_days(-1)}"),
        (time.time() // 86_400 * 86_400 - 86_400 * 3, "FIX", "mine was shut down on"),
        ("no date", "OK", "no last day is known"),
    ],
)
def test_the_last_day_of_a_model(
    answers: dict[str, object], end: object, state: str, text: str
) -> None:
    answers["body"] = model(shutdown_date=end)
    check = one("model", "model_checks")
    assert check.state == state
    assert text in check.text
    assert check.fix.startswith("Set OPENAI_MODEL in .env to a newer one") == (state != "OK")
    assert found("provider", "model_checks")[0].state == "OK"


def test_the_last_day_that_the_kit_knows(
    answers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = {"over": in_days(-1), "soon": in_days(30), "later": in_days(300)}
    last_days = {("openai", name): day for name, day in dates.items()}
    monkeypatch.setattr(doctor_calls, "last_day", lambda *model: last_days.get(model))
    listed = [{"id": name, "object": "model"} for name in ("soon", "later")]
    answers["body"] = json.dumps({"object": "list", "data": listed})
    for name, wanted in (("over", "look"), ("soon", "OK"), ("later", "OK")):
        monkeypatch.setenv("OPENAI_MODEL", name)  # another provider's model of that name
        assert only("model", "model_checks")[0] == wanted
    monkeypatch.setenv("PROVIDER", "openai")
    for name, wanted in (("over", "FIX"), ("soon", "look"), ("later", "OK")):
        monkeypatch.setenv("OPENAI_MODEL", name)
        assert only("model", "model_checks")[0] == wanted
    answers["status"] = 500  # known without an answer, too
    monkeypatch.setenv("OPENAI_MODEL", "over")
    check = one("model", "model_checks")
    assert check.text == f"over was shut down on {in_days(-1)}"
    assert check.fix == "Set OPENAI_MODEL in .env to a newer one, like gpt-5.4-mini."


def test_the_last_day_of_another_providers_model(
    answers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = {"moonshot": {"kimi-k2.6": in_days(20)}}
    monkeypatch.setattr(models_module, "_table", lambda: {"last_days": ending})
    answers["body"] = model().replace("mine", "kimi-k2.6")
    monkeypatch.setenv("OPENAI_MODEL", "kimi-k2.6")
    assert only("model", "model_checks")[0] == "OK"  # at a host that nobody knows
    monkeypatch.setenv("PROVIDER", "moonshot")
    check = one("model", "model_checks")
    assert (check.state, check.text) == ("look", f"kimi-k2.6 will be shut down on {in_days(20)}")
    assert check.fix.endswith("like kimi-k3.1-pro.")


def test_the_table_of_last_days() -> None:
    last_day = models_module.last_day
    assert last_day("openai", "gpt-3.5-turbo") == datetime.date(2026, 10, 23)
    assert last_day("openai", "gpt-5-mini") == datetime.date(2026, 12, 11)
    assert last_day("openai", "gpt-4o") == datetime.date(2027, 1, 14)
    assert last_day("openai", "gpt-5.4-mini") is None  # the kit's default
    assert last_day("azure", "gpt-4o") is None  # which has days of its own


def test_a_model_that_is_not_listed(
    answers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers["body"] = model()
    monkeypatch.setenv("OPENAI_MODEL", "mime")
    check = one("model", "model_checks")
    assert check.state == "look"
    assert "does not list mime: retired, misspelt, or not yours" in check.text
    monkeypatch.setenv("PROVIDER", "openai")
    assert only("model", "model_checks")[0] == "FIX"


def test_a_list_that_puts_a_word_before_the_names(answers: dict[str, object]) -> None:
    answers["body"] = model().replace("mine", "models/mine")
    assert only("model", "model_checks")[0] == "OK"


@pytest.mark.parametrize(
    ("ahead", "state", "text"),
    [
        (2, "OK", ""),
        (3600, "look", "60 minutes behind the clock of"),
        (-3600, "look", "60 minutes ahead of the clock of"),
        (3 * 86_400, "FIX", "4320 minutes behind"),
    ],
)
@pytest.mark.parametrize("status", [200, 401])
def test_a_clock_that_is_not_the_providers(
    answers: dict[str, object], status: int, ahead: int, state: str, text: str
) -> None:
    answers |= {"status": status, "body": model(), "ahead": ahead}
    checks = found("clock", "model_checks")
    if state == "OK":
        assert checks == []
    else:
        [check] = checks
        assert check.state == state
        assert text in check.text
        assert check.fix == "Set the date and the time of this computer."


@pytest.mark.parametrize(
    "headers",
    [{}, {"date": "yesterday"}, {"date": "Mon, 01 Jan 2024 00:00:00 GMT", "age": "9"}],
)
def test_answers_that_say_nothing_about_the_time(headers: dict[str, str]) -> None:
    assert list(doctor_calls.skew_checks("it", headers)) == []


@pytest.mark.parametrize("said", ["certificate is not yet valid", "certificate has expired"])
def test_a_certificate_that_a_wrong_clock_refuses(said: str) -> None:
    request = httpx2.Request("GET", "https://api.example/v1/models")
    error = APIConnectionError(request=request)
    error.__cause__ = httpx2.ConnectError(f"[SSL: CERTIFICATE_VERIFY_FAILED] {said} (_ssl.c:9)")
    assert "Set the date and the time of this computer" in explain(error)


def test_an_address_that_is_a_web_page(answers: dict[str, object]) -> None:
    answers |= {"type": "text/html", "body": "<!doctype html><title>Welcome</title>"}
    check = one("provider", "model_checks")
    assert check.state == "FIX"
    assert check.text.endswith("answers with a web page, not with models")
    assert check.fix == "Correct OPENAI_BASE_URL; it often ends in /v1."


def test_a_wrong_key(answers: dict[str, object]) -> None:
    message = f"Incorrect API key provided: {KEY}."
    error = {"message": message, "type": "invalid_request_error", "code": "invalid_api_key"}
    answers |= {"status": 401, "body": json.dumps({"error": error})}
    check = one("provider", "model_checks")
    assert check.state == "FIX"
    assert "does not know this API key (401)" in check.text
    assert "Make a new key" in check.fix
    assert "D0ctor" not in str(check)


def test_a_provider_that_cannot_be_reached(
    answers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:  # bound but not listening, so connections are refused
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        check = one("provider", "model_checks")
    assert check.state == "FIX"
    assert "Nothing answers at" in check.text


def test_each_wrong_setting_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-...")
    assert [check.name for check in doctor.all_checks() if check.state == "FIX"].count("key") == 1
    assert list(doctor_calls.model_checks()) == []
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("PROVIDER", "nobody")
    assert only("settings", "model_checks")[0] == "FIX"


# The computer


@pytest.mark.parametrize(
    ("year", "state"), [(1970, "FIX"), (2025, "FIX"), (2027, "OK"), (2099, "FIX")]
)
def test_the_clock(year: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.datetime(year, 6, 1).timestamp()
    monkeypatch.setattr(time, "time", lambda: now)
    check = one("clock", "computer_checks")
    assert check.state == state
    assert ("Set the date and the time" in check.fix) == (state == "FIX")


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("disk", "computer_checks")[0] == "OK"
    monkeypatch.setattr(computer, "LOW_DISK", 10**18)
    check = one("disk", "computer_checks")
    assert check.state == "FIX"
    assert check.fix.startswith("Delete what you do not need")


# In a notebook


def test_without_a_notebook_the_table_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert package.__all__ == ["check_key", "health_check"]
    assert package.health_check() == ["practice model"]  # not fetched into this folder
    printed = capsys.readouterr().out
    assert "FIX   practice model  Qwen2.5-Coder-0.5B-Instruct is not fetched yet" in printed
    assert "1 to fix." in printed


def test_in_a_notebook_it_is_a_table_with_words_for_states(project: Path) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY='{KEY}<b>'\n", "utf-8")
    code = "from doctor import health_check\nprint(health_check())"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    resources = {"metadata": {"path": str(project)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    table, printed = notebook.cells[0].outputs
    assert "'key'" in printed.text
    rows = re.findall(r"<tr>(.*?)</tr>", table.data["text/html"])
    [key] = [row for row in rows if '<th scope="row" style="text-align: left">key</th>' in row]
    assert ">FIX</td>" in key
    assert "OPENAI_API_KEY is set, but it is the example text" in key
    assert "FIX   key" in table.data["text/plain"]
    assert all(any(f">{state}</td>" in row for state in ("OK", "look", "FIX")) for row in rows[1:])
    assert "D0ctor" not in str(notebook)


def test_a_table_escapes_what_it_shows() -> None:
    shown = tables.as_html("a < b", ["<i>"], [["<script>", "&"]])
    assert "<script>" not in shown
    assert "<i>" not in shown
    assert "a &lt; b" in shown
    assert "&amp;</td>" in shown
