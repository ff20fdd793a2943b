"""Kinds of value that several bodies share, as they are written in JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field, WithJsonSchema

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]  # with all its digits, never as text
Part = TypeVar("Part", bound=BaseModel)


def hidden(what: str) -> Any:
    """Describe a field that is absent from an answer where one may not see it."""
    return Field(default=None, description=f"{what}; absent where one may not see it")


class Page(BaseModel, Generic[Part]):
    """A part of a list."""

    items: list[Part]
    next: str | None = Field(description="Send it as `cursor` for what follows; empty at the end of the list")

    @classmethod
    def model_parametrized_name(cls, params: tuple[type[Any], ...]) -> str:
        """Name a list after what is in it, such as `ShiftPage`."""
        return f"{params[0].__name__}Page"


class ListQuery(BaseModel):
    """What every list takes."""

    limit: int = Field(default=50, ge=1, le=200, description="How many to answer at most")
    cursor: int | None = Field(default=None, ge=1, lt=10**15, description="`next` of the page before")
