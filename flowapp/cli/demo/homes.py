"""The homes of the demo; they are invented, as is everybody in them."""

from __future__ import annotations

from dataclasses import dataclass

from flowapp.rota.bank_holidays import Nation


@dataclass(frozen=True, kw_only=True)
class HomePlan:
    """A home before it is written."""

    code: str
    name: str
    nation: Nation


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much demo there is."""

    homes: int
    staff: int  # in each home
    weeks: int  # of history
    rota: bool  # whether shifts are planned


SMALL = Size(homes=3, staff=40, weeks=26, rota=True)
LARGE = Size(homes=20, staff=60, weeks=26, rota=False)

UNITS = 2  # in each home
GLENFARROW, STRATHALLOW, MEADOWMERE = range(3)
_NAMES = (
    ("GLEN", "Glenfarrow House", Nation.SCOTLAND),
    ("STRA", "Strathallow Court", Nation.SCOTLAND),
    ("MEAD", "Meadowmere Lodge", Nation.ENGLAND),
    # for the large demo
    ("AUCH", "Auchterlarrow House", Nation.SCOTLAND),
    ("BALV", "Balvorran Court", Nation.SCOTLAND),
    ("CRAI", "Craigmellon Lodge", Nation.SCOTLAND),
    ("DRUM", "Drumvallich House", Nation.SCOTLAND),
    ("FENN", "Fennimere Court", Nation.ENGLAND),
    ("HARR", "Harrowmead Lodge", Nation.ENGLAND),
    ("INVE", "Inverlossan House", Nation.SCOTLAND),
    ("KILM", "Kilmorvan Court", Nation.SCOTLAND),
    ("LARK", "Larkenholt Lodge", Nation.ENGLAND),
    ("LOCH", "Lochdarroch House", Nation.SCOTLAND),
    ("NANT", "Nantferwyn House", Nation.WALES),
    ("OAKE", "Oakenmarsh Court", Nation.ENGLAND),
    ("PITV", "Pitvannoch Lodge", Nation.SCOTLAND),
    ("RATH", "Rathcorvin House", Nation.NORTHERN_IRELAND),
    ("SALT", "Salterwick Court", Nation.ENGLAND),
    ("TREF", "Trefarnwen Lodge", Nation.WALES),
    ("WYND", "Wyndlarrock House", Nation.SCOTLAND),
)


def homes_of(size: Size) -> tuple[HomePlan, ...]:
    """Answer the homes of a demo of this size."""
    return tuple(HomePlan(code=code, name=name, nation=nation) for code, name, nation in _NAMES[: size.homes])
