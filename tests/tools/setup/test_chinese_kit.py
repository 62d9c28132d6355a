"""kit.py in Chinese: what it says, which lesson it opens, and what an old console makes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import kit
from conftest import ROOT
from practice.process import language
from tools import catalog
from tools.setup.commands import last
from tools.site import __main__ as site
from tools.site import pages

SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of what kit.py needs before anything is installed, under a Chinese user's name."""
    copy = tmp_path / "用户 小明" / "first-call"
    copy.mkdir(parents=True)
    for name in ("kit.py", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    for name in ("doctor", "practice", "tools"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def start(bare: Path, *words: str, encoding: str = "utf-8", **more: str) -> str:
    """Run kit.py with nothing installed and return what it prints; -I and -S: nobody's packages."""
    code = f"import sys, runpy; sys.path.insert(0, '.'); sys.argv = {['kit.py', *words]!r}; "
    code += "runpy.run_path('kit.py', run_name='__main__')"
    plain = {name: value for name, value in os.environ.items() if name not in SYSTEM}
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", code],
        cwd=bare,
        env=plain | {"KIT_LANG": "zh-CN", "PYTHONIOENCODING": encoding} | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    said = done.stderr.decode(encoding)
    assert "Traceback" not in said, said
    return done.stdout.decode(encoding) + said


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_before_anything_is_installed(bare: Path, encoding: str) -> None:
    said = start(bare, "doctor", encoding=encoding)
    assert "还没有创建" in said
    assert "-> 在终端里运行：python3 kit.py lab" in said
    assert "软件包装好之后，还会检查 key、代理、模型等。" in said
    assert "装好所需的一切" in start(bare, "--help", encoding=encoding)


def test_a_console_without_chinese_still_gets_the_table(bare: Path) -> None:
    assert "python3 kit.py lab" in start(bare, "doctor", encoding="ascii")


def test_english_where_nothing_is_chinese(bare: Path) -> None:
    said = start(bare, "doctor", KIT_LANG="", LANG="en_US.UTF-8")
    assert "FIX   environment  not made yet" in said
    assert "Run in a terminal: python3 kit.py lab" in said


def test_the_systems_language(bare: Path) -> None:
    assert "还没有创建" in start(bare, "doctor", KIT_LANG="", LANG="zh_CN.UTF-8")


def test_an_old_python_is_told_in_chinese(bare: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path('kit.py')"
    environment = os.environ | {"KIT_LANG": "zh-CN", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=bare, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 1
    said = done.stderr.decode("utf-8")
    assert said.startswith("First Call 需要 Python 3.11 或更新的版本；现在用的是 Python 3.8。")


@pytest.mark.parametrize(
    ("wish", "system", "built", "opened"),
    [
        ("zh-CN", "en_US.UTF-8", True, "notebooks/zh-CN/00_start_here.ipynb"),
        ("", "zh_CN.UTF-8", True, "notebooks/zh-CN/00_start_here.ipynb"),
        ("", "zh_CN.UTF-8", False, "notebooks/00_start_here.ipynb"),
        ("en", "zh_CN.UTF-8", True, "notebooks/00_start_here.ipynb"),
        ("", "en_US.UTF-8", True, "notebooks/00_start_here.ipynb"),
    ],
)
def test_lab_opens_the_lesson_in_the_language_of_the_user(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    wish: str,
    system: str,
    built: bool,
    opened: str,
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(kit, "ROOT", tmp_path)
    monkeypatch.setattr(kit, "run", lambda command, **_: seen.append(command) or 0)
    monkeypatch.setattr(kit, "set_up", lambda *_: "python")
    monkeypatch.setattr(kit, "sign_once", lambda *_: None)
    monkeypatch.setattr(kit, "copy_settings", lambda: None)
    for name in SYSTEM:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", system)
    monkeypatch.setenv("KIT_LANG", wish)
    if built:
        lesson = tmp_path / kit.FIRST_LESSON_IN_CHINESE
        lesson.parent.mkdir(parents=True)
        lesson.touch()
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / "notebooks")  # of English lessons: it is the user that counts
    assert kit.lab([]) == 0
    assert f"--LabApp.default_url=/lab/tree/{opened}" in seen[0]
    assert not [word for word in seen[0] if "locale" in word], "JupyterLab's own language"


def test_the_site_begins_in_the_language_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    both, english = [pages.ENGLISH, pages.CHINESE], [pages.ENGLISH]
    assert site.start_page(both) == site.SITE / "zh-CN" / "index.html"
    assert site.start_page(english) == site.SITE / "index.html"
    monkeypatch.setenv("KIT_LANG", "en")
    assert site.start_page(both) == site.SITE / "index.html"


def test_set_up_says_it_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    assert last("") == "没有任何输出"


def test_a_chinese_console_can_print_every_text() -> None:
    """GBK has no ✓: a text may only have what its English one has, too."""
    found = []
    for message in catalog.translated():
        english = message.id if isinstance(message.id, str) else "".join(message.id)
        for text in catalog._strings(message) if message.id else []:
            odd = {one for one in text if one.encode("gbk", "ignore") == b""} - {*english}
            found += [(text, unicodedata.name(one, one)) for one in odd]
    assert found == []


def test_a_folder_called_notebooks_says_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The kit may lie in one: only the folder of a lesson is English or Chinese."""
    for name in ("KIT_LANG", *SYSTEM):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    kit_folder = tmp_path / "notebooks" / "first-call"
    kit_folder.mkdir(parents=True)
    monkeypatch.chdir(kit_folder)
    assert language.in_force() == "zh-CN"
