"""A file written whole or not at all, and read only where it is a file."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path


def read_file(path: Path) -> bytes:
    """Return what a file holds. Raises OSError also for what is none: a pipe would never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return path.read_bytes()


def try_to_write(folder: Path, size: int) -> None:
    """Write ``size`` bytes into a folder and delete them again. Raises OSError."""
    import tempfile

    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file as UTF-8: whoever reads it sees the old one or the new one, never a part.

    Line ends stay as they are. Raises OSError, and then the old file is still there.
    """
    import tempfile  # late: every notebook imports this package

    # mkstemp gives mode 0600 from the first byte on.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
