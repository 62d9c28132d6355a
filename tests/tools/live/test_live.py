"""`kit.py test --live`: the practice service stands for the provider, behind the meter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import openai
import pytest

from practice.process import launcher
from tools.live import __main__ as command
from tools.live.meter import Meter, Spent

HELLO = [{"role": "user", "content": "Say hello."}]


@pytest.fixture
def meter() -> Iterator[Meter]:
    service = launcher.ensure_running()

    def price(model: str, usage: object) -> float | None:
        return 0.01 if model == service.model else None

    with Meter(service.base_url, service.key, price, lambda spent: spent.calls >= 3) as made:
        yield made


def client_of(meter: Meter, key: str = "") -> openai.OpenAI:
    return openai.OpenAI(base_url=meter.base_url, api_key=key or meter.key, max_retries=0)


def test_calls_are_handed_on_and_counted_until_the_budget_is_spent(meter: Meter) -> None:
    client, model = client_of(meter), launcher.ensure_running().model
    ask = client.chat.completions.create
    reply = ask(model=model, messages=HELLO, max_completion_tokens=5)  # type: ignore[call-overload]
    assert meter.spent == Spent(1, reply.usage.prompt_tokens, 5, 0.01)
    stream = client.chat.completions.create(
        model=model,
        messages=HELLO,  # type: ignore[arg-type]
        max_completion_tokens=8,
        stream=True,
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert text
    again = client.responses.create(model=model, input="Say hello.", max_output_tokens=16)
    assert again.usage
    assert (meter.spent.calls, round(meter.spent.dollars, 2)) == (3, 0.03)
    with pytest.raises(openai.RateLimitError, match="budget of this run is spent"):
        ask(model=model, messages=HELLO)  # type: ignore[call-overload]
    assert meter.spent.calls == 3


def test_errors_come_through_and_cost_nothing(meter: Meter) -> None:
    with pytest.raises(openai.NotFoundError):
        client_of(meter).chat.completions.create(model="no-such-model", messages=HELLO)  # type: ignore[arg-type]
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        client_of(meter, "another").models.list()
    assert client_of(meter).models.list().data
    assert meter.spent == Spent()


def test_a_lesson_runs_through_the_meter_and_never_sees_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service = launcher.ensure_running()
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source)
            for source in (
                "import os\nfrom helpers import ask, connect\nclient = connect()",
                f"assert os.environ['OPENAI_API_KEY'] != {service.key!r}",
                "print(ask(client, 'Say hello.', max_completion_tokens=5))",
            )
        ]
    )
    nbformat.write(notebook, tmp_path / "02_first_chat.ipynb")
    monkeypatch.delenv("FIRST_CALL_MODE")
    for name, value in (
        ("OPENAI_API_KEY", service.key),
        ("OPENAI_BASE_URL", service.base_url),
        ("OPENAI_MODEL", service.model),
    ):
        monkeypatch.setenv(name, value)
    assert command.main(["02"], tmp_path) == 0
    printed = capsys.readouterr().out
    assert "02_first_chat · 1 calls" in printed
    assert "3 of 3 cells ran" in printed
    assert service.key not in printed
    assert command.main(["02", "--budget", "0"], tmp_path) == 1
    assert "the budget is spent" in capsys.readouterr().out


def test_without_a_key_nothing_is_live(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["02"]) == 1
    assert "There is no key" in capsys.readouterr().err
