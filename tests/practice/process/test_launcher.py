"""The launcher and the service process, with real processes and a stand-in for the model."""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from conftest import ROOT
from practice import __main__ as cli
from practice.process import config, launcher, state
from practice.process.config import PracticeError
from practice.server import log, serve

posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals")

HEADER = b"GGUF\x03\0\0\0" + (2).to_bytes(8, "little")

# The real service, with an engine that loads nothing and an application of a few lines.
BOOT = launcher._BOOT
FAKE_BOOT = (
    BOOT.partition("from practice.server.serve")[0]
    + """
import asyncio, json, os, time
import practice.server.serve as serve
class Engine:
    def close(self): pass
def load(model):
    behaviour = model.read_bytes()[16:]
    if behaviour == b"broken": raise RuntimeError("not a model")
    if behaviour == b"slow": time.sleep(60)
    return Engine()
def build(engine, key, touch, *, any_host, for_others, ledger):
    async def app(scope, receive, send):
        if scope["type"] != "http": raise RuntimeError
        if scope["path"] == "/fail": raise ValueError("SECRET PROMPT")
        if scope["path"] != "/health": touch()
        if scope["path"] == "/slow": await asyncio.sleep(1.5)
        body = json.dumps({"status": "ok", "pid": os.getpid(), "model": "fake",
            "file": practice.__file__}).encode()
        await send({"type": "http.response.start", "status": 200,
            "headers": [(b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})
    return app
serve.load_engine, serve.build_app, serve._WATCH_SECONDS = load, build, 0.1
if os.environ.get("TEST_FILES"):
    import resource
    files = int(os.environ["TEST_FILES"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if os.environ.get("TEST_NO_ROOM"): serve.connections.make_room = lambda: None
serve._GRACE_SECONDS = int(os.environ.get("TEST_GRACE", 3))
serve.main()
"""
)

# A second program that does what a notebook does, started at a given moment.
NOTEBOOK = """
import sys, time
sys.path.insert(0, sys.argv[1])
from practice.process import launcher
launcher._BOOT = open(sys.argv[2], encoding="utf-8").read()
time.sleep(max(0, float(sys.argv[3]) - time.time()))
service = launcher.ensure_running(timeout=20)
print(service.pid, service.base_url)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for each test, and the end of every service started in it."""
    folder = tmp_path / "my 家 folder"
    model = tmp_path / "model.gguf"
    model.write_bytes(HEADER)
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("PRACTICE_MODEL", str(model))
    monkeypatch.delenv("PRACTICE_KEY", raising=False)
    monkeypatch.delenv("FIRST_CALL_IDLE", raising=False)
    monkeypatch.setattr(launcher, "_BOOT", FAKE_BOOT)
    started: list[int] = []
    spawn = launcher._start

    def remember(*arguments: object) -> launcher.Service:
        service = spawn(*arguments)  # type: ignore[arg-type]
        started.append(service.pid)
        return service

    monkeypatch.setattr(launcher, "_start", remember)
    yield folder
    named = state.read()
    for pid in {*started, *([named["pid"]] if named else [])}:
        if launcher._is_our_process(pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def start() -> launcher.Service:
    return launcher.ensure_running(timeout=20)


def port_of(service: launcher.Service) -> int:
    return int(service.base_url.rsplit(":", 1)[1].removesuffix("/v1"))


def get(service: launcher.Service, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(service), timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def wait_for(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


def gone(pid: int) -> bool:
    return not launcher._is_our_process(pid)


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


# --- one service -----------------------------------------------------------------------------


def test_start_find_stop() -> None:
    assert launcher.find() is None
    service = start()
    assert launcher.find() == service
    assert start() == service
    assert service.model == "fake"
    assert get(service, "/anything") == 200
    assert launcher.stop()
    assert launcher.find() is None
    assert not state.path().exists()
    assert gone(service.pid)
    assert not launcher.stop()


@posix
def test_the_key_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the-learners-own")
    service = start()
    assert len(service.key) >= 32
    assert service.key not in repr(service)
    assert state.path().stat().st_mode & 0o777 == 0o600
    assert state.log_path().stat().st_mode & 0o777 == 0o600
    assert config.home().stat().st_mode & 0o777 == 0o700
    assert service.key not in state.log_path().read_text()
    if sys.platform == "linux":
        process = Path(f"/proc/{service.pid}")
        assert service.key.encode() not in (process / "cmdline").read_bytes()
        environment = (process / "environ").read_bytes()
        assert service.key.encode() not in environment
        assert b"the-learners-own" not in environment


def test_the_log_keeps_no_prompt() -> None:
    service = start()
    assert get(service, "/fail") == 500
    file = state.log_path()
    assert wait_for(lambda: "ValueError" in file.read_text())
    assert "SECRET PROMPT" not in file.read_text()

    formatter = log.SafeFormatter(lambda line: line.replace("the-key", "[key]"))
    record = logging.LogRecord("x", logging.INFO, "", 1, "sent %s", ("the-key",), None)
    assert "the-key" not in formatter.format(record)


def test_threads_get_one_service() -> None:
    found: list[launcher.Service] = []
    threads = [threading.Thread(target=lambda: found.append(start())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_two_programs_at_the_same_instant(tmp_path: Path) -> None:
    boot = tmp_path / "boot.py"
    boot.write_text(FAKE_BOOT, encoding="utf-8")
    moment = time.time() + 0.7
    command = [sys.executable, "-c", NOTEBOOK, str(ROOT), str(boot), str(moment)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    answers = {program.communicate(timeout=30)[0] for program in programs}
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert len(answers) == 1
    service = launcher.find()  # it outlives the program that started it
    assert service is not None
    assert answers.pop().split()[0] == str(service.pid).encode()
    assert state.log_path().read_text().count("serving") == 1
    assert "ERROR" not in state.log_path().read_text()


@posix
def test_a_fork_finds_the_same_service(tmp_path: Path) -> None:
    service = start()
    boot = tmp_path / "boot.py"
    boot.write_text(FAKE_BOOT, encoding="utf-8")
    script = NOTEBOOK + "\nimport os\nif os.fork():\n    os.wait()\nprint(launcher.find().pid)"
    command = [sys.executable, "-c", script, str(ROOT), str(boot), "0"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    assert shown.split().count(str(service.pid)) >= 3


def test_checkout_path_with_spaces_and_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "第一次 call"
    shutil.copytree(ROOT / "practice", checkout / "practice")
    (checkout / "random.py").write_text("raise SystemExit('a file of the learner')")
    monkeypatch.setattr(
        launcher, "__file__", str(checkout / "practice" / "process" / "launcher.py"), raising=True
    )
    service = start()
    answer = state.health(port_of(service))
    assert answer is not None
    assert answer["file"] == str(checkout / "practice" / "__init__.py")


# --- replaced when dead ----------------------------------------------------------------------


@posix
def test_killed_service_is_replaced_on_its_port() -> None:
    first = start()
    os.kill(first.pid, signal.SIGKILL)
    second = start()
    assert second.pid != first.pid
    assert second.key != first.key
    assert second.base_url == first.base_url
    assert get(second, "/x") == 200


def test_the_next_service_takes_the_port_again() -> None:
    first = start()
    launcher.stop()
    assert start().base_url == first.base_url


@posix
def test_taken_port_is_left_alone() -> None:
    first = start()
    os.kill(first.pid, signal.SIGKILL)
    assert wait_for(lambda: is_free(port_of(first)))
    with foreign_server(port_of(first), b"HTTP/1.1 200 OK\r\n\r\n{}"):
        second = start()
        assert second.base_url != first.base_url
        assert get(second, "/x") == 200


@contextlib.contextmanager
def foreign_server(port: int, answer: bytes, drip: float = 0.0) -> Iterator[int]:
    """Another program's server, which sends the same bytes to everyone."""
    listener = socket.create_server(("127.0.0.1", port))

    def answer_all() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.recv(1000)
                for byte in answer:
                    connection.sendall(bytes([byte]))
                    time.sleep(drip)

    threading.Thread(target=answer_all, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff not http",
        b"HTTP/1.1 404 Not Found\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
        b'HTTP/1.1 200 OK\r\n\r\n["pid"]',
        b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 5000,
    ],
)
def test_foreign_answers_are_no_service(answer: bytes) -> None:
    with foreign_server(0, answer) as port:
        assert state.health(port) is None


def test_a_dripping_answer_has_a_bound() -> None:
    began = time.monotonic()
    with foreign_server(0, b"x" * 100, drip=0.1) as port:
        assert state.health(port, seconds=0.5) is None
    assert time.monotonic() - began < 5


OLD_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import practice; del sys.path[0]; "
    "from practice.serve import main; main()"
)


@pytest.mark.parametrize(
    ("arguments", "ours"),
    [
        (launcher._command(8765)[1:], True),
        (["-P", "-c", OLD_BOOT, "/kit", "--port", "0"], True),
        (["-m", "practice.server.serve"], True),
        (["-X", "utf8", "-m", "practice.serve", "--port", "1"], False),
        (["-Xutf8", "-m", "practice.serve", "--port", "1"], True),
        (["-c", f"{BOOT}; print()"], False),
        (["-c", "import practice.server.serve", "-m", "practice.server.serve"], False),
        (["-m", "pytest", "practice.server.serve"], False),
        (["-m", "practice"], False),
        (["learner.py", "-m", "practice.server.serve"], False),
        (["practice.server.serve"], False),
        (["-c"], False),
        ([], False),
    ],
)
def test_whose_command_line_it_is(
    arguments: list[str], ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_BOOT", BOOT)
    assert launcher._is_our_command([sys.executable, *arguments]) is ours


@pytest.mark.parametrize(
    ("arguments", "ours"),
    [
        (["-m", "practice.serve"], True),
        (["-c", "import time; time.sleep(60)", "-m", "practice.serve"], False),
        (["-c", "import time; time.sleep(60)  # practice.server.serve"], False),
    ],
    ids=["an old service", "after its program", "in its program"],
)
def test_only_a_service_that_does_not_answer_is_ended(
    home: Path, tmp_path: Path, arguments: list[str], ours: bool
) -> None:
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "serve.py").write_text("import time; time.sleep(60)")
    process = subprocess.Popen([sys.executable, *arguments], cwd=tmp_path)
    try:
        assert wait_for(lambda: sys.executable in psutil.Process(process.pid).cmdline()[:1])
        state.write(port=9, key="k", model="m")
        told = json.loads(state.path().read_text("utf-8"))
        state.path().write_text(json.dumps(told | {"pid": process.pid}), "utf-8")
        assert launcher.stop() is ours
        if ours:
            process.wait(5)
        else:
            assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_reused_process_id_is_not_killed(home: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with foreign_server(0, b"HTTP/1.1 200 OK\r\n\r\n{}") as port:
            home.mkdir()
            state.path().write_text(json.dumps({"pid": bystander.pid, "port": port, "key": "k"}))
            assert start().pid != bystander.pid
            assert bystander.poll() is None
            assert launcher.stop()
            state.path().write_text(json.dumps({"pid": bystander.pid, "port": port, "key": "k"}))
            assert not launcher.stop()
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\x00\xff\xfe",
        b"null",
        b"[" * 200_000,
        b'{"pid": -1}',
        b'{"pid": "1", "port": 1, "key": "k"}',
        b'{"pid": 1, "port": 99999, "key": "k"}',
    ],
    ids=lambda content: content[:12],
)
def test_corrupt_state_file(content: bytes, home: Path) -> None:
    home.mkdir()
    state.path().write_bytes(content)
    assert launcher.find() is None
    assert not launcher.stop()


def test_a_service_whose_state_file_is_damaged_ends_and_is_replaced() -> None:
    first = start()
    state.path().write_bytes(b"\x00")
    second = start()
    assert second.pid != first.pid
    assert wait_for(lambda: gone(first.pid))
    assert launcher.find() == second


def test_a_service_whose_state_file_is_gone_ends() -> None:
    service = start()
    state.path().unlink()
    assert wait_for(lambda: gone(service.pid))


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs another owner")
def test_state_file_of_another_user_is_not_believed() -> None:
    service = start()
    os.chown(state.path(), 12345, -1)
    assert launcher.find() is None
    os.chown(state.path(), 0, -1)
    assert launcher.find() == service


@posix
def test_suspended_service_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "HEALTH_SECONDS", 0.3)
    first = start()
    os.kill(first.pid, signal.SIGSTOP)
    assert launcher.find() is None
    second = start()
    assert second.pid != first.pid
    assert second.base_url == first.base_url
    assert wait_for(lambda: gone(first.pid))


@posix
def test_stop_ends_a_suspended_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "HEALTH_SECONDS", 0.3)
    service = start()
    os.kill(service.pid, signal.SIGSTOP)
    assert launcher.stop()
    assert wait_for(lambda: gone(service.pid))


def test_another_model_or_version_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start()
    other = tmp_path / "other.gguf"
    other.write_bytes(HEADER)
    monkeypatch.setenv("PRACTICE_MODEL", str(other))
    second = start()
    assert second.pid != first.pid
    monkeypatch.setattr(launcher, "__version__", "0.0.0")
    content = json.loads(state.path().read_text())
    assert content["model"] == str(other)
    assert not launcher._is_current(content)


# --- its end ---------------------------------------------------------------------------------


def test_idle_service_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_IDLE", "0.6")
    monkeypatch.setenv("TEST_GRACE", "0")
    service = start()
    assert get(service, "/slow") == 200  # longer than the limit, and not cut
    assert wait_for(lambda: gone(service.pid))
    assert not state.path().exists()
    assert "no request for" in state.log_path().read_text()


@posix
def test_sigterm_ends_it_cleanly_in_mid_reply() -> None:
    service = start()
    replies: list[int] = []
    client = threading.Thread(target=lambda: replies.append(get(service, "/slow")))
    client.start()
    time.sleep(0.3)
    os.kill(service.pid, signal.SIGTERM)
    assert wait_for(lambda: not state.path().exists())
    assert replies == []  # nobody new comes while the last reply is finished
    client.join(10)
    assert replies == [200]
    assert wait_for(lambda: gone(service.pid))
    assert "ended (told to)" in state.log_path().read_text()


# --- when it cannot start --------------------------------------------------------------------


def test_failure_while_starting_tells_why(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(HEADER + b"broken")
    with pytest.raises(PracticeError, match="could not be loaded") as caught:
        start()
    assert "the engine said: not a model" in state.log_path().read_text()
    assert str(state.log_path()) in str(caught.value)
    assert " ERROR " not in str(caught.value)
    assert caught.value.what.endswith("or of a kind that the engine does not know.")
    assert caught.value.fix.startswith("Correct PRACTICE_MODEL, or remove it")
    assert not state.failure_path().exists()


def test_a_projector_that_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").write_bytes(HEADER + b"broken")
    (tmp_path / "eye.gguf").write_bytes(HEADER)
    monkeypatch.setenv("PRACTICE_MMPROJ", str(tmp_path / "eye.gguf"))
    with pytest.raises(PracticeError, match=r"with the projector .*eye\.gguf") as caught:
        start()
    assert "remove PRACTICE_MMPROJ" in caught.value.fix


def test_too_little_memory_is_said_instead_of_a_killed_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lacking = FAKE_BOOT.replace(
        "serve.main()",
        "from practice.process import memory\nmemory.free_bytes = lambda: 1\nserve.main()",
    )
    monkeypatch.setattr(launcher, "_BOOT", lacking)
    with pytest.raises(PracticeError, match="of memory, and this computer has 0 MB free") as caught:
        start()
    assert caught.value.fix.startswith("Close other programs")


def test_failure_before_it_can_tell_is_read_from_the_log(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    state.write_failure(PracticeError("An earlier failure.", "Nothing."))
    monkeypatch.setattr(launcher, "_BOOT", "import a_package_that_is_not_there")
    with pytest.raises(
        PracticeError, match="No module named 'a_package_that_is_not_there'"
    ) as caught:
        start()
    assert "kit.py lab" in caught.value.fix
    assert str(state.log_path()) in caught.value.fix


@posix
def test_a_port_that_is_taken_is_said_in_two_sentences() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PracticeError) as caught:
            serve._listen(serve.Options(port=port))
    assert caught.value.what == f"Port {port} on 127.0.0.1 cannot be used (Address already in use)."
    assert caught.value.fix == "Choose another one with --port."


def test_start_has_a_bound(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(HEADER + b"slow")
    began = time.monotonic()
    with pytest.raises(PracticeError, match="not ready after 1 seconds"):
        launcher.ensure_running(timeout=1.0)
    assert time.monotonic() - began < 10


def test_unwritable_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(PracticeError, match="Set FIRST_CALL_HOME"):
        start()
    if hasattr(os, "getuid") and os.getuid() != 0:  # root may write anywhere
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        monkeypatch.setenv("FIRST_CALL_HOME", str(closed))
        with pytest.raises(PracticeError, match="Set FIRST_CALL_HOME"):
            start()


def test_long_log_is_emptied(home: Path) -> None:
    home.mkdir()
    state.log_path().write_bytes(b"x" * (state.LOG_LIMIT + 1))
    start()
    assert state.log_path().stat().st_size < 10_000


def test_the_log_is_short_while_the_service_runs(home: Path) -> None:
    service = start()
    with state.log_path().open("ab") as file:  # as the engine writes it, past our own lines
        file.write(b"x" * (state.LOG_LIMIT + 1))
    assert wait_for(lambda: state.log_path().stat().st_size < 10_000)
    assert wait_for(lambda: "was emptied" in state.log_path().read_text("utf-8"))
    assert get(service, "/health") == 200
    for _ in range(300):
        with socket.create_connection(("127.0.0.1", port_of(service)), timeout=5) as bad:
            bad.sendall(b"no request\r\n\r\n")
            bad.recv(1000)
    assert state.log_path().read_text("utf-8").count("Invalid HTTP request") == 1


def test_another_s_file_is_not_emptied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m practice serve 2> mine.log`: that file is not ours to empty."""
    other = tmp_path / "mine.log"
    other.write_bytes(b"x" * (state.LOG_LIMIT + 1))
    home.mkdir(exist_ok=True)
    state.log_path().touch()
    with other.open("a") as file:
        monkeypatch.setattr(sys, "stderr", file)
        log.keep_short()
    assert other.stat().st_size > state.LOG_LIMIT


# --- no file descriptor left ------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("room", [True, False])
def test_a_service_without_file_descriptors_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    """Even where more connections are let in than the system allows."""
    monkeypatch.setenv("TEST_FILES", "80")
    if not room:
        monkeypatch.setenv("TEST_NO_ROOM", "1")
    service = start()
    waiting = [
        socket.create_connection(("127.0.0.1", port_of(service)), timeout=5) for _ in range(120)
    ]
    time.sleep(1.0)  # ten looks at the state file
    if room:
        assert get(service, "/health") == 200
    for connection in waiting:
        connection.close()
    assert wait_for(lambda: state.health(port_of(service), 2.0) is not None)
    found = launcher.find()
    assert found is not None
    assert found.pid == service.pid


# --- the command line ------------------------------------------------------------------------


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status"]) == cli.NOT_RUNNING
    assert cli.main(["start"]) == 0
    assert cli.main(["status"]) == 0
    service = launcher.find()
    assert service is not None
    shown = capsys.readouterr().out
    assert service.base_url in shown
    assert service.key not in shown
    assert cli.main(["serve"]) == 1
    assert "already running" in capsys.readouterr().err
    assert cli.main(["stop"]) == 0


@pytest.mark.parametrize("key", ["short", "with spaces in the middle of it", "密钥" * 20])
def test_others_need_a_key_of_ones_choice(
    key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRACTICE_KEY", key)
    assert cli.main(["serve", "--host", "0.0.0.0"]) == 1
    shown = capsys.readouterr().err
    assert "PRACTICE_KEY" in shown
    assert key not in shown


def test_others_need_a_key_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRACTICE_KEY", "")
    assert cli.main(["serve", "--host", "0.0.0.0"]) == 1
    assert "so it needs keys" in capsys.readouterr().err


def test_idle_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, seconds in (("", 3600), ("90", 90), ("-1", 3600), ("x", 3600), ("nan", 3600)):
        monkeypatch.setenv("FIRST_CALL_IDLE", text)
        assert serve.idle_seconds() == seconds
