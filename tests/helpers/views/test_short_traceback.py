"""An error in a notebook: short to read, still an error, and no key in it."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from conftest import ROOT
from helpers.views import short_traceback

CONNECT = """
from helpers import FirstCallError, as_if, connect, full_tracebacks
with as_if(OPENAI_API_KEY="simulate-wrong-key"):
    client = connect()
"""
ASK = """
def ask_once():
    return client.chat.completions.create(model="any", messages=[{"role": "user", "content": "H"}])
"""


def run(*sources: str) -> list[list[Any]]:
    """Run cells in a kernel and return the outputs of each; what fails does not stop it."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True, resources=resources
    ).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def outputs(service: object) -> list[list[Any]]:
    return run(
        CONNECT,
        ASK,
        "answer = 1\nanswer = ask_once()",
        "raise FirstCallError('One thing happened.', 'Do another.')",
        "cliemt",
        "import helpersx",
        "1 / 0",
        "def f():\n    print(x)\n    x = 1\nf()",
        "from openai import OpenAI\nOpenAI(api_key='key-that-is-mine', base_url=3, nonsense=client)",
        "full_tracebacks()\nconnect()\ncliemt",
        "cliemt",
        "full_tracebacks(False)",
        "cliemt",
        "try:\n    cliemt\nexcept NameError as error:\n    print(type(error).__name__)",
        "%tb",
    )


def shown(output: Any) -> str:
    """Return the text of an error's output, without colours."""
    return short_traceback.COLOURS.sub("", "\n".join(output.traceback))


def test_an_error_of_the_service(outputs: list[list[Any]]) -> None:
    error, folded = outputs[2]
    assert (error.output_type, error.ename) == ("error", "AuthenticationError")
    lines = shown(error).splitlines()
    assert lines[:4] == [
        "Cell In[3], line 2",
        "    answer = ask_once()",
        "Cell In[2], line 2",
        '    return client.chat.completions.create(model="any", messages=[{"role": "user", "content": "H"}])',
    ]
    assert lines[4].startswith("AuthenticationError: Error code: 401")
    assert len(lines) < 12
    assert "does not know this API key (401)." in shown(error)
    assert "<summary>The full traceback</summary>" in folded.data["text/html"]
    assert "_base_client.py" in folded.data["text/html"]
    assert "\x1b" not in folded.data["text/html"]
    assert "%tb" in folded.data["text/plain"]


def test_an_error_of_the_helpers(outputs: list[list[Any]]) -> None:
    error, _ = outputs[3]
    assert error.ename == "FirstCallError"
    assert shown(error).splitlines()[2:] == ["", "One thing happened.", "Do another."]


@pytest.mark.parametrize(
    ("cell", "kind", "says", "advice"),
    [
        (4, "NameError", "Did you mean client?", "Run the cells above this one"),
        (5, "ModuleNotFoundError", "No module named 'helpersx'", "Choose the kernel of this kit"),
        (12, "NameError", "name 'cliemt'", "Run the cells above this one"),
    ],
)
def test_a_mistake(outputs: list[list[Any]], cell: int, kind: str, says: str, advice: str) -> None:
    error, _ = outputs[cell]
    assert error.ename == kind
    text = shown(error)
    assert f"Cell In[{cell + 1}], line 1" in text
    assert says in text
    assert advice in text
    assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize("cell", [6, 7, 8, 10])
def test_other_errors_are_as_ever(outputs: list[list[Any]], cell: int) -> None:
    [error] = outputs[cell]
    assert error.output_type == "error"
    assert "Traceback (most recent call last)" in shown(error)


def test_one_call_switches_it_off_and_connecting_again_does_not_switch_it_on(
    outputs: list[list[Any]],
) -> None:
    *_, error = outputs[9]
    assert "Traceback (most recent call last)" in shown(error)


def test_try_and_the_magic_see_it_as_ever(outputs: list[list[Any]]) -> None:
    [printed] = outputs[13]
    assert printed.text == "NameError\n"
    [error] = outputs[14]
    assert "Traceback (most recent call last)" in shown(error)


def test_who_runs_a_notebook_gets_the_whole_of_it(service: object) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in (CONNECT, ASK, "ask_once()")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(ROOT)}}
    with pytest.raises(CellExecutionError, match=r"_base_client\.py") as seen:
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    assert seen.value.ename == "AuthenticationError"
    assert notebook.cells[2].outputs[0].output_type == "error"


def test_no_key_is_shown() -> None:
    looks = "sk-" + "proj-abcdefghijklmnop"
    *_, outputs = run(
        "import os\nos.environ['OTHER_API_KEY'] = 'secret-of-mine'\nos.environ['FIRST_CALL_MODE'] = ''",
        "from helpers import connect\nfrom openai import OpenAIError\nimport openai\n"
        "client = connect(api_key='not-like-a-key', base_url='http://127.0.0.1:9/v1')",
        f"def fail(api_key='written-in-a-cell', other='{looks}'):  # secret-of-mine\n"
        f"    raise OpenAIError('{looks} secret-of-mine not-like-a-key')",
        f"fail(api_key='written-in-a-cell', other='{looks}')  # secret-of-mine not-like-a-key",
    )
    assert len(outputs) == 2
    text = nbformat.v4.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])
    )
    assert "[key]" in text
    for key in (looks, "secret-of-mine", "not-like-a-key", "written-in-a-cell"):
        assert key not in text


def test_a_handler_that_fails_hides_nothing() -> None:
    *_, outputs = run(
        "from helpers import connect\nconnect()\n"
        "from helpers.views import short_traceback\nshort_traceback.hidden = None",
        "cliemt",
    )
    [error] = outputs
    assert error.output_type == "error"
    assert "Traceback (most recent call last)" in shown(error)


def test_without_ipython_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(short_traceback.sys.modules, "IPython", raising=False)
    monkeypatch.setattr(short_traceback, "_wanted", True)
    short_traceback.install()
    short_traceback.full_tracebacks()
    short_traceback.full_tracebacks(False)
    assert short_traceback._wanted


def test_a_handler_of_somebody_else_stays() -> None:
    *_, outputs = run(
        "get_ipython().set_custom_exc((NameError,), lambda *_, **__: print('theirs'))\n"
        "from helpers import connect, full_tracebacks\nconnect()\nfull_tracebacks()",
        "cliemt",
    )
    assert outputs[0].text == "theirs\n"
