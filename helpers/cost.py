"""What a call costs: tokens from the reply, list prices from the package genai-prices.

The prices are inside that package, so no connection is made. What counts in the end is the
provider's Usage page.
"""

import math

from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from practice.process.language import gettext as _
from practice.process.language import ngettext
from practice.process.models import list_price_model, model_ids

from .connection.models import model_of
from .connection.settings import settings_of
from .errors import BudgetError

Reply = ChatCompletion | ChatCompletionChunk
"""A whole reply, or the last chunk of a stream asked for with include_usage."""


def list_price(reply: Reply, client: OpenAI | None = None) -> float | None:
    """Return the price of ``reply`` in dollars, or None where it is not known.

    It goes by the provider of ``client``; None means the client that was made last. For a
    reply in practice mode: the price that another model would have had (models.toml). For a
    service on one's own computer: 0. Where genai-prices has no provider: connection/models.toml.
    """
    if reply.model in model_ids():
        provider, model = list_price_model()
    else:
        provider, model = settings_of(client).provider.prices, reply.model
    if provider == "free":
        return 0.0
    if reply.usage is None:
        return None
    if not provider:
        known = model_of(settings_of(client).provider.id, model)
        used = reply.usage.prompt_tokens, reply.usage.completion_tokens
        return known.cost(*used) if known else None
    from genai_prices import Usage, calc_price  # late: it costs a tenth of a second

    seen = reply.usage.prompt_tokens_details
    tokens = Usage(
        input_tokens=reply.usage.prompt_tokens,
        output_tokens=reply.usage.completion_tokens,
        cache_read_tokens=(seen.cached_tokens or 0) if seen else 0,
    )
    try:
        return float(calc_price(tokens, model, provider_id=provider).total_price)
    except LookupError:
        return None


def cost_line(reply: Reply, client: OpenAI | None = None) -> str:
    """Return the tokens of ``reply`` and their price at the provider of ``client`` in one line.

    ``42 tokens in · 25 out · $0.00014``; in practice mode the price is what the same tokens
    would have cost. A model without a known price shows tokens alone.
    """
    if reply.usage is None:
        return _("no token count: the reply carries no usage")
    price = list_price(reply, client)
    if reply.model in model_ids():
        worth = _("practice: free (at {model} list prices: {price})")
        worth = worth.format(model=list_price_model()[1], price=dollars(price))
    elif price is None:
        worth = _("no list price known for {model}").format(model=reply.model)
    else:
        worth = dollars(price) if price else _("free")
    return f"{tokens(reply.usage.prompt_tokens, reply.usage.completion_tokens)} · {worth}"


def dollars(amount: float | None) -> str:
    """Return ``amount`` with at least two digits that are not zero, such as ``$0.00014``."""
    if not amount:
        return "$0"
    return f"${amount:.{max(2, 1 - math.floor(math.log10(abs(amount))))}f}"


def tokens(sent: int, got: int) -> str:
    """Return ``42 tokens in · 25 out``."""
    return _("{sent:,} tokens in · {got:,} out").format(sent=sent, got=got)


class Meter:
    """Adds up tokens and list price over calls, and stops the next call at a budget.

    ``budget`` is in dollars; None means no limit. In practice mode list prices are counted,
    so that a budget can be tried out without spending anything. ``history`` has the tokens in
    and out of each call.
    """

    def __init__(self, budget: float | None = None) -> None:
        self.budget = budget
        self.calls = self.tokens_in = self.tokens_out = self.unpriced = 0
        self.cost = 0.0
        self.history: list[tuple[int, int]] = []

    def check(self) -> None:
        """Raise BudgetError when no further call may be made. Call it before each call."""
        if self.budget is None:
            return
        if self.unpriced:
            raise BudgetError(
                _("A budget is set, but the price of a model that was called is not known."),
                _("Choose a model with a known list price, or take the budget away."),
            )
        if self.cost >= self.budget:
            raise BudgetError(
                _(
                    "The budget of {budget} is used up ({cost} so far at list prices), "
                    "so this call was not made."
                ).format(budget=dollars(self.budget), cost=dollars(self.cost)),
                _("Raise the budget (FIRST_CALL_BUDGET in .env, or Meter(budget=...)) to go on."),
            )

    def add(self, reply: Reply, client: OpenAI | None = None) -> None:
        """Count ``reply``, at the prices of ``client``'s provider. Call it after each call."""
        self.calls += 1
        if reply.usage is not None:
            self.tokens_in += reply.usage.prompt_tokens
            self.tokens_out += reply.usage.completion_tokens
            self.history.append((reply.usage.prompt_tokens, reply.usage.completion_tokens))
        price = list_price(reply, client)
        self.cost += price or 0.0
        self.unpriced += price is None

    def __str__(self) -> str:
        calls = ngettext("{n} call", "{n} calls", self.calls).format(n=self.calls)
        free = self.budget is None
        spent = _("{cost} at list prices") if free else _("{cost} of {budget} at list prices")
        spent = spent.format(cost=dollars(self.cost), budget=dollars(self.budget))
        unknown = _(", {n} without a known price").format(n=self.unpriced) if self.unpriced else ""
        return f"{calls} · {tokens(self.tokens_in, self.tokens_out)} · {spent}{unknown}"

    __repr__ = __str__


_meters: dict[tuple[str, str], Meter] = {}


def session_meter(client: OpenAI | None = None) -> Meter:
    """Return the meter that calls with ``client`` count in when they are given none.

    One for each service and the life of the notebook's kernel, so that connecting again goes
    on counting. Its budget is the FIRST_CALL_BUDGET that the client was made with.
    """
    chosen = settings_of(client)
    meter = _meters.setdefault((chosen.provider.id, chosen.base_url), Meter())
    meter.budget = chosen.budget
    return meter
