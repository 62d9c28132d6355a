"""Before and after the installation the doctor says the same about the same fact."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from doctor import computer, files
from doctor.table import ROOT
from tools.setup import early_doctor

CODE = """
import json, sys
from pathlib import Path

THIRD = ("dotenv", "platformdirs", "pydantic", "openai", "packaging", "httpx", "helpers.views")

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name in THIRD or name.startswith(tuple(third + "." for third in THIRD)):
            raise ModuleNotFoundError(name)

if sys.argv[2] == "early":
    sys.meta_path.insert(0, Blocked())
    from tools.setup import early_doctor as doctor
else:
    import doctor.report as doctor
from doctor import computer, files

root = Path(sys.argv[1])
files.ROOT = computer.ROOT = root
computer.LOW_DISK = int(sys.argv[3])
usage = computer.shutil.disk_usage(root)
computer.shutil.disk_usage = lambda folder: usage._replace(free=2 * 10**9)  # others write, too
if sys.argv[4] == "read-only":
    computer.os.access = lambda place, mode: False
checks = [*doctor.file_checks(), *doctor.computer_checks()]
print(json.dumps(checks))
"""

STATES: dict[str, dict[str, bytes]] = {
    "absent": {},
    "fine": {".env": b"# a comment\r\nexport OPENAI_MODEL='x'\r\nOPENAI_BASE_URL=\nOTHER=1\n"},
    "BOM": {".env": b"\xef\xbb\xbfOPENAI_MODEL=x\n"},
    "UTF-16": {".env": "OPENAI_MODEL=x\n".encode("utf-16")},
    "UTF-16 without BOM": {".env": "OPENAI_MODEL=x\n".encode("utf-16-le")},
    "GBK": {".env": "# 设置".encode("gb18030")},
    "no value": {".env": b"OPENAI_MODEL\n"},
    "env": {"env": b"OPENAI_MODEL=x\n"},
    ".env.txt": {".env.txt": b"OPENAI_MODEL=x\n"},
    "notebooks/.env": {"notebooks/.env": b"OPENAI_MODEL=x\n"},
}


def said(root: Path, moment: str, low_disk: int = 1, folder: str = "") -> list[list[str]]:
    """Return what the doctor says in a process of its own, in which packages are there or not."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "FIRST_CALL_HOME": str(root)}
    command = [sys.executable, *(["-S"] if moment == "early" else []), "-c", CODE]
    done = subprocess.run(
        [*command, str(root), moment, str(low_disk), folder],
        cwd=root,
        env=environment | {"FIRST_CALL_CACHE": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("state", STATES)
def test_the_file_env(state: str, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    for name, raw in STATES[state].items():
        (tmp_path / name).write_bytes(raw)
        (tmp_path / name).chmod(0o600)
    early = said(tmp_path, "early")
    assert early == said(tmp_path, "full")
    first = {check[1]: check[0] for check in early}
    wanted = {"BOM": "look", "UTF-16": "look", "UTF-16 without BOM": "look", "GBK": "FIX"}
    wanted["no value"] = "FIX"
    if state in STATES[state]:
        assert first[state] == "FIX"
    else:
        assert first[".env"] == wanted.get(state, "OK")


def test_env_that_git_would_add(tmp_path: Path) -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git is not installed")
    subprocess.run([git, "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".env").write_text("OPENAI_MODEL=x\n")
    early = said(tmp_path, "early")
    assert early == said(tmp_path, "full")
    assert ["FIX", "git", "would add .env", "Put the line .env back into .gitignore."] in early


@pytest.mark.parametrize(
    ("low", "folder", "name"), [(10**18, "", "disk"), (1, "read-only", "folder")]
)
def test_disk_and_folder(low: int, folder: str, name: str, tmp_path: Path) -> None:
    early = said(tmp_path, "early", low, folder)
    assert [check[1] for check in early if check[0] == "FIX"] == [name]
    assert [check for check in early if check[1] == name] == [
        check for check in said(tmp_path, "full", low, folder) if check[1] == name
    ]


def test_the_early_doctor_has_no_checks_of_its_own_for_these() -> None:
    assert early_doctor.file_checks is files.file_checks
    assert early_doctor.computer_checks is computer.computer_checks
