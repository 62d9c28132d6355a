"""What the eye saw, put before a model that can answer from it.

Tried with `standard` on 21 questions, English and Chinese, about one or two pictures:

- the facts, then the question, and SYSTEM: 16 right, in a sentence; where the facts do not hold the
  answer, 4 of 4 are made up
- two worked examples before them: of the first 7, 3 wrong (both pictures mixed up, a wrong price)
- told to say that practice mode cannot tell what the facts do not hold, three wordings, on 4 to 9
  questions: 1 of 5 times it did, and up to 8 answerable questions were refused
- a line at the end of each picture: 18 of 21 tasks of `bench quality` with a mark without a number;
  with the number "Which of the two pictures shows a price?" came out right, too (5 tasks run again)

The odds of a class are left out: they came back as the age of a cat (76 years).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest

SYSTEM = (
    "You are a helpful assistant. The user shows you pictures; their text and colours are written "
    "out for you. Answer the question in one full sentence."
)


def noted(request: ChatRequest, texts: Mapping[int, str]) -> dict[int, str]:
    """Return the messages with pictures, by number: the facts first, then the question.

    `texts` has them as the eye gives them: the question, the facts, and what it cannot see.
    """
    from practice.eye.reader import LIMITS  # heavy, and most requests have no picture

    found = {}
    for number, text in texts.items():
        asked = wire.text(request.messages[number])
        facts = text.removeprefix(asked).strip().removesuffix(LIMITS).strip()
        facts = re.sub(r" \(\d+\s?%\)", "", facts)
        # Each picture ends where the next begins, so that nothing is taken for the other's.
        parts = re.split(r"\n\n(?=Picture \d+: )", facts)
        ended = [f"{part}\n(End of picture {n})" for n, part in enumerate(parts, 1)]
        facts = "\n\n".join(ended)
        found[number] = f"{facts}\n\nQuestion: {asked}" if asked else facts
    return found


def introduced(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return a conversation about pictures with a system message, its own where it has one."""
    if any(message["role"] == "system" for message in messages):
        return [*messages]
    return [{"role": "system", "content": SYSTEM}, *messages]
