"""The finish_reason explorer: move the token limit, set a stop text, see how the reply ends."""

from typing import Any

from openai import OpenAI

from ..views.display import show_widget

QUESTION = "List five fruits, one per line."

FALLBACK = """No window here? Then change the numbers of this call, and run it again:
    from helpers import ask
    reply = ask(client, "List five fruits, one per line.", temperature=0,
        max_completion_tokens=10, stop=["3"])
    print(reply.choices[0].finish_reason)"""


def finish_explorer(client: OpenAI, question: str = QUESTION, **params: Any) -> None:
    """Show a slider for the token limit and a field for a stop text, and run what they say.

    ``params`` go to every call. Where widgets cannot be shown, the text says how to do the
    same without them.
    """

    def box() -> Any:
        from .finish_explorer import Explorer  # late: it needs ipywidgets

        return Explorer(client, question, **params).box

    show_widget(box, FALLBACK)
