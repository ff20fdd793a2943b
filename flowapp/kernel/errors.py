"""The one family of errors, with sentences that people can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, where it is, and how to mend it."""

    path: str  # a field's name, or a place in a document such as `steps[0].if`; empty for the whole
    code: str  # stable, for programs
    message: str  # a sentence for people
    suggestion: str | None = None


class FlowError(Exception):
    """Something went wrong."""

    code = "error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or FlowError.__doc__ or "").strip().splitlines()[0]
        super().__init__(self.message)


class NotFound(FlowError):
    """That does not exist, or you may not see it."""

    code = "not_found"


class NotAllowed(FlowError):
    """You may see this, but you may not do that with it."""

    code = "not_allowed"


class Conflict(FlowError):
    """Somebody changed this before you did. Look at it again, then decide."""

    code = "conflict"


class Refused(FlowError):
    """What was asked for breaks a rule; each problem says which, and how to mend it."""

    code = "refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems) or None)


class BadSetting(FlowError):
    """A setting has a value that makes no sense."""

    code = "bad_setting"
