"""Pictures through the service: what the reply says, what they cost, and what is refused."""

from __future__ import annotations

import base64
import functools
import io
import json
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import openai
import pytest
from openai import OpenAI
from PIL import Image

from conftest import ROOT
from practice.eye import image as images
from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

PICTURES = ROOT / "notebooks" / "pictures"
RECEIPT = PICTURES / "receipts" / "receipt-01.png"


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=170) as one:
        yield one


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """The kit's pictures at an address of this computer."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=PICTURES))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def data_url(raw: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def part(url: str, detail: str = "auto") -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, "detail": detail}}


def ask(client: OpenAI, *parts: dict[str, Any], **more: Any) -> Any:
    content = [{"type": "text", "text": "What is the total? Reply in JSON."}, *parts]
    return client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": content}],  # type: ignore[misc,list-item]
        temperature=0,
        max_completion_tokens=20,
        **more,
    )


def test_the_reply_states_what_was_read_then_answers(client: OpenAI) -> None:
    url = data_url(RECEIPT.read_bytes())
    reply = ask(client, part(url))
    text = reply.choices[0].message.content
    assert "GREEN MARKET" in text
    assert "7.00" in text
    assert "PNG" in text
    streamed = ask(client, part(url), stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == text


def test_a_schema_gets_json_and_nothing_else(client: OpenAI) -> None:
    schema = {
        "type": "object",
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
        "additionalProperties": False,
    }
    wanted = {"name": "receipt", "strict": True, "schema": schema}
    reply = ask(
        client,
        part(data_url(RECEIPT.read_bytes())),
        response_format={"type": "json_schema", "json_schema": wanted},
    )
    assert json.loads(reply.choices[0].message.content) == {"total": 7.0}


def test_pictures_are_counted_by_the_formula(client: OpenAI) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (2048, 2048), "white").save(blank, "PNG")
    url = data_url(blank.getvalue())
    high = ask(client, part(url, "high")).usage.prompt_tokens
    low = ask(client, part(url, "low")).usage.prompt_tokens
    assert low - high == 4916 - 3000  # by hand, in tests/practice/eye/test_images.py


def test_a_photograph_of_a_cat_is_called_a_cat(client: OpenAI) -> None:
    content = [
        {"type": "text", "text": "Which animal is in this picture?"},
        part(data_url((PICTURES / "cat.jpg").read_bytes(), "jpeg")),
    ]
    reply = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": content}],  # type: ignore[misc,list-item]
        temperature=0,
        max_completion_tokens=60,
    )
    assert "cat" in str(reply.choices[0].message.content).lower().replace("probably", "")


def first_token(client: OpenAI) -> float:
    """Seconds to the first word of a reply to a question without a picture."""
    start = time.monotonic()
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "What is the capital of France?"}],
        temperature=0,
        max_completion_tokens=4,
        stream=True,
    )
    seconds = [
        time.monotonic() - start
        for chunk in stream
        if chunk.choices and chunk.choices[0].delta.content
    ]
    return seconds[0]


def test_twenty_photographs_in_one_request_starve_nobody(client: OpenAI) -> None:
    photographs = []
    with Image.open(PICTURES / "cat.jpg") as cat:
        for number in range(20):  # each another one, so that none is remembered
            out = io.BytesIO()
            cat.rotate(number - 10).save(out, "JPEG")
            photographs.append(part(data_url(out.getvalue(), "jpeg")))
    alone = statistics.median(first_token(client) for _ in range(3))
    beside = []
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(ask, client, *photographs)
        while not reply.done():
            beside.append(first_token(client))
    text = reply.result().choices[0].message.content
    assert len(beside) > 1
    assert statistics.median(beside) < alone + 2
    assert reply.result().usage.prompt_tokens > 20 * images.tokens(451, 300)
    assert text


def test_a_picture_by_its_address(client: OpenAI, website: str) -> None:
    reply = ask(client, part(f"{website}/receipts/{RECEIPT.name}"), part(f"{website}/sign.png"))
    text = reply.choices[0].message.content
    assert "Picture 1" in text
    assert "Picture 2" in text


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("{website}/nothing.png", "invalid_image_url"),
        ("{website}/receipts/answers.json", "invalid_image_format"),
        ("http://192.168.0.1/x.png", "invalid_image_url"),
        ("ftp://127.0.0.1/x.png", "invalid_image_url"),
        (data_url(b"no picture at all"), "invalid_image_format"),
        (data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg+xml"), "invalid_image_format"),
    ],
    ids=["404", "no picture", "private", "ftp", "text", "svg"],
)
def test_refused_pictures(client: OpenAI, website: str, url: str, code: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, part(url.format(website=website)))
    assert caught.value.code == code
    assert str(caught.value.param).startswith("messages[0].content[1].image_url")
