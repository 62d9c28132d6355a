"""What tokens would cost at the list price."""

from __future__ import annotations

from practice.process.models import list_price_model


def list_price(prompt_tokens: int, completion_tokens: int) -> float:
    """Return what these tokens would cost in dollars at the list price."""
    from genai_prices import Usage, calc_price  # late: it costs a tenth of a second

    used = Usage(input_tokens=prompt_tokens, output_tokens=completion_tokens)
    provider, model = list_price_model()
    return float(calc_price(used, model, provider_id=provider).total_price)
