"""Lists that come in: what is sent, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from flowapp.api.schemas.values import Uid, Version
from flowapp.rota.exchange.csv_import import ImportStatus
from flowapp.rota.exchange.lists import ListKind


class ImportBody(BaseModel):
    """A list to be checked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "staff", "text": "employee_no,name\nROSE-014,Anna Boyd\n"}]},
    )

    kind: ListKind = Field(description="What the list is of")
    text: str = Field(description="The CSV file as text; its first line names the columns")
    file_name: str = Field(default="", description="What the file is called, such as staff.csv")


class StartBody(BaseModel):
    """Whether the good rows are written where others are wrong."""

    model_config = ConfigDict(extra="forbid")

    only_good: StrictBool = Field(default=False, description="Without it nothing is written while a row is wrong")


class FaultAnswer(BaseModel):
    """What is wrong with a row."""

    line: int = Field(description="Its line in the file; 0 for the whole list")
    column: str = Field(description="Empty for the whole row")
    message: str = Field(description="What is wrong, and how to mend it")


class ImportAnswer(BaseModel):
    """A list, and how far it is."""

    id: int
    uid: Uid
    kind: ListKind
    file_name: str
    status: ImportStatus = Field(description="Ask again until it is checked, done or stopped")
    row_count: int
    position: int = Field(description="How many rows are behind us")
    added: int
    changed: int
    same: int = Field(description="Rows that are known already")
    bad: int = Field(description="Rows that are wrong")
    faults: list[FaultAnswer] = Field(description="What is wrong, by line; the first thousand")
    created_at: dt.datetime
    finished_at: dt.datetime | None
    version: Version
