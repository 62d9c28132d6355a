"""A picture, and beside it what the model said about it."""

from html import escape
from pathlib import Path

from openai.types.chat import ChatCompletion

from practice.process.language import gettext as _

from ..errors import FirstCallError
from ..images import image_part
from .display import BOX, show

LOOK = "max-width: 320px; border: 1px solid gray"
"""With an edge: a receipt is white, and so is the page of a light theme."""


def show_beside(source: str | Path, answer: ChatCompletion | str, *, alt: str) -> None:
    """Show the picture at ``source`` (a file or a data URL) with ``answer`` on its right.

    ``alt`` says in words what the picture shows, for those who cannot see it. Raises
    FirstCallError when it says nothing, and when the picture cannot be read. Elsewhere than
    in a notebook, prints both as text.
    """
    if not alt.strip():
        raise FirstCallError(
            _("The picture has no words for those who cannot see it."),
            _('Say what it shows, for example alt="A red apple".'),
        )
    if isinstance(answer, str):
        text = answer
    else:
        said = answer.choices[0].message
        text = said.content or said.refusal or ""
    url = image_part(source)["image_url"]["url"]
    picture = f'<img src="{escape(url)}" alt="{escape(alt)}" style="{LOOK}">'
    if not url.startswith("data:"):  # looking at it here would download it
        picture = escape(_("[{alt}, at {url}]").format(alt=alt, url=url))
    show(
        f'<div style="display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start">'
        f"<div>{picture}</div>"
        f'<div style="{BOX}; flex: 1 1 16em; white-space: pre-wrap">{escape(text)}</div></div>',
        f"[{alt}]\n{text}",
    )
