"""What every test and every notebook of a test run shares: practice mode, and no way out.

At the top of the checkout, so that it also serves the notebooks, which nbval collects.
"""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parent
GUARD = ROOT / "tests" / "guard"
OURS = ("OPENAI_", "FIRST_CALL_", "PRACTICE_", "PROVIDER", "PYTHONWARNINGS", "KIT_LANG")


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before anything is collected: kernels and services inherit it."""
    home = Path(tempfile.mkdtemp(prefix="first-call-test-"))
    worker = getattr(config, "workerinput", None)
    if worker is None:
        # Ended from outside (a time limit), the run still stops its service.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from practice.process.models import default_model

        # Known before the home is another one; the workers of xdist are told.
        found = (str(home / "guard.txt"), str(_model(config) or ""), str(default_model().path))
    else:
        found = worker["first_call"]
    guard, model, default = found
    config.stash[_FOUND], config.stash[_HOME] = found, home
    config.stash[_GUARD], config.stash[_DEFAULT] = Path(guard), Path(default)
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ |= {
        "FIRST_CALL_MODE": "practice",
        "FIRST_CALL_HOME": str(home),
        "FIRST_CALL_GUARD": guard,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")])),
        "IPYTHONDIR": str(home / "ipython"),  # nobody's start-up files
    }
    if model:
        os.environ["PRACTICE_MODEL"] = model
    runpy.run_path(str(GUARD / "sitecustomize.py"))  # this process has started without it


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist what only this process could find out."""
    node.workerinput["first_call"] = node.config.stash[_FOUND]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with lint, types and the layout: they take seconds, and one of them may be red."""
    first = ("test_repo.py", "test_house.py")
    items.sort(key=lambda item: item.path.name not in first)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give the kernel of a notebook the language of its folder, as the build did; tests English."""
    chinese = item.path.suffix == ".ipynb" and "zh-CN" in item.path.parts
    os.environ["KIT_LANG"] = "zh-CN" if chinese else "en"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the service of this run and remove its folder."""
    home = config.stash.get(_HOME, None)
    if home is None:
        return
    from practice.process import launcher

    launcher.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run when any of its processes tried to leave this computer."""
    report = session.config.stash[_GUARD]
    if report.exists():
        lines = report.read_text("utf-8").splitlines()
        print("\nA test tried to leave this computer:", *sorted(set(lines))[:10], sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def service() -> object:
    """The practice service of this run."""
    from practice.process import launcher

    return launcher.ensure_running()


@pytest.fixture(scope="session")
def default_model_file(pytestconfig: pytest.Config) -> Path:
    """The weights of the default model, on which the lessons' outputs were made."""
    file = pytestconfig.stash[_DEFAULT]
    if not file.exists():
        missing(f"{file.name} is not here: python -m practice fetch")
    return file


def need(tool: str, why: str) -> str:
    """Return the path of a program, or skip with the reason; in CI a skip is a failure."""
    found = shutil.which(tool)
    if found is None:
        missing(f"{tool} is not installed: {why}")
    return found


def missing(reason: str) -> NoReturn:
    """Skip with the reason; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


_HOME = pytest.StashKey[Path]()
_DEFAULT = pytest.StashKey[Path]()
_GUARD = pytest.StashKey[Path]()
_FOUND = pytest.StashKey[tuple[str, str, str]]()


def _model(config: pytest.Config) -> Path | None:
    """The weights of this user, so that a test run does not fetch its own.

    Notebooks run on the model that is chosen, the tests of the code on the small one, which is
    four times as fast: what the default model answers is the business of test_standard.py.
    """
    from practice.process.models import chosen, practice_models

    of_notebooks = config.getoption("nbval", False) or config.getoption("nbval_lax", False)
    path = (chosen() if of_notebooks else practice_models()["small"]).path
    return path if path.exists() else None
