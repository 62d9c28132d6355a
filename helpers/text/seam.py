"""Where two parts of one reply meet."""

LEAST = 12
"""Characters that a model must repeat at a seam to be taken for a repetition, not for chance."""


def new_part(text: str, piece: str) -> str:
    """Return ``piece`` without its beginning where that repeats the end of ``text``."""
    for size in range(min(len(text), len(piece)), LEAST - 1, -1):
        if text.endswith(piece[:size]):
            return piece[size:]
    return piece
