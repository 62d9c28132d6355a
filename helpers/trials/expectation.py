"""A block that is meant to fail, and the error that it ended in."""

from types import TracebackType
from typing import Generic, TypeVar

from practice.process.language import gettext as _

from ..errors import FirstCallError

E = TypeVar("E", bound=Exception)


class Expected(Generic[E]):
    """What ``expect_error()`` gives; after the block, ``error`` is the exception."""

    error: E

    def __init__(self, kinds: tuple[type[E], ...]) -> None:
        self.kinds = kinds

    def __enter__(self) -> "Expected[E]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            names = _(" or ").join(kind.__name__ for kind in self.kinds)
            what = _("This block was expected to end in {names}, but nothing went wrong.")
            fix = _(
                "Run the cells above again. A few providers accept what others refuse: "
                "then go on with the next cell."
            )
            raise FirstCallError(what.format(names=names), fix)
        if isinstance(error, self.kinds):
            self.error = error
            return True
        return False


def expect_error(*kinds: type[E]) -> Expected[E]:
    """Run a block that is meant to end in one of these errors, and catch it.

    ::

        with expect_error(openai.AuthenticationError) as caught:
            client.chat.completions.create(model=model, messages=messages)
        print(caught.error.status_code)

    ``caught.error`` is the exception; nothing is printed. Raises FirstCallError when the block
    ends without an error. An error of another kind goes on as ever.
    """
    if not kinds or not all(
        isinstance(kind, type) and issubclass(kind, Exception) for kind in kinds
    ):
        raise FirstCallError(
            _("expect_error() was not told which error is meant to come."),
            _("Give it the class, for example expect_error(openai.AuthenticationError)."),
        )
    return Expected(kinds)
