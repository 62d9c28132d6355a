"""Clients that nobody here wrote work unchanged: the Node SDK, huggingface_hub, and curl.

The Node SDK's major version is the last one that runs on the Node.js of Debian 12 and 13 (18, 20).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from conftest import ROOT, need
from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

NODE = Path(__file__).parent / "node"
SIGN = ROOT / "notebooks" / "pictures" / "sign.png"
NO_NETWORK = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b")

RECURSION = "What is recursion in programming? Answer in one sentence."
ANSWER = "function calls itself"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}

# --- the official Node SDK -------------------------------------------------------------------


@pytest.fixture(scope="module")
def node(service: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each call of node/client.mjs gave."""
    program = need("node", "the Node SDK is tested against practice mode")
    npm = need("npm", "it installs the Node SDK")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "client.mjs"):
        shutil.copy(NODE / name, folder)
    environment = os.environ | {"npm_config_cache": str(folder / "cache")}
    options = "--ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=1".split()
    installed = run([npm, "ci", *options], folder, environment, seconds=240)
    if installed.returncode:
        reason = f"npm ci failed: {installed.stderr[-1500:]}"
        if NO_NETWORK.search(installed.stderr) and os.environ.get("CI") != "true":
            pytest.skip("no package index within reach: " + reason)
        pytest.fail(reason)
    environment |= {"PRACTICE_TEST_KEY": service.key}
    command = [program, "client.mjs", service.base_url, MODEL, str(SIGN)]
    done = run(command, folder, environment, seconds=240)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(
    command: list[str], folder: Path, environment: dict[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


def test_node_plain(node: dict[str, Any]) -> None:
    plain = node["plain"]
    reply = ChatCompletion.model_validate(plain["reply"], strict=False)
    assert ANSWER in (reply.choices[0].message.content or "")
    assert plain["type"] == "application/json"
    assert plain["request_id"].startswith("req_")


def test_node_stream(node: dict[str, Any]) -> None:
    whole = node["plain"]["reply"]
    chunks = [ChatCompletionChunk.model_validate(chunk) for chunk in node["stream"]]
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole["choices"][0]["message"]["content"]
    assert len(chunks) > 10
    assert chunks[-1].choices == []
    assert node["stream"][-1]["usage"] == whole["usage"]
    helped = node["stream_helper"]["choices"][0]
    assert helped["message"]["content"] == text
    assert helped["finish_reason"] == "stop"


def test_node_json_schema(node: dict[str, Any]) -> None:
    assert node["json_schema"]["message"]["parsed"] == {"name": "Maria Silva", "city": "Lisbon"}


def test_node_tool_there_and_back(node: dict[str, Any]) -> None:
    tool = node["tool"]
    assert tool["finish_reason"] == "tool_calls"
    assert tool["call"]["function"]["name"] == "get_weather"
    assert json.loads(tool["call"]["function"]["arguments"]) == {"city": "Paris"}
    assert "rain" in tool["answer"]["message"]["content"]


def test_node_image(node: dict[str, Any]) -> None:
    assert "GREEN MARKET" in node["image"]


def test_node_responses_and_models(node: dict[str, Any]) -> None:
    assert ANSWER in node["responses"]["text"]
    assert node["responses"]["status"] == "completed"
    assert node["models"][0] == MODEL


@pytest.mark.parametrize(
    ("call", "kind", "status", "code", "tries"),
    [
        ("wrong_key", "AuthenticationError", 401, "invalid_api_key", 1),
        ("unknown_model", "NotFoundError", 404, "model_not_found", 1),
        ("temperature_9", "BadRequestError", 400, "decimal_above_max_value", 1),
        ("rate_limit", "RateLimitError", 429, "rate_limit_exceeded", 2),  # one retry was allowed
    ],
)
def test_node_errors(
    node: dict[str, Any], call: str, kind: str, status: int, code: str, tries: int
) -> None:
    error = node[call]
    assert (error["class"], error["status"], error["code"]) == (kind, status, code)
    assert error["tries"] == tries
    assert error["requestID"].startswith("req_")


def test_node_retries_timeouts_and_a_stream_that_is_left(node: dict[str, Any]) -> None:
    assert node["busy_twice"]["tries"] == 3
    assert node["timeout"]["class"] == "APIConnectionTimeoutError"
    assert 6 <= node["abort"]["seen"] < 60
    assert node["abort"]["seconds"] < 10  # the six left replies would take 20 and more


# --- a Python client that is not the SDK -----------------------------------------------------


@pytest.fixture(scope="module")
def hugging_face(service: Service) -> Iterator[Any]:
    # Read when the package is imported: it would tell its makers that it is used.
    before = os.environ.get("HF_HUB_DISABLE_TELEMETRY")
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import InferenceClient

    yield InferenceClient(base_url=service.base_url, api_key=service.key, timeout=60)
    if before is None:
        del os.environ["HF_HUB_DISABLE_TELEMETRY"]


def complete(client: Any, text: str = RECURSION, **more: Any) -> Any:
    options = {"model": MODEL, "temperature": 0, "max_tokens": 40} | more
    return client.chat_completion([{"role": "user", "content": text}], **options)


def test_hugging_face_plain_and_streamed(hugging_face: Any) -> None:
    reply = complete(hugging_face)
    assert ANSWER in reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    chunks = list(complete(hugging_face, stream=True, stream_options={"include_usage": True}))
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == reply.choices[0].message.content
    assert chunks[-1].usage.total_tokens == reply.usage.total_tokens


def test_hugging_face_tools(hugging_face: Any) -> None:
    reply = complete(
        hugging_face, "What is the weather in Paris?", tools=[WEATHER], tool_choice="auto"
    )
    assert reply.choices[0].finish_reason == "tool_calls"
    function = reply.choices[0].message.tool_calls[0].function
    assert function.name == "get_weather"
    assert json.loads(function.arguments) == {"city": "Paris"}


def test_hugging_face_errors(hugging_face: Any) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    with pytest.raises(HfHubHTTPError, match="does not exist") as caught:
        complete(hugging_face, model="gpt-nothing")
    assert caught.value.response.status_code == 404
    assert caught.value.request_id.startswith("req_")


# --- no client at all ------------------------------------------------------------------------


def curl(service: Service, *options: str, body: Any = None, path: str = "/chat/completions") -> str:
    """What curl prints for a request, headers included."""
    program = need("curl", "raw HTTP is tested with it")
    command = [program, "--silent", "--show-error", "--include", "--max-time", "60", "--noproxy"]
    command += ["*", "-H", f"Authorization: Bearer {service.key}", *options]
    if body is not None:
        command += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    command.append(service.base_url + path)
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n")


def ask(text: str = RECURSION, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": text}]
    return {"model": MODEL, "messages": messages, "temperature": 0} | more


def headers_of(answer: str) -> tuple[int, dict[str, str], str]:
    """The status, the headers and the body of what curl printed."""
    head, _, body = answer.partition("\n\n")
    first, *lines = head.splitlines()
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


def test_curl_plain(service: Service) -> None:
    status, headers, body = headers_of(curl(service, body=ask(max_completion_tokens=40)))
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert headers["x-request-id"].startswith("req_")
    assert int(headers["openai-processing-ms"]) > 0
    for name in ("limit", "remaining", "reset"):
        assert headers[f"x-ratelimit-{name}-requests"]
        assert headers[f"x-ratelimit-{name}-tokens"]
    assert int(headers["content-length"]) == len(body.encode())
    assert ANSWER in json.loads(body)["choices"][0]["message"]["content"]
    assert "server" not in headers


def test_curl_stream_is_framed_as_server_sent_events(service: Service) -> None:
    request = ask(max_completion_tokens=40, stream=True, stream_options={"include_usage": True})
    status, headers, body = headers_of(curl(service, "-N", body=request))
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["transfer-encoding"] == "chunked"
    assert "content-length" not in headers
    # Each event is one line and an empty one, the last says that it is the last.
    assert body.endswith("\n\n")
    events = body.removesuffix("\n\n").split("\n\n")
    assert all(event.startswith("data: ") and "\n" not in event for event in events)
    assert events[-1] == "data: [DONE]"
    assert events.count("data: [DONE]") == 1
    chunks = [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk)
    assert len({chunk["id"] for chunk in chunks}) == 1
    text = "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks[:-1])
    assert ANSWER in text


def test_curl_gets_events_while_they_are_written(service: Service) -> None:
    program = need("curl", "raw HTTP is tested with it")
    request = ask("Tell the long history of Rome.", max_completion_tokens=1500, stream=True)
    command = [program, "-sN", "--max-time", "60", "--noproxy", "*", "-d", json.dumps(request)]
    command += ["-H", f"Authorization: Bearer {service.key}"]
    command.append(service.base_url + "/chat/completions")
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        first = [process.stdout.readline() for _ in range(9)]
        assert process.poll() is None  # it is still being written: 1,500 tokens take 20 seconds
        process.kill()
    assert [line.startswith("data: {") for line in first] == [True, False] * 4 + [True]


def test_curl_sees_errors_and_methods(service: Service) -> None:
    status, headers, body = headers_of(curl(service, body=ask(temperature=9)))
    assert (status, headers["content-type"]) == (400, "application/json")
    assert set(json.loads(body)["error"]) == {"message", "type", "param", "code"}
    status, headers, body = headers_of(curl(service, "-X", "DELETE"))
    assert status == 405
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
    status, _, body = headers_of(curl(service, "--head", path="/models"))
    assert status == 200
