"""The part of the doctor about calls: the learner's own provider and its model."""

import datetime
import email.utils
from collections.abc import Iterator, Mapping
from typing import Any

from openai import APIStatusError, OpenAIError

from helpers.connection.models import last_day
from helpers.connection.session import own_client, reach_this_computer_directly
from helpers.connection.settings import Settings, settings
from helpers.errors import SettingsError
from helpers.explanations import sentences
from practice.process.language import gettext as _

from .settings import settings_checks
from .table import Check

SAID = ("key", "base URL")
"""The checks of the settings without which no call is tried; they have said what to do."""

SOON = datetime.timedelta(days=90)

SKEW = datetime.timedelta(minutes=5)
"""A clock that is further off than this is wrong; answers on their way explain seconds."""

BROKEN_CLOCK = datetime.timedelta(days=1)
"""From about here on, certificates count as expired or as not valid yet."""


def model_checks() -> Iterator[Check]:
    """The learner's own provider and model. In practice mode nothing is called."""
    if any(check.state == "FIX" and check.name in SAID for check in settings_checks()):
        return
    try:
        chosen = settings()
    except SettingsError as error:
        yield Check("FIX", "settings", error.what, error.fix)
        return
    if chosen.mode == "practice":
        text = _("practice mode, {model}").format(model=chosen.model)
        yield Check("OK", "model", text)
        return
    name, listed = chosen.provider.name, None
    try:
        reach_this_computer_directly()
        client = own_client(chosen, {"timeout": 10.0, "max_retries": 0})
        answer = client.models.with_raw_response.list()
        yield from skew_checks(name, answer.headers)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        # The SDK cannot make a list of models from anything else.
        listed = listed_models(answer.parse()) if kind.strip().endswith("json") else None
    except (OpenAIError, ImportError, ValueError) as error:
        if isinstance(error, APIStatusError):
            yield from skew_checks(name, error.response.headers)
        yield Check("FIX", "provider", *sentences(error))
    else:
        if listed is None:
            text = _("{address} answers with a web page, not with models")
            fix = _("Correct OPENAI_BASE_URL; it often ends in /v1.")
            yield Check("FIX", "provider", text.format(address=chosen.base_url), fix)
        else:
            text = _("{provider} answers and lists {number} models")
            text = text.format(provider=name, number=len(listed))
            yield Check("OK", "provider", text)
    yield from name_checks(chosen, listed)


def listed_models(page: Any) -> dict[str, Any] | None:
    """Return what a list of models says about the last day of each, by the model's name.

    None where the answer is no such list.
    """
    models = getattr(page, "data", None)
    if not isinstance(models, list) or not all(hasattr(model, "id") for model in models):
        return None
    found = {model.id: getattr(model, "shutdown_date", None) for model in models}
    # Gemini's list says models/NAME, its calls take NAME too.
    return {name.removeprefix("models/"): end for name, end in found.items()}


def name_checks(chosen: Settings, listed: dict[str, Any] | None) -> Iterator[Check]:
    """Check the model's name against the list (None: there is none), and its last day.

    The last day comes from the list or from the dates the kit knows.
    """
    model, name = chosen.model, chosen.provider.name
    if not model:
        text = _("the first that {provider} lists").format(provider=name)
        yield Check("OK", "model", text)
        return
    other = chosen.provider.model
    fix = _("Set OPENAI_MODEL in .env to a newer one.")
    if other and other != model:
        fix = _("Set OPENAI_MODEL in .env to a newer one, like {model}.").format(model=other)
    openai = chosen.provider.id == "openai"
    end = date_of((listed or {}).get(model)) or last_day(chosen.provider.id, model)
    today = datetime.date.today()
    if end and end <= today:
        text = _("{model} was shut down on {day}").format(model=model, day=end)
        yield Check("FIX", "model", text, fix)
    elif listed is not None and model not in listed:
        # OpenAI lists every model; another provider may list fewer than it has.
        text = _("{provider} does not list {model}: retired, misspelt, or not yours")
        text = text.format(provider=name, model=model)
        yield Check("FIX" if openai else "look", "model", text, fix)
    elif end and end <= today + SOON:
        text = _("{model} will be shut down on {day}").format(model=model, day=end)
        yield Check("look", "model", text, fix)
    elif listed is not None:
        until = _("runs until {day}").format(day=end) if end else _("no last day is known")
        text = _("{model} at {provider}, {until}")
        yield Check("OK", "model", text.format(model=model, provider=name, until=until))


def skew_checks(name: str, headers: Mapping[str, str]) -> Iterator[Check]:
    """Compare this computer's clock with the provider's, which stands in each answer."""
    try:
        theirs = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return
    if theirs.tzinfo is None or "age" in headers:  # an answer kept by a proxy is older
        return
    skew = datetime.datetime.now(datetime.UTC) - theirs
    if abs(skew) > SKEW:
        minutes = round(abs(skew) / datetime.timedelta(minutes=1))
        ahead, behind = (
            _("{minutes} minutes ahead of the clock of {provider}"),
            _("{minutes} minutes behind the clock of {provider}"),
        )
        text = (ahead if skew > SKEW else behind).format(minutes=minutes, provider=name)
        fix = _("Set the date and the time of this computer.")
        yield Check("FIX" if abs(skew) > BROKEN_CLOCK else "look", "clock", text, fix)


def date_of(value: Any) -> datetime.date | None:
    """Return a date from what a service may write: ISO text or seconds; None for all else."""
    try:
        if isinstance(value, (int, float)):
            return datetime.datetime.fromtimestamp(value, datetime.UTC).date()
        return datetime.date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError, OSError):
        return None
