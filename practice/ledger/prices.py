"""What tokens would cost at the list price."""

from __future__ import annotations

from practice.data import load


def priced_as() -> tuple[str, str]:
    """Return the provider and the model whose list price counts (data/models.toml)."""
    row = load("models.toml")["priced_as"]
    return row["provider"], row["model"]


def list_price(prompt_tokens: int, completion_tokens: int) -> float:
    """Return what these tokens would cost in dollars at the list price."""
    from genai_prices import Usage, calc_price  # late: it costs a tenth of a second

    used = Usage(input_tokens=prompt_tokens, output_tokens=completion_tokens)
    provider, model = priced_as()
    return float(calc_price(used, model, provider_id=provider).total_price)
