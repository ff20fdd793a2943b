"""One evaluation under way: the names it may read, its environment, and the steps it has left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowapp.expressions.environment import Environment
from flowapp.expressions.errors import Fault
from flowapp.expressions.limits import CHARACTERS_PER_STEP, RESULT_CHARACTERS, STEPS, TEXT_BYTES

Names = Mapping[str, object]


class Frame:
    """What compiled code is given; a loop inside the expression adds its own name while it runs."""

    # No __init__: with the counters as defaults of the class a frame costs half as much to make, and one is
    # made for every evaluation. `frame` below fills it.
    names: Names
    environment: Environment
    left = STEPS
    written = 0

    def tick(self, steps: int) -> None:
        """Count steps; the fault comes before the work is done."""
        self.left -= steps
        if self.left < 0:
            raise Fault(
                "too_many_steps",
                f"This needs more than {STEPS:,} steps to work out. Use a shorter list, or ask for less.",
            )

    def read(self, text: str) -> None:
        """Count the steps that work on this text takes."""
        self.tick(1 + len(text) // CHARACTERS_PER_STEP)

    def write(self, text: str) -> None:
        """Count a text of the result; the same long text may be in it many times."""
        if len(text) > TEXT_BYTES // 4 and len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
            message = f"This text is too long: a text has at most {TEXT_BYTES // 1024} KiB."
            raise Fault("too_long", message)
        self.written += len(text)
        if self.written > RESULT_CHARACTERS:
            raise Fault("too_long", f"This gives more than {RESULT_CHARACTERS:,} characters in all.")


def frame(names: Names, environment: Environment) -> Frame:
    """Begin an evaluation."""
    begun = Frame()
    begun.names = names if type(names) is dict else dict(names)
    begun.environment = environment
    return begun


Run = Callable[[Frame], object]
