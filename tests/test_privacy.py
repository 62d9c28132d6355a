"""PRIVACY.md: every part is looked at, and what the page says that we do is done."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from practice.process import index
from tools.setup import jupyter, packages, pip_settings

PAGE = (ROOT / "PRIVACY.md").read_text("utf-8")
NOTIFICATIONS = "@jupyterlab/apputils-extension:notification"
SWITCHES = {
    "onnxruntime": ("practice/eye/runtime.py", "onnxruntime.disable_telemetry_events()"),
    "rapidocr": ("practice/eye/reader.py", '"Det.model_path": str(models'),
    "jupyterlab": (
        "tools/setup/jupyter.py",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ),
    "genai-prices": ("helpers/cost.py", "genai_prices"),
    "pip": ("tools/setup/packages.py", '"PIP_DISABLE_PIP_VERSION_CHECK": "1"'),
    "uv": ("tools/setup/pip_settings.py", '["UV_PYTHON_DOWNLOADS"] = "never"'),
    "litellm": ("tools/gateway/__main__.py", 'LITELLM_LOCAL_MODEL_COST_MAP="True"'),
    "huggingface_hub": (
        "tests/practice/server/test_clients.py",
        '["HF_HUB_DISABLE_TELEMETRY"] = "1"',
    ),
    "playwright": ("tools/screens/browser.py", '"--disable-background-networking"'),
}
"""Where each thing that the page says that we do is done."""


def rows() -> dict[str, str]:
    """The rows about a part, by the part's name."""
    chapter = PAGE.split("## What the parts could send")[1]
    listed = re.findall(r"^\| ([^|]+) \|(.+)\|$", chapter, re.MULTILINE)
    return {name: row for names, row in listed for name in re.split(r", | \(.*", names) if name}


def test_every_requirement_has_been_looked_at() -> None:
    named = rows()
    of_class = ("classroom/hub/requirements.txt", "classroom/gateway/requirements.in")
    for file in ("requirements.txt", "tests/requirements.txt", *of_class):
        lines = (ROOT / file).read_text("utf-8").splitlines()
        wanted = {match[0] for line in lines if (match := re.match(r"[a-z][\w-]+", line))}
        assert wanted - set(named) == set(), file


def test_what_we_say_we_do_stands_in_the_file_that_is_named() -> None:
    ours = {name for name, row in rows().items() if re.search(r"\| (We|`kit\.py lab`) ", row)}
    assert ours == set(SWITCHES)
    for name, (file, text) in SWITCHES.items():
        assert f"`{file}`" in rows()[name], name
        assert text in (ROOT / file).read_text("utf-8"), name


def test_whatever_loads_onnxruntime_has_silenced_it() -> None:
    """It is imported in two files, in both after `prepare()`, or in it."""
    silent = (ROOT / "practice/eye/runtime.py").read_text("utf-8")
    found: dict[str, list[bool]] = {}
    for folder in ("practice", "helpers", "doctor", "tools", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text("utf-8")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    words = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                    if {word.partition(".")[0] for word in words} & {"onnxruntime", "rapidocr"}:
                        above = "\n".join(text.splitlines()[: node.lineno])
                        name = file.relative_to(ROOT).as_posix()
                        told = "prepare()" in above and "ORT_DISABLE_TELEMETRY" in silent
                        found.setdefault(name, []).append(told)
    assert {name: all(told) for name, told in found.items()} == {
        "practice/eye/runtime.py": True,
        "practice/eye/reader.py": True,
    }


def test_rapidocr_finds_the_models_that_it_is_told() -> None:
    package = importlib.util.find_spec("rapidocr")  # not imported: that would load onnxruntime
    assert package is not None
    folder = Path(str(package.origin)).with_name("models")
    named = re.findall(r'"(\S+\.onnx)"', (ROOT / "practice/eye/reader.py").read_text("utf-8"))
    assert len(named) == 2
    assert [name for name in named if not (folder / name).is_file()] == []


def test_jupyterlab_asks_nobody_for_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyter, "environment_folder", lambda: tmp_path)
    kernel = tmp_path / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": []}')
    jupyter.set_up_jupyter(tmp_path / "python")
    written = json.loads((tmp_path / "share/jupyter/lab/settings/overrides.json").read_text())
    assert written[NOTIFICATIONS] == {"fetchNews": "false", "checkForUpdates": False}


def test_jupyterlab_knows_these_settings() -> None:
    import jupyterlab
    from jupyterlab.handlers.announcements import NeverCheckForUpdate

    assert NeverCheckForUpdate is jupyterlab.NeverCheckForUpdate  # as our options name it
    package, _, name = NOTIFICATIONS.partition(":")
    schema = f"share/jupyter/lab/schemas/{package}/{name}.json"
    known = json.loads((Path(sys.prefix) / schema).read_text("utf-8"))["properties"]
    assert set(jupyter.LAB_SETTINGS[NOTIFICATIONS]) <= set(known)


def test_pip_and_uv_look_for_nothing_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_DISABLE_PIP_VERSION_CHECK", raising=False)
    monkeypatch.delenv("UV_PYTHON_DOWNLOADS", raising=False)
    assert packages.pip_environment()["PIP_DISABLE_PIP_VERSION_CHECK"] == "1"
    assert index._pip(tmp_path)[1]["PIP_DISABLE_PIP_VERSION_CHECK"] == "1"
    assert pip_settings.uv_settings({})["UV_PYTHON_DOWNLOADS"] == "never"


def test_prices_are_never_refreshed_from_the_web() -> None:
    for folder in ("helpers", "practice", "tools", "lessons", "doctor"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not re.search("update_prices|UpdatePrices", file.read_text("utf-8")), file


def test_notebooks_hold_no_widgets_that_a_page_would_load() -> None:
    for file in (ROOT / "notebooks").rglob("*.ipynb"):
        assert "widgets" not in json.loads(file.read_text("utf-8"))["metadata"], file


def test_the_readmes_lead_here() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert "](PRIVACY.md)" in (ROOT / name).read_text("utf-8"), name


def test_kit_py_starts_jupyterlab_that_way() -> None:
    assert "*LAB_OPTIONS" in (ROOT / "kit.py").read_text("utf-8")
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in jupyter.LAB_OPTIONS
