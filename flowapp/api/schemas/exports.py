"""Lists that go out: what is asked for, and what is answered."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field, RootModel


class ExportQuery(BaseModel):
    """What of a list is wanted."""

    home: str | None = Field(default=None, description="Only what is of this home: its code")
    first: dt.date | None = Field(default=None, alias="from", description="Only what is on this day or later")
    last: dt.date | None = Field(default=None, alias="to", description="Only what is on this day or earlier")
    bom: bool | None = Field(default=None, description="With the mark by which Excel knows UTF-8")


class CsvAnswer(RootModel[str]):
    """The list as CSV in UTF-8; its first line names the columns."""

    model_config = ConfigDict(json_schema_extra={"examples": ["employee_no,name\r\nROSE-014,Anna Boyd\r\n"]})
