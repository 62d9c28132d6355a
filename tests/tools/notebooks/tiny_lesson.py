"""A tiny lesson in two languages, and a project of its own to build it in."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tools.notebooks import lesson as lessons

LESSON = """\
# %% [markdown] lang="en" minutes=5
# # Tiny
#
# ## What you will be able to do
# Count. ![a sketch](sketches/x.svg)

# %% tags=["setup"]
import os

print("mode:", os.environ["FIRST_CALL_MODE"])

# %%
print("not in the solutions")

# %% [markdown] lang="en" tags=["exercise"]
# ## Exercise 1: add
#
# Add one and one. ![a sum](sketches/y.svg)

# %% tags=["exercise"]
# Your turn.
# --- solution
total = 1 + 1
# --- stub
# total = ...  # the sum
# --- end

# %% tags=["check"]
print("✓ sum" if total == 2 else "✗ sum")

# %% [markdown] lang="en"
# ## What to remember
# It adds up.
#
# ```
# ## not a heading
# ```

# %% [markdown] lang="en" tags=["questions"]
# ## Questions
# <details><summary>One?</summary>
#
# Yes.
# </details>
# <details><summary>Two?</summary> Yes. </details>
# <details>
# <summary>Three?</summary>
# No.
# </details>

# %% [markdown] lang="en" tags=["map"]
# ## All lessons
# One.

# %% [markdown] lang="en"
# A cell without a heading.

# %% [markdown] lang="en"
# ## Reference
# [page](https://example.com)
"""

CHINESE = {
    "# # Tiny": "# # 小课\n#\n# ## 学完这一课你能做什么\n# 数数。![草图](sketches/x.svg)",
    "# ## Exercise 1": "# ## 练习 1：加法\n#\n# 一加一。![加法草图](sketches/y.svg)",
    "# ## What to remember": "# ## 要记住的\n# 加起来。\n#\n# ```\n# ## 不是标题\n# ```",
    "# ## Questions": "# ## 问题\n"
    + "\n".join(f"# <details><summary>{n}？</summary>是。</details>" for n in "一二三"),
    "# ## All lessons": "# ## 所有课程\n# 一课。",
    "# A cell without": "# 没有标题的单元格。",
    "# ## Reference": "# ## 参考\n# [页面](https://example.com)",
}


def with_chinese(lesson: str, leave_out: str = "") -> str:
    """Return the lesson with a Chinese cell after each English one, but for `leave_out`."""
    cells = lesson.split("\n\n# %%")
    out = []
    for cell in cells:
        out.append(cell)
        for english, chinese in CHINESE.items():
            if english in cell and english != leave_out:
                _, word, tags = cell.partition("\n")[0].partition(" tags=")
                out.append(f' [markdown] lang="zh"{word}{tags}\n{chinese}')
    return "\n\n# %%".join(out)


def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with the tiny lesson, which the builder takes for its own."""
    root = tmp_path / "kit 课"
    (root / "lessons").mkdir(parents=True)
    (root / "notebooks").mkdir()
    (root / "notebooks" / "sketches").mkdir()
    for name in ("x.svg", "y.svg"):
        (root / "notebooks" / "sketches" / name).touch()
    (root / "helpers" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(lessons, "ROOT", root)
    monkeypatch.setattr(lessons, "LESSONS", root / "lessons")
    monkeypatch.setattr(lessons, "NOTEBOOKS", root / "notebooks")
    (root / "lessons" / "00_tiny.py").write_text(LESSON, encoding="utf-8")
    return root


def read(text: str, tmp_path: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of a lesson with this text, or raise as the build does."""
    path = tmp_path / "00_tiny.py"
    path.write_text(text, encoding="utf-8")
    cells = lessons.read_lesson(path)
    list(lessons.targets(path, cells))
    return cells


def pretend_to_run(target: lessons.Target) -> None:
    """Give each code cell an output, without the seconds that a kernel takes."""
    code = [cell for cell in target.notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        cell.outputs = [nbformat.v4.new_output("stream", text="✓ mode: practice\n")]
    target.path.parent.mkdir(exist_ok=True)
