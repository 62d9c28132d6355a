"""The key form: a password field that writes the key into ``.env`` and never shows it.

What is written and tried is the business of key_file.
"""

from typing import Any

from practice.process.language import gettext as _
from practice.process.language import marked

from ..errors import FirstCallError
from ..views.display import show_widget, status
from .key_file import save_key, try_key

FALLBACK = marked(
    """No form here? Then run these two lines in a cell of their own; nothing is shown:
    from getpass import getpass; from helpers import save_key
    save_key(getpass("API key: "))"""
)


def key_form() -> None:
    """Show a password field that saves the key into ``.env`` and offers to test it.

    Where widgets cannot be shown, the text says how to do the same without them.
    """
    show_widget(lambda: KeyBox().box, _(FALLBACK))


class KeyBox:
    """A password field, two buttons, and a line that says what happened."""

    def __init__(self) -> None:
        import ipywidgets as widgets  # late: few lessons need it

        self.key = ""
        # Sent to Python when the field is left, not at every key stroke.
        self.field = widgets.Password(
            description=_("API key"),
            tooltip=_("The key to write into .env"),
            continuous_update=False,
        )
        self.save = widgets.Button(description=_("Save"), tooltip=_("Write the key into .env"))
        self.test = widgets.Button(
            description=_("Test"), tooltip=_("Ask the provider whether the key works")
        )
        self.status = widgets.HTML(status(_("The key goes into .env and is not shown again.")))
        buttons = widgets.HBox([self.save, self.test])
        self.box = widgets.VBox([self.field, buttons, self.status])
        self.field.observe(self._take, "value")
        self.save.on_click(lambda _button: self._save())
        self.test.on_click(lambda _button: self._test())

    def _take(self, change: dict[str, Any]) -> None:
        """Keep what was typed and empty the field: JupyterLab can save what fields hold."""
        if change["new"]:
            self.key, self.field.value = change["new"], ""
            self.status.value = status(_("The key is taken and not shown. Now press Save."))

    def _save(self) -> None:
        key, self.key = self.key, ""
        try:
            self.status.value = status(save_key(key))
        except FirstCallError as error:
            self.status.value = status(str(error))

    def _test(self) -> None:
        self.status.value = status(_("Asking ..."))
        self.status.value = status(try_key())
