"""Kinds of value that several bodies share, as they are written in JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Amount = Annotated[Decimal, WithJsonSchema({"type": "number"})]  # with all its digits, never as text
Uid = Annotated[str, Field(description="Unique everywhere, such as 01KB7Q2M5T9V3X8ZC4D6F1GHJN")]
Version = Annotated[int, Field(description="Goes up with every change")]
Name = Annotated[str, Field(examples=["Anna Boyd"])]


def hidden(what: str, **further: Any) -> Any:
    """Describe a field that is absent from an answer where one may not see it."""
    return Field(default=None, description=f"{what}; absent where one may not see it", **further)


class Page(BaseModel):
    """A part of a list; a subclass says what is in it."""

    next: str | None = Field(
        description="Send it as `cursor` for what follows; empty at the end of the list", examples=["120"]
    )


class ReasonBody(BaseModel):
    """Why something is done or decided so."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000, description="Why; those it concerns may read it")


class ListQuery(BaseModel):
    """What every list takes."""

    limit: int = Field(default=50, ge=1, le=200, description="How many to answer at most")
    cursor: int | None = Field(default=None, ge=1, lt=10**15, description="`next` of the page before")
