"""What serves the tests does not stand in a learner's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_lesson import LESSON, read

from tools.notebooks import lesson as lessons
from tools.notebooks import scaffolding
from tools.notebooks.rules import LessonError


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("import os", "import os\n\nassert os.sep", "bare assert"),
        ("import os", "import os\n\nif not os:\n    raise AssertionError", "expect_error"),
        ("import os", "import os\n\nif not os:\n    raise AssertionError('no')", "expect_error"),
        ("import os", "import os\nfrom unittest.mock import patch", "as_if"),
        ("import os", "import os\nwith mock, patch.dict(os.environ): ...", "as_if"),
        ("import os", "import os\nimport subprocess", "as_if"),
        ("import os", "import os\nimport subprocess as s", "as_if"),
        ("import os", "import os\nfrom subprocess import run", "as_if"),
        ("import os", "import os\nclass Quiet(SimpleHTTPRequestHandler): ...", "serve_folder"),
        ("import os", "import os\nclass Mine(server.ThreadingHTTPServer): ...", "serve_folder"),
        ('print("✓ sum" if total', 'print("✓ sum" if (lambda: total)()', "lambda"),
        ("total = 1 + 1", "assert 1\ntotal = 1 + 1", "bare assert"),  # the solution
        ("# total = ...", "# assert 1\n# total = ...", "bare assert"),  # the stub
        ("import os", "import os\n1 +", "not Python"),
    ],
)
def test_scaffolding_is_refused(old: str, new: str, advice: str, tmp_path: Path) -> None:
    assert old in LESSON
    broken = LESSON.replace(old, new, 1)
    with pytest.raises(LessonError, match=advice):
        read(broken, tmp_path)


def test_magics_and_lambdas_outside_of_checks_may_stand(tmp_path: Path) -> None:
    more = "import os\n%matplotlib inline\nsorted([1], key=lambda one: -one)"
    read(LESSON.replace("import os", more, 1), tmp_path)




def test_a_reason_goes_to_the_notebook(tmp_path: Path) -> None:
    text = LESSON.replace(
        '# %%\nprint("not', '# %% tags=["nbval-ignore-output"] reason="it grows, daily"\nprint("not'
    )
    path = tmp_path / "00_tiny.py"
    path.write_text(text, encoding="utf-8")
    [whole, *_] = lessons.targets(path, lessons.read_lesson(path))
    [cell] = [cell for cell in whole.notebook.cells if "reason" in cell.metadata]
    assert cell.metadata == {"tags": ["nbval-ignore-output"], "reason": "it grows, daily"}
