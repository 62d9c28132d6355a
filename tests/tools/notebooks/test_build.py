"""The notebook builder: the committed notebooks are what the lessons give, and the rules bite."""

import json
from pathlib import Path

import nbformat
import pytest

from tiny_lesson import LESSON, pretend_to_run, project, read, with_chinese

from helpers.exercises.record import digest
from tools.notebooks import __main__ as build
from practice.process.models import default_model
from tools.notebooks import compare, execution, facts
from tools.notebooks import lesson as lessons
from tools.notebooks import rules as lesson_rules
from tools.notebooks.exercise_index import index_text
from tools.notebooks.rules import LessonError


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return project(tmp_path, monkeypatch)


# --- the project's own notebooks


def test_committed_notebooks_are_what_the_lessons_give() -> None:
    assert compare.check(lessons.sources([])) == []


def test_sanitize_file_is_ascii() -> None:
    assert (lessons.ROOT / "tests" / "sanitize.cfg").read_bytes().isascii()


# --- building


def test_build_in_two_languages(kit: Path) -> None:
    lesson = kit / "lessons" / "00_tiny.py"
    lesson.write_text(with_chinese(LESSON), encoding="utf-8")
    assert build.main([]) == 0
    names = ["", "solutions/", "zh-CN/", "zh-CN/solutions/"]
    recall = {
        n: nbformat.read(kit / f"notebooks/{n}recall/00_tiny.ipynb", as_version=4)
        for n in ("", "zh-CN/")
    }
    books = {n: nbformat.read(kit / f"notebooks/{n}00_tiny.ipynb", as_version=4) for n in names}

    assert [c.id for c in books[""].cells] == [c.id for c in books["zh-CN/"].cells]
    assert "小课" in books["zh-CN/"].cells[0].source
    assert "Tiny" in books[""].cells[0].source
    assert "](sketches/x.svg)" in books[""].cells[0].source

    learner = "".join(c.source for c in books[""].cells)
    solved = "".join(c.source for c in books["solutions/"].cells)
    assert "total = ...  # the sum" in learner
    assert "1 + 1" not in learner
    assert "1 + 1" in solved
    assert "not in the solutions" not in solved
    assert "---" not in solved

    for book in books.values():
        code = [c for c in book.cells if c.cell_type == "code"]
        assert code[0].outputs[0].text == "mode: practice\n"
        assert [c.execution_count for c in code] == list(range(1, len(code) + 1))
        assert "version" not in book.metadata["language_info"]
    assert compare.check(lessons.sources([])) == []
    assert not list(kit.rglob("*.tmp"))

    for book in recall.values():
        assert [c for c in book.cells if c.get("outputs") or c.get("execution_count")] == []
    text = [c.source for c in recall[""].cells]
    assert text[0].startswith("# Recall: 00 Tiny\n\nThe code of [the lesson](../00_tiny.ipynb)")
    assert text[1] == "## What you will be able to do"
    assert "# ## not a heading" not in "".join(text)
    assert text[-3:-1] == ["## All lessons", "## Reference"]
    [exercise] = [c.source for c in recall[""].cells if "Exercise 1" in c.source]
    assert exercise == "## Exercise 1: add\n\nAdd one and one. ![a sum](../sketches/y.svg)"
    assert [c.source for c in recall[""].cells if c.cell_type == "code"] == [
        c.source for c in books[""].cells if c.cell_type == "code"
    ]
    assert sum("<summary>Two?</summary> Yes." in source for source in text) == 1
    assert "小课" in recall["zh-CN/"].cells[0].source

    [row] = json.loads((kit / "helpers" / "exercises" / "exercises.json").read_text("utf-8"))
    [exercise] = row.pop("exercises")
    assert row == {"lesson": "00", "title": "Tiny", "zh": {"title": "小课"}}
    [cell] = [c for c in books["zh-CN/"].cells if "check" in c.metadata.get("tags", [])]
    assert exercise == {"cell": digest(cell.source), "checks": ["sum"]}


def test_check_finds_every_kind_of_difference(
    kit: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "execute", pretend_to_run)
    assert build.main([]) == 0
    path = kit / "notebooks" / "00_tiny.ipynb"
    good = path.read_text(encoding="utf-8")
    capsys.readouterr()

    for old, new in [("mode: practice", "mode: perfect"), ("the sum", "a sum"), ("Tiny", "Small")]:
        assert old in good
        path.write_text(good.replace(old, new), encoding="utf-8")
        assert build.main(["--check"]) == 1
        assert "changed after it was built" in capsys.readouterr().out

    path.write_text(good, encoding="utf-8")
    lesson = kit / "lessons" / "00_tiny.py"
    lesson.write_text(LESSON.replace("not in the", "outside the"), encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert "cell 3: the id differs" in capsys.readouterr().out

    lesson.write_text(LESSON, encoding="utf-8")
    recall = kit / "notebooks" / "recall" / "00_tiny.ipynb"
    empty = recall.read_text(encoding="utf-8")
    book = nbformat.read(recall, as_version=4)
    pretend_to_run(lessons.Target(recall, "recall", book))
    book.metadata["first_call"]["seal"] = compare.seal(book)
    recall.write_text(nbformat.writes(book), encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert "cell 3: has an output" in capsys.readouterr().out
    recall.unlink()
    assert build.main(["--check"]) == 1
    assert "00_tiny.ipynb is missing" in capsys.readouterr().out
    recall.write_text(empty, encoding="utf-8")

    (kit / "notebooks" / "sketches" / "y.svg").unlink()
    assert build.main(["--check"]) == 1
    assert "00_tiny.ipynb: the link sketches/y.svg leads nowhere" in capsys.readouterr().out
    (kit / "notebooks" / "sketches" / "y.svg").touch()

    index = kit / "helpers" / "exercises" / "exercises.json"
    listed = index.read_text("utf-8")
    index.write_text(listed.replace("mode", "made"), "utf-8")
    assert build.main(["--check"]) == 1
    assert "exercises.json differs from the lessons" in capsys.readouterr().out
    index.unlink()
    assert build.main(["--check"]) == 1
    assert "exercises.json is missing" in capsys.readouterr().out
    index.write_text(listed, "utf-8")
    assert build.main(["--check"]) == 0

    (kit / "notebooks" / "09_stray.ipynb").write_text(good, encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert "09_stray.ipynb has no lesson" in capsys.readouterr().out


def test_a_failing_cell_leaves_the_old_notebooks(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kit / "notebooks" / "00_tiny.ipynb"
    path.write_text("old", encoding="utf-8")
    lesson = kit / "lessons" / "00_tiny.py"
    lesson.write_text(LESSON.replace('print("not in', 'raise ValueError("not in'), "utf-8")
    assert build.main([]) == 1
    assert "ValueError: not in the solutions" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "old"


def test_the_environment_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-builder")
    environment = execution.clean_environment("zh")
    assert "key-of-the-builder" not in environment.values()
    assert environment["FIRST_CALL_MODE"] == "practice"
    assert environment["KIT_LANG"] == "zh-CN"


# --- the rules for a lesson's source


def test_a_missing_chinese_cell_is_named(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"Exercise 1.*its Chinese cell is missing"):
        read(with_chinese(LESSON, leave_out="# ## Exercise 1"), tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('[markdown] lang="en" minutes', "[markdown] minutes", "write lang"),
        ("# # Tiny", "# ## Tiny", "must start with"),
        (" minutes=5", "", "how long the lesson takes"),
        (" minutes=5", ' minutes="five"', "how long the lesson takes"),
        (" minutes=5", ' minutes=5 more="some"', "how long the lesson takes"),
        ("## Exercise 1:", "## Exercise 2:", "must start with `## Exercise 1: `"),
        ("# ## All", "# ## Here are all the lessons and the way from one to the next: All", "plan"),
        ("# ## All lessons", "# ## All lessons:", "plan"),
        ("# <details><summary>Two?</summary> Yes. </details>\n", "", "3 folded questions"),
        ("<summary>Two?</summary> Yes.", "<summary>Two?</summary>", "3 folded questions"),
        ("<summary>Two?</summary>", "Two?", "3 folded questions"),
        (' tags=["questions"]', "", "3 folded questions"),
        (' tags=["map"]', ' tags=["questions"]', "3 folded questions"),
        ("## What to remember", "## The end", "lacks the part"),
        ("[page](https://example.com)", "none", "no link"),
        ("## Exercise 1", "#### Exercise 1", "skips a level"),
        ("## Exercise 1", "# Exercise 1", "skips a level"),
        ("![a sketch]", "![]", "no alt text"),
        ("It adds up.", '<img src="x.png">', "no alt text"),
        ("# --- end\n", "", "is missing"),
        ("# --- stub", "# --- end", "out of order"),
        ('tags=["check"]', "", "must follow"),
        ('tags=["setup"]', 'tags=["set-up"]', "unknown tag"),
        ('tags=["setup"]', 'tags=["raises-exception"]', "unknown tag"),
        ('tags=["setup"]', 'tags=["nbval-ignore-output"]', "stand together"),
        ('tags=["setup"]', 'tags=["nbval-ignore-output"] reason=" "', "stand together"),
        ('tags=["setup"]', 'tags=["setup"] reason="it grows"', "stand together"),
        ("import os", "# not compared: it grows", "not as a comment"),
        ("import os", "name = input('?')", "input"),
        ("import os", "clear_output()", "clear_output"),
        ("import os", "print(Out[1])", "Out"),
        ("import os", "key = 'sk-" + "abcdefgh12345678'", "looks like a key"),
    ],
)
def test_a_lesson_that_breaks_a_rule(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in LESSON
    with pytest.raises(LessonError, match=message):
        read(LESSON.replace(old, new, 1), tmp_path)


def test_facts_come_from_the_data() -> None:
    model = default_model()
    text = "{{practice.name}} has {{ practice.parameters }}, takes {{practice.size}}: {name}"
    assert facts.filled(text, "en") == (
        f"{model.name} has {model.parameters} million, takes {model.runs.size / 1e6:.0f} MB: {{name}}"
    )
    assert facts.filled("{{practice.parameters}}", "zh") == f"{model.parameters / 100:g} 亿"
    assert facts.practice_facts("zh")["practice.languages"] == "英语和中文"
    with pytest.raises(LessonError, match=r"no fact \{\{practice.nmae\}\}"):
        facts.filled("{{practice.nmae}}", "en")


def test_a_comment_in_a_code_block_is_no_heading(tmp_path: Path) -> None:
    read(LESSON.replace("# It adds up.", "# ```\n# #### a comment\n# ```"), tmp_path)


def test_ids_depend_on_the_text_alone(tmp_path: Path) -> None:
    before = [cell.id for cell in read(LESSON, tmp_path)]
    more = LESSON.replace("# %%\nprint", '# %%\nprint("new")\n\n# %%\nprint')
    after = [cell.id for cell in read(more, tmp_path)]
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


def test_stubs_keep_indentation() -> None:
    source = "def f():\n  # --- solution\n  return 1\n  # --- stub\n  # return ...\n  # --- end"
    assert lesson_rules.stubbed(source) == "def f():\n  return ..."
    assert lesson_rules.solved(source) == "def f():\n  return 1"


# --- the rules for outputs


def executed(text: str, *, kind: str = "stream", name: str = "stdout", tag: str = "") -> object:
    """Return a code cell that has printed `text`."""
    if kind == "stream":
        output = nbformat.v4.new_output("stream", name=name, text=text)
    else:
        output = nbformat.v4.new_output(kind, data={"text/plain": text})
    cell = nbformat.v4.new_code_cell("print()", outputs=[output])
    cell.metadata["tags"] = [tag] if tag else []
    return cell


@pytest.mark.parametrize(
    "cell",
    [
        executed("key sk-" + "proj-abcdefgh1234"),
        executed("at /home/ada/kit/x.py"),
        executed("C:\\Users\\ada\\kit"),
        executed("<Client object at 0x7f01aa>"),
        executed("\x1b[31mred"),
        executed("in /opt/place"),
        executed("warning", name="stderr"),
        executed("5", kind="execute_result"),
        executed("✓ 1", tag="check"),
        executed("neither", tag="check"),
    ],
)
def test_outputs_that_may_not_be_stored(cell: nbformat.NotebookNode) -> None:
    with pytest.raises(LessonError):
        lesson_rules.check_outputs(cell, ["/opt/place"], solutions=False)


@pytest.mark.parametrize("printed", ["", "nothing\n", "✓ a\n✓ b\n✓ a\n"])
def test_checks_have_names_that_differ(printed: str) -> None:
    with pytest.raises(LessonError, match="need names"):
        lesson_rules.check_names(executed("", tag="check"), printed)


def test_two_check_cells_of_the_same_text(
    kit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "execute", pretend_to_run)
    (kit / "lessons" / "01_twin.py").write_text(LESSON, encoding="utf-8")
    assert build.main([]) == 1
    assert "the same text" in capsys.readouterr().err


def test_an_index_of_a_lesson_that_was_not_built_again(
    kit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "execute", pretend_to_run)
    assert build.main([]) == 0
    changed = LESSON.replace("✓ sum", "✓ the sum")
    (kit / "lessons" / "00_tiny.py").write_text(changed, encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert "Lesson 00_tiny has changed since it was built" in capsys.readouterr().out


def test_a_build_leaves_the_builders_progress_alone(
    kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = kit / "lessons" / "00_tiny.py"
    code = 'import tempfile; os.environ["FIRST_CALL_PROGRESS"].index('
    code += 'tempfile.gettempdir())\nprint("not in'
    lesson.write_text(LESSON.replace('print("not in', code), encoding="utf-8")
    monkeypatch.setenv("FIRST_CALL_PROGRESS", "mine.json")
    assert build.main([]) == 0


def test_the_names_of_checks_come_from_a_card_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, monkeypatch)
    card = {"text/html": "<b>✓</b> ✓ one", "text/plain": "Exercise 1 done\n✓ one\n✓ two"}
    cells = lessons.read_lesson(root / "lessons" / "00_tiny.py")
    (solved,) = (cell for cell in cells if "check" in cell.metadata.get("tags", []))
    output = nbformat.v4.new_output("display_data", data=card)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(solved.source)])
    notebook.cells[0].id, notebook.cells[0].outputs = solved.id, [output]
    (tmp_path / "solutions").mkdir()
    nbformat.write(notebook, tmp_path / "solutions" / "00_tiny.ipynb")
    [row] = json.loads(index_text({"00_tiny": cells}, tmp_path))
    assert row["exercises"][0]["checks"] == ["one", "two"]


def test_a_solution_must_pass_its_check() -> None:
    lesson_rules.check_outputs(executed("✓ 1", tag="check"), [], solutions=True)
    lesson_rules.check_outputs(executed("✗ 1", tag="check"), [], solutions=False)
    with pytest.raises(LessonError, match="for the solution"):
        lesson_rules.check_outputs(executed("✗ 1", tag="check"), [], solutions=True)


def test_ordinary_outputs_may_be_stored() -> None:
    for text in ["Incorrect API key provided: sk-pr****.", "see https://a.b/home/x", "and/or"]:
        lesson_rules.check_outputs(executed(text), ["/opt/place"], solutions=False)
