"""What explain() says, without the ends of its lines."""


def in_one_line(text: str) -> str:
    """Return ``text`` with a space for each line break."""
    return " ".join(text.split())
