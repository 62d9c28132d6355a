"""`python3 kit.py doctor`: every trap a learner meets is planted here, and has to be found."""

from __future__ import annotations

import datetime
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import doctor, doctor_calls
from helpers.config import NAMES
from helpers.session import PRACTICE_NAMES
from practice import config, weights

KEY = "sk-" + "D0ctor" * 7
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A healthy project, in a folder with spaces and Chinese characters."""
    root = tmp_path / "第一次 first call"
    (root / "notebooks").mkdir(parents=True)
    for name in ("requirements.txt", ".gitignore"):
        shutil.copy(doctor.ROOT / name, root)
    (root / ".env").write_text("# nothing\n")
    names = [*NAMES, *PROXIES, *(name.lower() for name in PROXIES), "REQUEST_METHOD"]
    for name in (*names, *PRACTICE_NAMES):
        monkeypatch.setenv(name, "")  # so that what the doctor sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(doctor, "ROOT", root)
    monkeypatch.chdir(root)
    return root


def found(name: str, group: str = "") -> list[doctor.Check]:
    """Return the checks called `name`, of one group or of all."""
    checks = getattr(doctor, group)() if group else doctor.all_checks()
    return [check for check in checks if check.name == name]


def only(name: str, group: str) -> tuple[str, str]:
    """Return the state and the text of the first check called `name` that is not in order."""
    checks = found(name, group)
    check = next((check for check in checks if check.state != "✓"), checks[0])
    assert bool(check.fix) == (check.state != "✓") or check.name in ("model", "practice model")
    return check.state, check.text


# The table


def test_the_table_and_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, look = doctor.Check("✓", "one", "fine"), doctor.Check("!", "two", "odd", "Look.")
    monkeypatch.setattr(doctor, "GROUPS", (lambda: iter([good, look]),))
    assert doctor.doctor() == 0
    monkeypatch.setattr(
        doctor, "GROUPS", (lambda: iter([good, doctor.Check("✗", "three", "bad", "Mend it.")]),)
    )
    assert doctor.doctor() == 1
    printed = capsys.readouterr().out
    assert "!  two  odd\n        -> Look.\n" in printed
    assert "✗  three  bad\n          -> Mend it.\n\n1 to fix." in printed


def test_a_check_that_fails_itself_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_checks() -> Iterator[doctor.Check]:
        raise RuntimeError("not shown: " + KEY)
        yield

    monkeypatch.setattr(doctor, "GROUPS", (disk_checks,))
    assert list(doctor.all_checks()) == [
        doctor.Check("!", "disk", "could not be checked (RuntimeError)")
    ]


def test_it_runs_as_a_program_and_never_shows_the_key(project: Path) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY='“{KEY}”'\n", "utf-8")
    environment = os.environ | {"OPENAI_API_KEY": KEY + "\n", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "helpers.doctor"],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 1
    assert "✗  key" in done.stdout
    assert "a line break at an end" in done.stdout
    assert "D0ctor" not in done.stdout + done.stderr
    assert done.stderr == ""


# Python, environment, packages, kernel


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST", (3, 99))
    assert only("Python", "python_checks")[0] == "✗"


def test_the_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    assert only("environment", "python_checks")[0] == "!"
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    assert only("environment", "python_checks")[0] == "✓"
    monkeypatch.delenv("CONDA_PREFIX")
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    assert only("environment", "python_checks")[0] == "✓"


def test_packages(project: Path) -> None:
    assert only("packages", "python_checks") == ("✓", "all installed")
    with (project / "requirements.txt").open("a") as file:
        file.write("no-such-package>=1,<2\nopenai>=0.1,<3.1\npydantic>=9\nstarlette==0.1\n")
        file.write('elsewhere-only==1; sys_platform == "plan9"\nnot-here<1; python_version > "3"\n')
    state, text = only("packages", "python_checks")
    assert state == "✗"
    for name in ("no-such-package is missing", "openai is 3.", "pydantic is 2", "starlette is "):
        assert name in text
    assert list(doctor.wrong_packages(project / "requirements.txt"))[4:] == ["not-here is missing"]


def test_a_kernel_of_another_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("kernel", "python_checks")[0] == "✓"
    spec = project / "share" / "kernels" / "python3"
    spec.mkdir(parents=True)
    other = {"argv": ["/elsewhere/bin/python", "-m", "x"], "display_name": "P", "language": "p"}
    (spec / "kernel.json").write_text(json.dumps(other))
    monkeypatch.setenv("JUPYTER_PATH", str(project / "share"))
    assert only("kernel", "python_checks") == ("✗", "Python 3 is /elsewhere/bin/python")


# .env


@pytest.mark.parametrize(
    ("raw", "state", "text"),
    [
        (b"OPENAI_MODEL=x\r\n", "✓", "sets OPENAI_MODEL"),
        (b"\xef\xbb\xbfOPENAI_MODEL=x\n", "!", "byte order mark"),
        ("OPENAI_MODEL=x\n".encode("utf-16"), "!", "UTF-16"),
        ("# 设置".encode("gb18030"), "✗", "not saved as UTF-8"),
        (b"OPENAI_MODEL\n", "✗", "Line 1 of .env is about OPENAI_MODEL"),
    ],
)
def test_how_env_is_saved(project: Path, raw: bytes, state: str, text: str) -> None:
    (project / ".env").write_bytes(raw)
    got = only(".env", "file_checks")
    assert got[0] == state
    assert text in got[1]


@pytest.mark.parametrize("name", list(doctor.MISPLACED))
def test_env_in_the_wrong_place(project: Path, name: str) -> None:
    assert found(name, "file_checks") == []
    (project / name).write_text("OPENAI_MODEL=x\n")
    assert only(name, "file_checks")[0] == "✗"


def test_env_that_git_would_take(project: Path) -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git is not installed")
    assert found("git", "file_checks") == []
    subprocess.run([git, "init", "-q"], cwd=project, check=True)
    assert only("git", "file_checks")[0] == "✓"
    (project / ".gitignore").unlink()
    assert only("git", "file_checks") == ("✗", "would add .env")
    subprocess.run([git, "add", ".env"], cwd=project, check=True)
    assert only("git", "file_checks") == ("✗", "has .env in it")


@pytest.mark.skipif(os.name == "nt", reason="modes are a POSIX matter")
def test_a_key_that_others_can_read(project: Path) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    (project / ".env").chmod(0o644)
    assert only(".env", "file_checks") == ("!", "others on this computer can read it")
    (project / ".env").chmod(0o600)
    assert only(".env", "file_checks")[0] == "✓"


# The key, the address, proxies


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} ", f"“{KEY}”", "密钥" + KEY, "sk-...", "ke y"])
def test_keys_that_cannot_be_keys(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    state, text = only("key", "settings_checks")
    assert state == "✗"
    assert KEY not in text


def test_two_keys(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert only("key", "settings_checks") == ("✓", "set in .env, not shown")
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "2")
    assert only("key", "settings_checks")[0] == "!"


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("", "✗"),
        (" ", "✗"),
        ("api.openai.com/v1", "✗"),
        ("https://api.example/v1/chat/completions", "✗"),
        ("https://platform.openai.com/docs", "✗"),
        ("https://example.com/start.html", "✗"),
        ("https://api.example/v1", "✓"),
        ("http://localhost:11434/v1", "✓"),
    ],
)
def test_the_base_url(url: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert only("base URL", "settings_checks")[0] == state


def test_an_empty_base_url_in_env(project: Path) -> None:
    (project / ".env").write_text("OPENAI_BASE_URL=\n")
    assert only("base URL", "settings_checks")[0] == "!"


@pytest.mark.parametrize(
    ("name", "address", "state"),
    [
        ("HTTP_PROXY", "http://user:secret@proxy.example:1", "!"),
        ("https_proxy", "proxy.example:1", "!"),
        ("ALL_PROXY", "gopher://proxy.example:1", "✗"),
        ("ALL_PROXY", "socks4://proxy.example:1", "✗"),
    ],
)
def test_proxies(name: str, address: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, address)
    got, text = only("proxy", "settings_checks")
    assert got == state
    assert "secret" not in text


def test_a_proxy_that_leaves_this_computer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert only("proxy", "settings_checks") == ("✓", "HTTP_PROXY")


def test_a_socks_proxy_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert only("proxy", "settings_checks")[0] == "✓"
    monkeypatch.setitem(sys.modules, "socksio", None)
    assert only("proxy", "settings_checks") == ("✗", "ALL_PROXY needs the package socksio")


# Practice mode


def plant_model(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "MODEL_SIZE", 8)
    path = config.model_path()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"G" * size)


def test_the_practice_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not fetched yet" in only("practice model", "practice_checks")[1]
    plant_model(7, monkeypatch)
    assert "wrong size" in only("practice model", "practice_checks")[1]
    plant_model(8, monkeypatch)
    assert "wrong checksum" in only("practice model", "practice_checks")[1]
    right = "bf5466e9d6d1ac4ee8d9b44b2b9dfd9cf1aa8d4ccdf2eb4dd9fbf7ef4ac4c6c9"
    monkeypatch.setattr(weights, "_sha256", lambda _: right)
    monkeypatch.setattr(weights, "MODEL_SHA256", right)
    assert only("practice model", "practice_checks")[0] == "✓"


def test_a_model_that_env_names(project: Path) -> None:
    other = project / "own.gguf"
    other.write_bytes(b"GGUF....")
    (project / ".env").write_text(f"PRACTICE_MODEL={other}\n", "utf-8")
    assert only("practice model", "practice_checks") == ("✓", f"{other}, your own")
    other.write_bytes(b"zip")
    state, text = only("practice model", "practice_checks")
    assert state == "✗"
    assert "not a GGUF file" in text


def test_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("service", "practice_checks") == ("✓", "not running; a lesson starts it")
    dead = {"pid": 2**22 + 1, "port": 9, "key": "k", "model": "m", "started": 1, "version": "0"}
    file = doctor_calls.state.path()
    file.parent.mkdir()
    file.write_text(json.dumps(dead))
    assert only("service", "practice_checks")[0] == "!"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert only("service", "practice_checks")[0] == "✗"


# The learner's own service


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """A service on this computer that answers GET /models with what the test says."""
    said: dict[str, object] = {"status": 200, "type": "application/json", "body": ""}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = str(said["body"]).encode()
            self.send_response(int(str(said["status"])))
            self.send_header("Content-Type", str(said["type"]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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
    assert only("model", "model_checks") == ("✓", "practice mode, smollm2-135m-instruct")


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (None, "✓"),
        (str(in_days(200)), "✓"),
        (str(in_days(30)) + "T00:00:00Z", "!"),
        (str(in_days(-1)), "✗"),
        (time.time() - 86_400 * 3, "✗"),
        ("no date", "✓"),
    ],
)
def test_the_last_day_of_a_model(answers: dict[str, object], end: object, state: str) -> None:
    answers["body"] = model(shutdown_date=end)
    assert only("model", "model_checks")[0] == state


def test_a_model_that_is_not_listed(
    answers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers["body"] = model()
    monkeypatch.setenv("OPENAI_MODEL", "gpt-3.5-turbo")
    assert only("model", "model_checks")[0] == "!"
    monkeypatch.setenv("PROVIDER", "openai")
    assert only("model", "model_checks")[0] == "✗"


def test_an_address_that_is_a_web_page(answers: dict[str, object]) -> None:
    answers |= {"type": "text/html", "body": "<!doctype html><title>Welcome</title>"}
    state, text = only("model", "model_checks")
    assert state == "✗"
    assert text.endswith("answers with a web page, not with models")


def test_a_wrong_key(answers: dict[str, object]) -> None:
    message = f"Incorrect API key provided: {KEY}."
    error = {"message": message, "type": "invalid_request_error", "code": "invalid_api_key"}
    answers |= {"status": 401, "body": json.dumps({"error": error})}
    state, text = only("model", "model_checks")
    assert state == "✗"
    assert "key" in text
    assert KEY not in text


def test_each_wrong_setting_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-...")
    assert [check.name for check in doctor.all_checks() if check.state == "✗"].count("key") == 1
    assert list(doctor.model_checks()) == []
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("PROVIDER", "nobody")
    assert only("settings", "model_checks")[0] == "✗"


# The computer


@pytest.mark.parametrize(("year", "state"), [(1970, "✗"), (2025, "✗"), (2027, "✓"), (2099, "✗")])
def test_the_clock(year: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.datetime(year, 6, 1).timestamp()
    monkeypatch.setattr(time, "time", lambda: now)
    assert only("clock", "computer_checks")[0] == state


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("disk", "computer_checks")[0] == "✓"
    monkeypatch.setattr(doctor, "LOW_DISK", 10**18)
    assert only("disk", "computer_checks")[0] == "✗"
