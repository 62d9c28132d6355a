"""What explain() says of money, of limits and of pace: each has another remedy."""

import httpx2
import openai
import pytest
from one_line import in_one_line

from helpers import explain
from practice.data import load

MONEY = "waiting a minute does not help"


def answered(status: int, kind: str | None, code: str | None) -> BaseException:
    """The SDK's own error for an answer."""
    error = {"message": "Something.", "type": kind, "param": None, "code": code}
    response = httpx2.Response(status, json={"error": error})
    client = openai.OpenAI(
        api_key="none",
        base_url="http://127.0.0.1:9/v1",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(lambda _: response)),
    )
    with pytest.raises(openai.APIStatusError) as caught:
        client.models.list()
    return caught.value


@pytest.mark.parametrize(
    ("code", "whose", "remedy"),
    [
        ("organization_spend_limit_exceeded", "Your organization has reached", "raise the limit"),
        ("project_spend_limit_exceeded", "The project of this key", "another project"),
        ("organization_usage_limit_exceeded", "has used as much as", "higher usage limit"),
        ("a_code_of_next_year", "a limit on what it may spend", "Billing and Limits"),
    ],
)
def test_a_limit_on_money_is_no_missing_credit_and_no_question_of_pace(
    code: str, whose: str, remedy: str
) -> None:
    said = in_one_line(explain(answered(429, "insufficient_quota", code)))
    assert whose in said
    assert remedy in said
    assert MONEY in said
    assert "no credit left" not in said
    assert "Wait a minute" not in said


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("insufficient_quota", "credit_balance_exhausted"),
        ("insufficient_quota", "insufficient_quota"),
        ("insufficient_quota", None),
        (None, "credit_balance_exhausted"),
    ],
)
def test_missing_credit(kind: str | None, code: str | None) -> None:
    assert "no credit left" in in_one_line(explain(answered(429, kind, code)))


@pytest.mark.parametrize("status", [429, 503])
def test_slow_down_is_a_question_of_pace(status: int) -> None:
    said = in_one_line(explain(answered(status, "requests", "slow_down")))
    assert "grew too fast" in said
    assert f"({status})" in said
    assert "little by little" in said


def test_a_type_is_not_taken_for_a_code_where_there_is_one() -> None:
    assert "Too many requests" in in_one_line(
        explain(answered(429, "slow_down", "rate_limit_exceeded"))
    )


@pytest.mark.parametrize("row", ["spend_limit", "project_spend_limit", "usage_limit"])
def test_practice_mode_gives_what_is_explained(row: str) -> None:
    answer = load("errors.toml")[row]
    assert answer["type"] == "insufficient_quota"
    assert MONEY in in_one_line(explain(answered(answer["status"], answer["type"], answer["code"])))


def test_a_retired_model_is_answered_like_an_unknown_one() -> None:
    said = in_one_line(explain(answered(404, "invalid_request_error", "model_not_found")))
    assert "misspelt, retired, or not open to your account" in said
