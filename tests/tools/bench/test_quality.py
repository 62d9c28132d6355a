"""`bench quality`: the data file is sound, and each way of scoring tells right from wrong."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openai import OpenAI

from tools.bench import __main__ as bench
from tools.bench import quality, scoring, tasks
from tools.bench.figure import Figure
from tools.bench.scoring import Reply

TASKS = tasks.load()


def text(said: str, finish_reason: str = "stop") -> Reply:
    return Reply(said, finish_reason)


def call(name: str, **arguments: Any) -> Reply:
    return Reply("", "tool_calls", ((name, json.dumps(arguments)),))


# --- ways of scoring -------------------------------------------------------------------------

LIGHT = {"name": "light", "arguments": {"room": "hall", "level": 2}}

SCORED: list[tuple[str, Any, list[Reply], list[Reply]]] = [
    (
        "contains_any",
        ["42", "forty-two"],
        [
            text("17 + 25 = 42."),
            text("It is Forty-Two"),
            text("共42元"),
            text("**42**"),
            text("1,42"),
        ],
        [text("142"), text("42.5"), text("0.42"), text("x42"), text("")],
    ),
    ("contains_any", ["Paris"], [text("PARIS!")], [text("Parisian"), text("comparison")]),
    ("contains_any", ["北京"], [text("首都是北京。")], [text("首都是南京。")]),
    ("contains_any", ["3."], [text("2. b\n3. c")], [text("1. a\n2. b")]),
    ("contains_all", ["Tom", "李娜"], [text("李娜 and tom")], [text("Tom"), text("李娜")]),
    ("not_contains", ["no"], [text("nothing")], [text("No."), text(" ")]),
    (
        "equals",
        ["yes", "是"],
        [text("Yes."), text(' "yes" '), text("是。"), text("**Yes**")],
        [text("Yes, it is."), text("是的"), text("no"), text("")],
    ),
    (
        "json",
        {"name": "Ada", "age": 34, "tags": ["a", "b"], "new": True},
        [text('{"name": " ada", "age": 34.0, "tags": ["a", "B"], "new": true, "more": 1}')],
        [
            text('{"name": "Ada", "age": 35, "tags": ["a", "b"], "new": true}'),
            text('{"name": "Ada", "age": "34", "tags": ["a", "b"], "new": true}'),
            text('{"name": "Ada", "age": 34, "tags": ["b", "a"], "new": true}'),
            text('{"name": "Ada", "age": 34, "tags": ["a"], "new": true}'),
            text('{"name": "Ada", "age": 34, "tags": ["a", "b"], "new": 1}'),
            text('{"name": null, "age": 34, "tags": ["a", "b"], "new": true}'),
            text('{"age": 34, "tags": ["a", "b"], "new": true}'),
            text('[{"name": "Ada"}]'),
            text("Ada is 34."),
        ],
    ),
    (
        "json",
        {"items": [{"name": "milk", "price": 1.2}]},
        [text('{"items": [{"price": 1.20, "name": "Milk"}]}')],
        [
            text('{"items": [{"name": "milk", "price": 1.3}]}'),
            text('{"items": [{"name": "milk"}]}'),
            text('{"items": [{"name": "milk", "price": 1.2, "more": 1}]}'),
            text('{"items": ["milk"]}'),
        ],
    ),
    (
        "tool",
        LIGHT,
        [call("light", room="Hall", level=2)],
        [
            call("light", room="hall", level=3),
            call("light", room="hall"),
            call("lamp", room="hall", level=2),
            Reply("", "tool_calls", (("light", "{"),)),
            Reply("", "tool_calls", call("light", room="hall", level=2).calls * 2),
            text('{"room": "hall", "level": 2}'),
        ],
    ),
    ("finish_reason", "length", [text("So", "length")], [text("So", "stop")]),
    ("lines", 2, [text("a\n\nb\n"), text("a\nb")], [text("a, b"), text("a\nb\nc"), text("")]),
]


@pytest.mark.parametrize(
    ("rule", "wanted", "good", "bad"), SCORED, ids=lambda value: str(value)[:24]
)
def test_scoring(rule: str, wanted: Any, good: list[Reply], bad: list[Reply]) -> None:
    assert [reply for reply in good if not scoring.right(reply, {rule: wanted})] == []
    assert [reply for reply in bad if scoring.right(reply, {rule: wanted})] == []


def test_every_way_of_scoring_is_tested_and_used() -> None:
    assert {rule for rule, *_ in SCORED} == set(scoring.RULES)
    assert {rule for task in TASKS for rule in task.expect} == set(scoring.RULES)


def test_all_rules_of_a_task_have_to_hold() -> None:
    expect = {"contains_any": ["Rome"], "finish_reason": "stop"}
    assert scoring.right(text("Rome"), expect)
    assert not scoring.right(text("Rome", "length"), expect)
    assert not scoring.right(text("Oslo"), expect)


# --- the data file ---------------------------------------------------------------------------


def test_there_are_enough_tasks_of_each_kind_and_language() -> None:
    assert len(TASKS) >= 80
    assert sum(task.language == "zh" for task in TASKS) >= 30
    counts = Counter((task.kind, task.language) for task in TASKS)
    pairs = product(tasks.KINDS, tasks.LANGUAGES)
    few = [pair for pair in pairs if counts[pair] < 4]
    assert few == []


def test_an_empty_or_evasive_reply_is_right_nowhere() -> None:
    for said in ("", "I am sorry, I do not know.", "抱歉，无法回答。"):
        reply = text(said, "error")
        assert [task.id for task in TASKS if scoring.right(reply, task.expect)] == []


def test_the_language_is_that_of_the_prompt() -> None:
    for task in TASKS:
        words = "".join(content for role, content in task.messages if role != "assistant")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words) == (task.language == "zh"), (
            task
        )


GOOD = """
[tool.look]
description = "Look"
parameters = { at = "string" }

[[task]]
id = "a"
kind = "facts"
language = "en"
messages = [{ user = "Hello" }]
tools = ["look"]
expect = { contains_any = ["Hi"] }
"""


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('language = "en"', 'language = "fr"', "a: 'fr'"),
        ('kind = "facts"', 'kind = "riddle"', "a: 'riddle'"),
        ('kind = "facts"\n', "", "a: 'kind'"),
        ('kind = "facts"', 'kind = "facts"\nhint = "x"', "a: unknown key 'hint'"),
        ("{ contains_any", "{ smells_of", "a: unknown key 'smells_of'"),
        ('{ contains_any = ["Hi"] }', "{}", "a: no way of scoring"),
        ("user =", "assistant =", "a: nothing is left to reply to"),
        ("user =", "teacher =", "a: 'teacher'"),
        ('tools = ["look"]', 'tools = ["hear"]', "a: 'hear'"),
        ("[[task]]", GOOD[GOOD.index("[[task]]") :] + "[[task]]", "a: this id is there twice"),
    ],
)
def test_a_wrong_task_is_refused_by_name(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "tasks.toml"
    path.write_text(GOOD, "utf-8")
    assert [task.id for task in tasks.load(path)] == ["a"]
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(tasks.BadTaskError) as found:
        tasks.load(path)
    assert str(found.value).startswith(named)


# --- putting them to a model -----------------------------------------------------------------


class Parrot:
    """Stands in for the SDK's client: numbers its replies, and calls a tool where there is one."""

    def __init__(self, *, calls: bool = True) -> None:
        self.asked: list[dict[str, Any]] = []
        self.calls = calls
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self.create))

    def create(self, **request: Any) -> Any:
        self.asked.append(request)
        function = SimpleNamespace(name="look", arguments='{"at": "me"}')
        use = self.calls and "tools" in request and request["messages"][-1]["role"] != "tool"
        said: dict[str, Any] = {"role": "assistant", "content": f"reply {len(self.asked)}"}
        if use:
            said["tool_calls"] = [{"id": "call_7"}]
        message = SimpleNamespace(
            content=said["content"],
            tool_calls=[SimpleNamespace(function=function)] if use else None,
            model_dump=lambda exclude_none: said,
        )
        choice = SimpleNamespace(message=message, finish_reason="tool_calls" if use else "stop")
        return SimpleNamespace(choices=[choice], usage=SimpleNamespace(completion_tokens=5))


def task(*messages: tuple[str, str], **parameters: Any) -> tasks.Task:
    return tasks.Task("a", "memory", "en", messages, {"contains_any": ["2"]}, parameters)


def said(parrot: Parrot) -> list[tuple[str, str]]:
    return [(m["role"], m["content"]) for m in parrot.asked[-1]["messages"]]


def test_the_models_own_replies_go_into_the_history() -> None:
    parrot: Any = Parrot()
    reply, tokens = tasks.ask(parrot, "m", task(("system", "s"), ("user", "one"), ("user", "two")))
    expected = [("system", "s"), ("user", "one"), ("assistant", "reply 1"), ("user", "two")]
    assert said(parrot) == expected
    assert (reply.text, tokens, len(parrot.asked)) == ("reply 2", 10, 2)
    assert parrot.asked[0]["temperature"] == 0


def test_a_written_reply_is_not_asked_for() -> None:
    parrot: Any = Parrot()
    tasks.ask(parrot, "m", task(("user", "one"), ("assistant", "yes"), ("user", "two"), stop=["x"]))
    assert said(parrot) == [("user", "one"), ("assistant", "yes"), ("user", "two")]
    assert (len(parrot.asked), parrot.asked[0]["stop"]) == (1, ["x"])


def test_a_tools_result_answers_the_models_call() -> None:
    asked = task(("user", "Look"), ("tool", "21"), tools=[{}])
    parrot: Any = Parrot()
    reply, _ = tasks.ask(parrot, "m", asked)
    assert parrot.asked[1]["messages"][-1]["tool_call_id"] == "call_7"
    assert (reply.text, reply.calls) == ("reply 2", ())
    silent: Any = Parrot(calls=False)
    assert tasks.ask(silent, "m", asked)[0].text == "no tool was called"


def test_a_call_is_taken_from_the_reply() -> None:
    parrot: Any = Parrot()
    reply, _ = tasks.ask(parrot, "m", task(("user", "Look"), tools=[{}]))
    assert reply.calls == (("look", '{"at": "me"}'),)
    assert reply.finish_reason == "tool_calls"


def test_the_practice_service_takes_every_kind_of_request(service: Any) -> None:
    client = OpenAI(api_key=service.key, base_url=service.base_url, timeout=120)
    by_id = {task.id: task for task in TASKS}
    ids = ("stop-length", "json-schema-order", "tools-weather", "tools-zh-light")
    for asked in map(by_id.__getitem__, ids):
        reply, tokens = tasks.ask(client, service.model, asked)
        assert tokens > 0
        if asked.kind == "stop":
            assert scoring.right(reply, asked.expect)
        if asked.kind == "json":
            assert set(json.loads(reply.text)) == set(asked.expect["json"])


# --- the table -------------------------------------------------------------------------------


def results() -> tuple[list[tasks.Task], list[quality.Result]]:
    todo = [
        tasks.Task("a", "facts", "en", (), {}),
        tasks.Task("b", "facts", "en", (), {}),
        tasks.Task("c", "tools", "zh", (), {}),
    ]
    small = quality.Result(
        "small",
        {"a": text("Paris"), "b": text("I\nthink " + "x" * 99), "c": call("look", at="me")},
        {"a": True, "b": False, "c": False},
        tokens=90,
        seconds=2.0,
        receipts={"receipts: fields right": "62.5 %"},
    )
    large = quality.Result("large", {}, {"a": True, "b": True, "c": True}, 90, 4.0)
    return todo, [small, large]


def test_one_table_with_a_column_for_each_model() -> None:
    lines = quality.table(*results())
    assert [line.split() for line in lines] == [
        ["small", "large"],
        ["facts,", "en", "1/2", "2/2"],
        ["tools,", "zh", "0/1", "1/1"],
        ["all,", "en", "1/2", "2/2"],
        ["all,", "zh", "0/1", "1/1"],
        ["all", "1/3", "3/3"],
        ["tokens/s,", "prompts", "included", "45.0", "22.5"],
        ["seconds", "2", "4"],
        ["receipts:", "fields", "right", "62.5", "%", "-"],
    ]
    assert len({len(line) for line in lines}) == 1


def test_failed_tasks_show_the_beginning_of_their_reply() -> None:
    todo, (small, large) = results()
    head, b, c = quality.failed(todo, small)
    assert head == "small: 2 tasks not right"
    assert b.split("] ", 1)[1] == "I think " + "x" * (quality.SHOWN - 8)
    assert c.split() == ["c", "[tool_calls]", 'look({"at":', '"me"})']
    assert quality.failed(todo, large) == ["large: 0 tasks not right"]


def test_figures_of_two_models(monkeypatch: Any, capsys: Any, tmp_path: Path) -> None:
    def measured(model: Path, todo: list[tasks.Task]) -> quality.Result:
        good = {task.id: task.language == "en" or model.stem == "b" for task in todo}
        return quality.Result(model.stem, {task.id: text("x") for task in todo}, good)

    monkeypatch.setattr(quality, "measure", measured)
    models = [tmp_path / "a.gguf", tmp_path / "b.gguf"]
    one, other = quality.figures(models, show=True)
    english = sum(task.language == "en" for task in TASKS)
    assert one.value == pytest.approx(100 * english / len(TASKS))
    assert (other.value, other.unit) == (100, "%")
    printed = capsys.readouterr().out
    assert f"a: {len(TASKS) - english} tasks not right" in printed
    list(quality.figures(models))
    assert "not right" not in capsys.readouterr().out


def test_the_command_hands_models_and_show_on(
    monkeypatch: Any, capsys: Any, tmp_path: Path
) -> None:
    given: list[Any] = []

    def figures(models: list[Path], *, show: bool) -> list[Figure]:
        given.append((models, show))
        return [Figure("tasks right", 50, "%")]

    monkeypatch.setattr(quality, "figures", figures)
    one, other = tmp_path / "a.gguf", tmp_path / "b.gguf"
    one.touch()
    other.touch()
    for options in ([], ["--model", str(one), "--model", str(other), "--show"]):
        monkeypatch.setattr("sys.argv", ["bench", "quality", *options])
        assert bench.main() == 0
    assert given == [([], False), ([one, other], True)]
    assert "tasks right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["start", "--show"], "belong to the group quality"),
        (["quality", "--model", "gone.gguf"], "there is no file gone.gguf"),
    ],
)
def test_the_command_refuses(monkeypatch: Any, capsys: Any, words: list[str], reason: str) -> None:
    monkeypatch.setattr("sys.argv", ["bench", *words])
    with pytest.raises(SystemExit):
        bench.main()
    assert reason in capsys.readouterr().err
