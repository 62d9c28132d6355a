"""The table of platforms, and the lock file for classes: both agree with requirements.txt."""

from __future__ import annotations

import subprocess

import pytest
from packaging.requirements import Requirement

from tools import platforms
from tools.platforms import Resolution
from tools.setup import offline, resolver
from tools.setup.environment import REQUIREMENTS


def test_a_package_without_a_wheel_is_named_in_the_table() -> None:
    found = [
        Resolution("Linux", "3.9", frozenset({"openai", "onnxruntime"})),
        Resolution("Linux", "3.14", frozenset({"openai"})),
        Resolution("Windows", "3.14", frozenset(), "no wheel for openai"),
        Resolution("Windows", "3.9", frozenset({"openai", "onnxruntime"})),
    ]
    text = platforms.page(found, {"onnxruntime": "the eye is shut"})
    assert "| | Python 3.9 | Python 3.14 |" in text
    assert "| Linux | 2 | 1, without onnxruntime |" in text
    assert "| Windows | 2 | **no** |" in text
    assert "- onnxruntime: the eye is shut." in text


def test_what_the_resolver_says_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(command: list[object], environment: dict[str, str]) -> object:
        if "config" in command:
            return subprocess.CompletedProcess(command, 0, "", "")
        assert environment["MACOSX_DEPLOYMENT_TARGET"] == "14.0"
        assert "t" in command
        if "3.14" in command:
            return subprocess.CompletedProcess(command, 1, "", "no wheel\n")
        return subprocess.CompletedProcess(command, 0, "a==1\nb==2 ; x\n    # via a\n", "")

    monkeypatch.setattr(resolver, "call", answer)
    mac = {"title": "macOS", "uv": "t", "macos": "14.0"}
    good = platforms.resolve(mac, "3.11")
    assert (good.packages, good.trouble) == ({"a", "b"}, "")
    bad = platforms.resolve(mac, "3.14")
    assert (bad.packages, bad.trouble) == (frozenset(), "no wheel")


def test_the_page_has_every_platform_and_none_fails() -> None:
    text = platforms.PAGE.read_text("utf-8")
    assert len(offline.platforms()) >= 5
    for platform in offline.platforms().values():
        assert f"| {platform['title']} |" in text
    assert "**no**" not in text
    assert platforms.HEAD in text


def test_the_lock_file_keeps_to_the_requirements() -> None:
    locked = {}
    for line in platforms.LOCK.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            one = Requirement(line)
            locked.setdefault(one.name.lower(), []).append(one)
    lines = REQUIREMENTS.read_text("utf-8").splitlines()
    for wanted in (Requirement(x.partition(" #")[0]) for x in lines if x and x[0] not in "#-"):
        versions = [next(iter(one.specifier)).version for one in locked[wanted.name.lower()]]
        assert any(wanted.specifier.contains(version) for version in versions), wanted
