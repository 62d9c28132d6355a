"""What the default model answers, asked as a learner asks: over HTTP, through the SDK.

The other tests of the service run on the small model, which is four times as fast.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest

from conftest import ROOT
from helpers.images import image_part
from practice.process import launcher
from practice.process.models import default_model

PICTURES = ROOT / "notebooks" / "pictures"
CHINESE = range(0x4E00, 0xA000)

WEATHER = {
    "type": "function",
    "function": {
        "name": "lookup_weather",
        "description": "Look up whether it is sunny or raining in a city now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
SHOP = {
    "type": "function",
    "function": {
        "name": "search_products",
        "description": "Search the products of the shop.",
        "parameters": {
            "type": "object",
            "properties": {
                "query": {"type": "string"},
                "category": {"type": "string", "enum": ["shoes", "shirts", "coats"]},
            },
            "required": ["query", "category"],
        },
    },
}


@pytest.fixture(scope="module")
def client(
    default_model_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[openai.OpenAI]:
    """A client of a service with the default model, in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRST_CALL_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("PRACTICE_MODEL", str(default_model_file))
        service = launcher.ensure_running()
        with openai.OpenAI(api_key=service.key, base_url=service.base_url, timeout=150) as made:
            yield made
        launcher.stop()


def say(client: openai.OpenAI, *content: Any, **more: Any) -> Any:
    """The choice of a short call at temperature 0; `more` goes along."""
    said = [{"role": "user", "content": content[0] if len(content) == 1 else list(content)}]
    options: dict[str, Any] = {"max_completion_tokens": 60, "temperature": 0, "messages": said}
    return client.chat.completions.create(model=default_model().id, **(options | more)).choices[0]


def test_it_calls_itself_by_its_name(client: openai.OpenAI) -> None:
    assert next(iter(client.models.list())).id == default_model().id


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 17 + 25?", "42"),
        ("What is the capital of Australia?", "Canberra"),
        ("法国的首都是哪里？", "巴黎"),
        ("Translate into English: 我喜欢读书。", "read"),
    ],
)
def test_facts_in_two_languages(client: openai.OpenAI, question: str, answer: str) -> None:
    choice = say(client, question)
    assert answer in choice.message.content
    assert choice.finish_reason == "stop"


def test_a_chinese_question_gets_a_chinese_answer(client: openai.OpenAI) -> None:
    text = say(client, "用一句话说明什么是递归。").message.content
    assert sum(ord(letter) in CHINESE for letter in text) > len(text) / 2


@pytest.mark.parametrize("more", [{}, {"temperature": 1, "seed": 3}], ids=["cold", "seed"])
def test_the_same_text_alone_and_in_a_crowd(client: openai.OpenAI, more: dict[str, Any]) -> None:
    """With the file as it is published, half of these texts differ."""

    def text(question: str) -> str:
        return str(say(client, question, max_completion_tokens=40, **more).message.content)

    questions = [
        "Tell me about the sea.",
        "Write a story about a cat.",
        "How do plants grow?",
        "Describe Rome.",
        "What is a database?",
    ]
    alone = [text(question) for question in questions]
    with ThreadPoolExecutor(len(questions)) as pool:
        assert list(pool.map(text, questions)) == alone


def test_a_schema_in_the_prompt_gives_the_data(client: openai.OpenAI) -> None:
    """JSON mode of a library: the schema stands in the system message."""
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["name", "age"],
    }
    messages = [
        {
            "role": "system",
            "content": f"Answer in JSON that fits this schema: {json.dumps(schema)}",
        },
        {"role": "user", "content": "Kenji Sato is 41 years old."},
    ]
    choice = say(client, "", messages=messages, response_format={"type": "json_object"})
    assert json.loads(choice.message.content) == {"name": "Kenji Sato", "age": 41}


@pytest.mark.parametrize(
    ("question", "tool", "expected"),
    [
        ("Is it sunny in Berkeley?", WEATHER, {"city": "Berkeley"}),
        ("请查一下上海现在的天气。", WEATHER, {"city": "上海"}),
    ],
)
def test_the_model_decides_to_call(
    client: openai.OpenAI, question: str, tool: Any, expected: dict[str, str]
) -> None:
    choice = say(client, question, tools=[tool])
    assert choice.finish_reason == "tool_calls"
    assert json.loads(choice.message.tool_calls[0].function.arguments) == expected


def test_arguments_fit_the_schema(client: openai.OpenAI) -> None:
    choice = say(client, "I am looking for a new coat.", tools=[SHOP])
    arguments = json.loads(choice.message.tool_calls[0].function.arguments)
    assert "coat" in arguments["query"]
    assert arguments["category"] in ("shoes", "shirts", "coats")


def test_the_model_decides_not_to_call(client: openai.OpenAI) -> None:
    choice = say(client, "What is the capital of Japan?", tools=[WEATHER, SHOP])
    assert choice.finish_reason == "stop"
    assert "Tokyo" in choice.message.content


def test_a_picture_is_answered_in_a_sentence(client: openai.OpenAI) -> None:
    part = image_part(PICTURES / "sign.png")
    text = say(client, {"type": "text", "text": "When is the shop open?"}, part).message.content
    assert "8:00" in text
    assert "20:00" in text
    assert "\n" not in text.strip()
    assert "practice mode" not in text


def test_a_photograph_of_a_cat_is_called_a_cat(client: openai.OpenAI) -> None:
    part = image_part(PICTURES / "cat.jpg")
    text = say(client, {"type": "text", "text": "What is in this photo?"}, part).message.content
    assert "cat" in text.lower()


def test_the_right_one_of_two_pictures(client: openai.OpenAI) -> None:
    parts = [image_part(PICTURES / name) for name in ("sign.png", "menu.png")]
    asked = {"type": "text", "text": "Which of the two pictures shows a price?"}
    text = say(client, asked, *parts).message.content
    assert "2" in text or "second" in text.lower() or "menu" in text.lower()
