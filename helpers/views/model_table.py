"""Show the models there are to choose from, from ``connection/models.toml``."""

from practice.process.language import gettext as _
from practice.process.language import marked

from ..connection.models import Model, all_models
from ..connection.providers import all_providers, provider_named
from ..text.lines import in_columns
from .table import show_table

HEADS = (
    marked("model"),
    "PROVIDER",
    marked("$ in"),
    marked("$ out"),
    marked("context"),
    marked("thinks"),
    marked("images"),
    marked("last day"),
)

THINKING = {"no": marked("no"), "default": marked("by default"), "always": marked("always")}


def show_models(provider: str | None = None) -> None:
    """Display the models to choose from: of every provider, or of the one that is named.

    PROVIDER is the name that goes in ``.env``. Prices are dollars for a million tokens. A model
    that thinks by default can be told not to. The caption says when the oldest of the facts was
    checked. Raises SettingsError for a provider that the kit does not know.
    """
    wanted = provider_named(provider).id if provider else None
    models = [model for model in all_models() if wanted in (None, model.provider)]
    title = _("Models to choose from")
    if wanted:
        title = _("Models to choose from at {provider}")
        title = title.format(provider=_(all_providers()[wanted].name))
    if models:
        day = min(model.checked for model in models)
        checked = _("prices in dollars for a million tokens · checked {day:%Y-%m-%d}")
        title = f"{title} · {checked.format(day=day)}"
    heads = [_(head) for head in HEADS]
    rows = [_row(model) for model in models]
    show_table(title, heads, rows, "\n".join([title, *in_columns([heads, *rows])]))


def _row(model: Model) -> tuple[str, ...]:
    """Return the cells of a model."""
    sent, written = (f"{price:.3f}".removesuffix("0") for price in model.price)
    return (
        model.name,
        model.provider,
        sent,
        written,
        _tokens(model.context),
        _(THINKING[model.thinking]),
        _("yes") if model.images else _("no"),
        f"{model.ends:%Y-%m-%d}" if model.ends else "",
    )


def _tokens(number: int) -> str:
    """Return ``128,000`` as 128k and ``1,050,000`` as 1.05M."""
    return f"{number / 1e6:.3g}M" if number >= 1_000_000 else f"{number / 1e3:.0f}k"
