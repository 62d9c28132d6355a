"""ask, show_stream, cost lines, the meter and explain, over real errors of the real SDK."""

import json
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from one_line import in_one_line
from openai.types.chat import ChatCompletion

from helpers import (
    BudgetError,
    FirstCallError,
    Meter,
    ask,
    connect,
    cost,
    cost_line,
    explain,
    session_meter,
    show_stream,
)
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from helpers.explanations import as_first_call_error

KEY = "sk-" + "T3st" * 10
URL = "https://api.openai.com/v1"


def reply_body(model: str = "gpt-5.4-mini", **changes: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "Hello."}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 42, "completion_tokens": 25, "total_tokens": 67},
        **changes,
    }


def client_for(answer: Callable[[httpx2.Request], httpx2.Response] | httpx2.Response) -> Any:
    """Return a real SDK client whose network is ``answer``."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        return answer(request) if callable(answer) else answer

    made = openai.OpenAI(
        api_key=KEY,
        base_url=URL,
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(handle)),
    )
    settings_module._made[made] = settings_module.settings(api_key=KEY)
    return made


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a session with a key, as a notebook's first cell does."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(cost, "_meters", {})
    connect(api_key=KEY)


# ---- ask


def test_ask_sends_what_the_sdk_would() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return httpx2.Response(200, json=reply_body())

    reply = ask(client_for(answer), "Hi", system="Be brief.", temperature=0)
    assert type(reply) is ChatCompletion
    assert reply.choices[0].message.content == "Hello."
    assert sent == [
        {
            "model": "gpt-5.4-mini",
            "temperature": 0,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Hi"},
            ],
        }
    ]
    ask(client_for(answer), [{"type": "text", "text": "Hi"}], model="other")
    assert sent[1]["model"] == "other"
    assert sent[1]["messages"] == [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]


def test_ask_keeps_the_cause() -> None:
    client = client_for(httpx2.Response(401, json={"error": {"message": "Incorrect API key"}}))
    with pytest.raises(FirstCallError, match="does not know this API key") as caught:
        ask(client, "Hi")
    assert isinstance(caught.value.__cause__, openai.AuthenticationError)


def test_ask_does_not_take_a_web_page_for_a_reply() -> None:
    page = httpx2.Response(200, html="<html>Sign in</html>")
    with pytest.raises(FirstCallError, match="web page"):
        ask(client_for(page), "Hi")
    with pytest.raises(FirstCallError, match="web page"):
        show_stream("<html>")  # type: ignore[arg-type]


def test_ask_does_not_stream() -> None:
    with pytest.raises(FirstCallError, match="show_stream"):
        ask(client_for(httpx2.Response(200)), "Hi", stream=True)


# ---- streams


def chunk(content: str | None = None, finish: str | None = None, **more: Any) -> str:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    body = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
        **more,
    }
    return f"data: {json.dumps(body)}\n\n"


def stream_of(*lines: str) -> Any:
    response = httpx2.Response(
        200, content="".join(lines).encode(), headers={"content-type": "text/event-stream"}
    )
    return client_for(response).chat.completions.create(messages=[], model="m", stream=True)


def test_show_stream(capsys: pytest.CaptureFixture[str]) -> None:
    usage = chunk(choices=[], usage=reply_body()["usage"])
    stream = stream_of(
        chunk(""), chunk("Hel"), chunk("lo"), chunk(None, "stop"), usage, "data: [DONE]\n\n"
    )
    assert show_stream(stream) == "Hello"
    assert capsys.readouterr().out == "Hello\n"


def test_a_cut_stream_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert show_stream(stream_of(chunk("Hel"))) == "Hel"
    assert "the stream was cut" in capsys.readouterr().out


def test_an_interrupt_closes_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(httpx2.SyncByteStream):
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield chunk("Hel").encode()

        def close(self) -> None:
            self.closed = True

    body = Slow()
    response = httpx2.Response(200, stream=body, headers={"content-type": "text/event-stream"})
    stream = client_for(response).chat.completions.create(messages=[], model="m", stream=True)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("builtins.print", stop)
        with pytest.raises(KeyboardInterrupt):
            show_stream(stream)
    assert body.closed


def test_a_connection_lost_in_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    class Lost(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield chunk("Hel").encode()
            raise httpx2.RemoteProtocolError("peer closed connection")

    response = httpx2.Response(200, stream=Lost(), headers={"content-type": "text/event-stream"})
    stream = client_for(response).chat.completions.create(messages=[], model="m", stream=True)
    with pytest.raises(FirstCallError, match="connection broke"):
        show_stream(stream)
    assert capsys.readouterr().out == "Hel\n"


# ---- cost


def reply(model: str, **changes: Any) -> ChatCompletion:
    return ChatCompletion.model_validate(reply_body(model, **changes))


def test_cost_line() -> None:
    assert cost_line(reply("gpt-5.4-mini")) == "42 tokens in · 25 out · $0.00014"
    assert cost_line(reply("gpt-5.4-mini-2026-03-17")) == "42 tokens in · 25 out · $0.00014"
    assert cost_line(reply("qwen2.5-coder-0.5b-instruct")) == (
        "42 tokens in · 25 out · practice: free (at gpt-5.4-mini list prices: $0.00014)"
    )
    assert cost_line(reply("nobody-knows")) == (
        "42 tokens in · 25 out · no list price known for nobody-knows"
    )
    assert cost_line(reply("gpt-5.4-mini", usage=None)).startswith("no token count")


def test_cost_line_elsewhere() -> None:
    connect(api_key=KEY, provider="deepseek")
    assert cost_line(reply("deepseek-v4-flash")).startswith("42 tokens in · 25 out · $0.0000")
    connect(provider="ollama")
    assert cost_line(reply("llama3")) == "42 tokens in · 25 out · free"
    connect(api_key=KEY, base_url="https://gateway.example/v1")
    assert "no list price known" in cost_line(reply("gpt-5.4-mini"))


def test_tokens_read_from_the_cache_cost_less() -> None:
    usage = {**reply_body()["usage"], "prompt_tokens_details": {"cached_tokens": 40}}
    cheap = cost.list_price(reply("gpt-5.4-mini", usage=usage))
    full = cost.list_price(reply("gpt-5.4-mini"))
    assert cheap is not None
    assert full is not None
    assert 0 < cheap < full


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "$0"), (0.000144, "$0.00014"), (0.0999, "$0.100"), (0.5, "$0.50"), (12.345, "$12.35")],
)
def test_dollars(amount: float, shown: str) -> None:
    assert cost.dollars(amount) == shown


# ---- the budget


def test_a_budget_stops_the_next_call() -> None:
    calls = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(request)
        return httpx2.Response(200, json=reply_body())

    meter = Meter(budget=0.0002)
    ask(client_for(answer), "Hi", meter=meter)
    ask(client_for(answer), "Hi", meter=meter)
    with pytest.raises(BudgetError, match=r"The budget of \$0.00020 is used up"):
        ask(client_for(answer), "Hi", meter=meter)
    assert len(calls) == 2
    assert str(meter) == "2 calls · 84 tokens in · 50 out · $0.00029 of $0.00020 at list prices"


def test_a_budget_of_zero_stops_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_BUDGET", "0")
    connect(api_key=KEY)
    with pytest.raises(BudgetError, match=r"The budget of \$0 is used up"):
        ask(client_for(httpx2.Response(500)), "Hi")


def test_a_budget_needs_a_price() -> None:
    meter = Meter(budget=1)
    meter.add(reply("nobody-knows"))
    with pytest.raises(BudgetError, match="not known"):
        meter.check()


def test_the_session_meter_adds_up() -> None:
    client = client_for(lambda request: httpx2.Response(200, json=reply_body()))
    ask(client, "Hi")
    ask(client, "Hi")
    assert str(session_meter()) == "2 calls · 84 tokens in · 50 out · $0.00029 at list prices"


# ---- explain


def body(code: str | None = None, kind: str | None = None, message: str = "Something.") -> Any:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


STATUSES: dict[str, tuple[int, Any, str]] = {
    "wrong key": (401, body("invalid_api_key"), "does not know this API key"),
    "no key": (401, body(message="You didn't provide an API key."), "without an API key"),
    "credit": (429, body("credit_balance_exhausted", "insufficient_quota"), "no credit left"),
    "credit, older": (429, body("insufficient_quota", "insufficient_quota"), "no credit left"),
    "credit, new code": (429, body("credit_balance_exhausted"), "no credit left"),
    "rate": (429, body("rate_limit_exceeded", "requests"), "Too many requests"),
    "balance": (402, body(message="Insufficient Balance"), "balance is used up"),
    "region": (403, body("unsupported_country_region_territory"), "country or region"),
    "forbidden": (403, body(), "not allowed"),
    "retired": (404, body("model_not_found", message="has been deprecated"), "retired"),
    "unknown model": (404, body("model_not_found"), "no model of this name"),
    "path": (404, {"detail": "Not Found"}, "OPENAI_BASE_URL"),
    "long": (400, body("context_length_exceeded"), "longer than the model can read"),
    "json": (400, body(message="'messages' must contain the word 'json' in"), "word JSON"),
    "parameter": (400, body("unsupported_parameter", message="Unsupported: 'stop'."), "'stop'"),
    "value": (400, body("unsupported_value", message="Unsupported: 2."), "Unsupported: 2."),
    "image": (400, body("invalid_image_format"), "PNG, JPEG"),
    "image url": (400, body("invalid_image_url"), "could not fetch the image"),
    "filter": (400, body("content_filter"), "content filter"),
    "other 400": (400, body(message="Bad {thing}."), "Bad {thing}."),
    "422": (422, body(), "422"),
    "413": (413, body(), "too large"),
    "409": (409, body(), "409"),
    "408": (408, body(), "status 408"),
    "500": (500, body(None, "server_error"), "failed on its side (500)"),
    "502, no JSON": (502, None, "failed on its side (502)"),
    "503": (503, body("server_is_overloaded"), "overloaded"),
    "418": (418, body(), "status 418"),
}


@pytest.mark.parametrize("name", STATUSES)
def test_explain_a_status(name: str) -> None:
    status, answer, expected = STATUSES[name]
    if answer is None:
        response = httpx2.Response(status, html="<html>Bad gateway</html>")
    else:
        response = httpx2.Response(status, json=answer)
    with pytest.raises(openai.APIStatusError) as caught:
        client_for(response).chat.completions.create(messages=[], model="m")
    said = in_one_line(explain(caught.value))
    assert expected in said
    assert said.endswith(".")
    assert "{" not in said.replace("{thing}", "")


def test_explain_says_how_long_to_wait_and_what_is_simulated() -> None:
    message = "Rate limit reached [simulated by practice mode]"
    response = httpx2.Response(
        429, json=body("rate_limit_exceeded", message=message), headers={"retry-after": "20"}
    )
    with pytest.raises(openai.RateLimitError) as caught:
        client_for(response).models.list()
    assert "Wait 20 seconds" in in_one_line(explain(caught.value))
    assert "(Simulated by practice mode.)" in in_one_line(explain(caught.value))


def raised(call: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - the next lines look closer
        call()
    return caught.value


def real_client(**options: Any) -> openai.OpenAI:
    nobody = "http://127.0.0.1:9/v1"  # nothing listens there
    return openai.OpenAI(**{"api_key": KEY, "base_url": nobody, "max_retries": 0, **options})


def with_line_break(call: Callable[[openai.OpenAI], object]) -> object:
    """Call with a key that ends in a line break; only a live connection shows what is wrong."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        return call(real_client(api_key=KEY + "\n", base_url=url))


def time_out(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout("slow", request=request)


def not_a_certificate(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")


def bad_proxy(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ProxyError("407 Proxy Authentication Required")


def no_name(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("[Errno -2] Name or service not known")


def cut(reason: str) -> Callable[[], object]:
    message = {"role": "assistant", "content": '{"a": '}
    choices = [{"index": 0, "message": message, "finish_reason": reason}]
    client = client_for(httpx2.Response(200, json=reply_body(choices=choices)))

    class Row(openai.BaseModel):
        a: int

    return lambda: client.chat.completions.parse(messages=[], model="m", response_format=Row)


TROUBLES: dict[str, tuple[Callable[[], object], str]] = {
    "no key": (lambda: openai.OpenAI(), "No API key was given"),
    "refused": (
        lambda: real_client(base_url="http://127.0.0.1:9/v1").models.list(),
        "Nothing answers at",
    ),
    "empty address": (lambda: real_client(base_url="").models.list(), "base URL is empty"),
    "line break": (lambda: with_line_break(lambda client: client.models.list()), "line break"),
    "curly": (lambda: real_client(api_key=f"“{KEY}”").models.list(), "curly quotes"),
    "timeout": (lambda: client_for(time_out).models.list(), "time limit"),
    "certificate": (lambda: client_for(not_a_certificate).models.list(), "certificate"),
    "proxy": (lambda: client_for(bad_proxy).models.list(), "proxy"),
    "no network": (lambda: client_for(no_name).models.list(), "cannot be reached"),
    "parse length": (cut("length"), "token limit"),
    "parse filter": (cut("content_filter"), "content filter"),
    "web page": (lambda: "<html>".choices, "web page"),  # type: ignore[attr-defined]
    "json": (lambda: json.loads('{"a": '), "not JSON"),
    "env": (lambda: b"\xff\xfeO".decode(), "UTF-8"),
    "name": (lambda: clinet, "from the top"),  # type: ignore[name-defined]  # noqa: F821
    "module": (lambda: __import__("no_such_package"), "kernel"),
    "argument": (
        lambda: real_client().chat.completions.create(messages=[], model="m", temp=1),  # type: ignore[call-overload]
        "does not know",
    ),
    "arguments": (lambda: real_client().chat.completions.create(), "lacks a parameter"),  # type: ignore[call-overload]
    "unknown": (lambda: 1 / 0, "ZeroDivisionError: division by zero."),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_explain_a_trouble(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call, expected = TROUBLES[name]
    said = in_one_line(explain(raised(call)))
    assert expected in said
    assert KEY not in said
    assert KEY[3:] not in said


def test_a_simulated_error_is_about_a_provider_not_about_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    message = "Incorrect API key provided [simulated by practice mode]"
    response = httpx2.Response(401, json=body("invalid_api_key", message=message))
    said = in_one_line(explain(raised(lambda: client_for(response).models.list())))
    assert said == (
        "The provider does not know this API key (401). Make a new key at the provider's key "
        "page, put it in .env, and check that it belongs to the provider. "
        "(Simulated by practice mode.)"
    )


def test_every_class_of_the_sdk_has_an_answer() -> None:
    response = httpx2.Response(404, request=httpx2.Request("GET", URL))
    kinds = [getattr(openai, name) for name in dir(openai) if name.endswith("Error")]
    kinds = [kind for kind in kinds if issubclass(kind, openai.APIStatusError)]
    assert len(kinds) >= 9
    for kind in kinds:
        arguments = () if kind is openai.OAuthError else ("x",)
        error = kind(*arguments, response=response, body=None)
        assert "traceback" not in in_one_line(explain(error)), kind


def test_the_key_in_a_hidden_cause_stays_out_of_the_traceback() -> None:
    with pytest.raises(FirstCallError) as caught:
        with_line_break(lambda client: ask(client, "Hi"))
    shown = "".join(traceback.format_exception(caught.value))
    assert "line break" in shown
    assert isinstance(caught.value.__cause__, openai.APIConnectionError)
    assert KEY not in shown


def test_a_key_in_a_message_is_not_repeated() -> None:
    error = as_first_call_error(ValueError(f"bad key {KEY} and sk-pr****abcd"))
    assert "sk-" not in str(error)
    assert "bad key [key] and [key]" in str(error)


def test_explain_works_while_the_settings_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setenv("OPENAI_API_KEY", "“x”")
    assert "token limit" in in_one_line(explain(raised(cut("length"))))


def test_every_rule_can_be_said() -> None:
    from helpers import explanations as explaining

    words = explaining._words(ValueError("x"), None)
    for rule in explaining._rules():
        assert rule["what"].format_map(words)
        assert rule["do"].format_map(words)
