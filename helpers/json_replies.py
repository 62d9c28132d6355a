"""Read a JSON reply safely: first finish_reason, then the JSON, then its fields."""

from typing import TypeVar

from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from practice.process.language import gettext as _

from .errors import FirstCallError
from .finish_reason import finish_advice

Row = TypeVar("Row", bound=BaseModel)


def read_json(reply: ChatCompletion, schema: type[Row]) -> Row:
    """Return the JSON of ``reply`` as an object of the pydantic class ``schema``.

    Raises FirstCallError when the reply did not end by itself, when it is not JSON, and
    when a field is missing or wrong; the last two have pydantic's error as their cause.
    """
    choice = reply.choices[0]
    advice = finish_advice(choice)
    if advice.action == "continue":  # the second half may not fit the first
        fix = _("Ask again with a higher token limit, or ask for less.")
        raise FirstCallError(advice.what, fix)
    if advice.action != "use":
        raise FirstCallError(advice.what, advice.do)
    try:
        return schema.model_validate_json(choice.message.content or "")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            what, fix = (
                _("The reply is not JSON."),
                _("Ask for JSON in words and with response_format."),
            )
            raise FirstCallError(what, fix) from error
        where = ".".join(str(step) for step in first["loc"]) or _("the whole")
        more = error.error_count() - 1
        more_of_them = _(" (and {n} more)").format(n=more) if more else ""
        what = _("The JSON does not fit {schema}: {where}: {error}{more}.").format(
            schema=schema.__name__, where=where, error=first["msg"], more=more_of_them
        )
        fix = _("Name the fields in the prompt, use json_schema with strict, or try again.")
        raise FirstCallError(what, fix) from error
