"""A folder on the web, as far as this computer reaches."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from practice.process.language import gettext as _

from ..errors import FirstCallError


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Say nothing: a notebook shows it as an error."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_said: Any) -> None:
        """Say nothing where a reader has gone away."""


@contextlib.contextmanager
def serve_folder(path: str | Path) -> Iterator[str]:
    """Serve the files of a folder over HTTP during a block, and give its address.

    ::

        with serve_folder("pictures") as url:
            part = image_part(url + "sign.png")

    The address starts with ``http://127.0.0.1:`` and ends with ``/``; only programs on this
    computer reach it. Raises FirstCallError when ``path`` is no folder.
    """
    folder = Path(path).absolute()  # the block may go to another folder
    if not folder.is_dir():
        raise FirstCallError(
            _("There is no folder {folder} to serve.").format(folder=Path(path)),
            _("Look at its name: it counts from the notebook's folder."),
        )
    server = _Server(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
