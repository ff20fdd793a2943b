"""What is answered when a call is refused (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ProblemPlace(BaseModel):
    """One thing that is wrong, where it is, and how to mend it."""

    path: str = Field(description="The field, such as start_date; empty for the whole body")
    code: str = Field(description="For programs, such as missing")
    message: str = Field(description="A sentence for people")
    suggestion: str | None = Field(default=None, description="What was probably meant")
    line: int | None = Field(default=None, description="Of an expression: the line, from 1")
    column: int | None = Field(default=None, description="Of an expression: the column, from 1")
    length: int | None = Field(default=None, description="Of an expression: how many characters are meant")


class Problem(BaseModel):
    """Why a call was refused."""

    type: str = Field(description="Always about:blank: the status says what kind of problem it is")
    title: str = Field(description="The status in words, such as Not Found")
    status: int = Field(description="The HTTP status, such as 404")
    detail: str = Field(description="A sentence for people")
    problems: list[ProblemPlace] = Field(default=[], description="Everything that is wrong with what was sent")
