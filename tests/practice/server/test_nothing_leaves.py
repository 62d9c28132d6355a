"""What the service asks of the system, seen from outside: it reaches nobody, writes in its folder.

The guard of the tests sees the connections of Python alone. `strace` sees those of compiled
libraries as well: onnxruntime, for one, can report to its maker (practice/eye/runtime.py).
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from conftest import ROOT, missing, need
from practice.process import launcher
from practice.server.app import create_app

CALLS = "connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2"
PICTURES = ROOT / "notebooks" / "pictures"
PLAN = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


@dataclass
class Asked:
    """What a service under watch was asked for, and what it did."""

    routes: dict[str, int]  # path of the route -> status
    trace: list[str]
    home: Path
    kit: Path


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """A service in a home of its own that was asked at every address, pictures included."""
    strace = need("strace", "it shows what the service does, compiled libraries included")
    probe = subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, text=True)
    if probe.returncode != 0:  # a container may forbid it
        missing(f"strace may not watch here: {probe.stderr.strip()}")
    folder = tmp_path_factory.mktemp("watched")
    home, kit, trace = folder / "home", folder / "kit", folder / "trace"
    for made in (home, kit):
        made.mkdir()
    places = {
        "HOME": home,
        "XDG_CACHE_HOME": home / "cache",
        "TMPDIR": home,
        "FIRST_CALL_HOME": kit,
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "ORT_"))
        and not name.lower().endswith("_proxy")
        and name != "CI"  # where onnxruntime is quiet by itself
    }
    command = [strace, "-f", "--seccomp-bpf", "-s", "300", "-o", str(trace), "-e", f"trace={CALLS}"]
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    with subprocess.Popen(
        [*command, sys.executable, "-B", "-P", "-c", launcher._BOOT, str(ROOT), "--port", "0"],
        env=kept | {name: str(place) for name, place in places.items()},
        cwd=kit,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=log,
    ) as watched:
        os.close(log)
        try:
            state = started(kit, watched, folder / "log")
            routes = every_address(state["port"], state["key"])
            os.kill(state["pid"], signal.SIGTERM)
            watched.wait(60)
        finally:
            if watched.poll() is None:
                os.killpg(watched.pid, signal.SIGKILL)
    return Asked(routes, trace.read_text("utf-8", "replace").splitlines(), home, kit)


def started(kit: Path, watched: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """What the state file holds, once the service has written it."""
    for _ in range(900):
        for file in kit.glob("service-*.json"):
            found: dict[str, Any] = json.loads(file.read_bytes())
            return found
        assert watched.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.1)
    raise AssertionError("not started: " + log.read_text("utf-8", "replace"))


def every_address(port: int, key: str) -> dict[str, int]:
    """Ask at every address of the service; return the status of each route."""
    statuses: dict[str, int] = {}

    def ask(route: str, method: str = "GET", body: Any = None, path: str = "") -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=150)
        sent = json.dumps(body) if isinstance(body, dict) else body
        headers = {"authorization": f"Bearer {key}", "origin": f"http://127.0.0.1:{port}"}
        connection.request(method, path or route, sent, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        statuses[route] = max(reply.status, statuses.get(route, 0))
        return text

    def chat(content: Any, **more: Any) -> None:
        body = {"model": named, "messages": [{"role": "user", "content": content}]}
        ask("/v1/chat/completions", "POST", body | {"max_completion_tokens": 12} | more)

    ask("/")
    ask("/health")
    ask("/cards")
    ask("/cards.json")
    named = json.loads(ask("/v1/models"))["data"][0]["id"]
    ask("/v1/models/{name:path}", path=f"/v1/models/{named}")
    ask("/v1/completions", "POST", {"prompt": "Hello"})
    chat("Say hello.")
    chat("Say hello.", stream=True)
    form = {"name": "a", "strict": False, "schema": PLAN}
    chat("A number", response_format={"type": "json_schema", "json_schema": form})
    tool = {"type": "function", "function": {"name": "look_up", "parameters": PLAN}}
    chat("Look up 5", tools=[tool])
    for name in ("receipts/receipt-01.png", "cat.jpg"):
        raw = base64.b64encode((PICTURES / name).read_bytes()).decode()
        url = f"data:image/{name[-3:].replace('jpg', 'jpeg')};base64,{raw}"
        chat([{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": url}}])
    asking = {"model": named, "input": "Say hello.", "max_output_tokens": 16}
    kept = json.loads(ask("/v1/responses", "POST", asking))["id"]
    ask("/v1/responses/input_tokens", "POST", asking)
    ask("/v1/responses/{name}/input_items", path=f"/v1/responses/{kept}/input_items")
    ask("/v1/responses/{name}", path=f"/v1/responses/{kept}")
    ask("/v1/responses/{name}", "DELETE", path=f"/v1/responses/{kept}")
    token = re.search(r'name="token" value="([^"]+)"', ask("/usage"))
    assert token
    ask("/usage/credit", "POST", f"token={token[1]}&do=top-up")
    time.sleep(1)  # for what a library would send in the background
    return statuses


def test_every_address_was_asked(asked: Asked) -> None:
    app = create_app(None, key="k" * 20, on_activity=lambda: None, ledger=object())  # type: ignore[arg-type]
    known = {route.path for route in app.routes if isinstance(route, Route)}
    assert set(asked.routes) == known
    refused = {route for route, status in asked.routes.items() if status >= 400}
    assert refused == {"/v1/completions"}  # which says where to ask instead


def test_every_connection_stays_on_this_computer(asked: Asked) -> None:
    addressed = [line for line in asked.trace if re.search(r"sa_family=AF_(?!NETLINK)", line)]
    local = re.compile(
        r'inet_addr\("127\.[\d.]+"\)|inet_pton\(AF_INET6, "::1"|'
        r'sun_path="(/var)?/run/nscd/socket"'  # the C library asks for the user's name
    )
    assert [line for line in addressed if not local.search(line)] == []
    # The names of other computers are asked for by reading these.
    asking = re.compile(r'"/etc/(resolv\.conf|hosts)"')
    assert [line for line in asked.trace if asking.search(line)] == []


def test_no_file_is_written_outside_its_folder(asked: Asked) -> None:
    assert [file.relative_to(asked.home).as_posix() for file in asked.home.rglob("*")] == []
    writing = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|\b(mkdir|mkdirat|creat|rename\w*)\(")
    allowed = re.compile(rf'"({re.escape(str(asked.kit))}|/dev/|/proc/self/)')
    done = [line for line in asked.trace if writing.search(line)]
    assert any("ledger.sqlite3" in line for line in done)  # the watch does see what is written
    assert [line for line in done if not allowed.search(line)] == []
