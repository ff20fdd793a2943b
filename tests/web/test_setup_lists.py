"""The lists that setting up reads: staff and units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flowapp.kernel.errors import Refused
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind
from flowapp.web.setup.staff_lines import StaffLine, read_staff
from flowapp.web.setup.unit_lines import UnitLine, read_units

ANNA = StaffLine(
    name="Anna Boyd", email="anna@example.org", role=JobRole.CARER,
    week={"mon": Decimal(11), "wed": Decimal("7.5")}, start_date=date(2024, 5, 1),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        # as it is saved
        "name,email,role,mon,tue,wed,start_date\nAnna Boyd,anna@example.org,Carer,11,0,7.5,2024-05-01",
        # as it is copied out of a spreadsheet, with a British date and the code of the role
        "Name\tEmail\tRole\tMon\tWed\tStart date\nAnna Boyd\tANNA@example.org\tSCW\t11\t7.5\t01/05/2024\n",
        # as it is saved where numbers are written with a comma, columns in another order, days in full
        "role;Monday;Wednesday;email address;name;started\ncarer;11;7,5;anna@example.org;Anna Boyd;2024-05-01",
        # with a mark at the beginning, empty lines, empty columns at the end and blanks
        "\ufeff\nname, email, role, mon, weds, start_date,,\n\n"
        " Anna Boyd , anna@example.org, CARER,11,7.50,2024-05-01,,\n,,,\n",
        # with quotation marks
        '"name","email","role","mon","wed","start_date"\n'
        '"Anna Boyd","anna@example.org","Carer","11","7,5","2024-05-01"',
    ],
)  # fmt: skip
def test_a_list_is_read_however_a_spreadsheet_gives_it(text: str) -> None:
    assert read_staff(text) == (ANNA,)


@pytest.mark.parametrize("text", ["", "  \n \n", "name,email,role"])
def test_an_empty_list_is_nobody(text: str) -> None:
    assert read_staff(text) == ()


HEAD = "name,email,role,mon,start_date\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # each thing that can be wrong with a line, and all of one line at once
        (f"{HEAD},a@example.org,Carer,8,", ["Line 2: The name is missing."]),
        (f"{HEAD}Anna,,Carer,8,", ["Line 2: The email address is missing. Write one such as name@example.org."]),
        (f"{HEAD}Anna,anna,Carer,8,", ["Line 2: “anna” is no email address. Write one such as name@example.org."]),
        (f"{HEAD}Anna,a@example.org,,8,", ["Line 2: The role is missing. Write one of these: Manager, "]),
        (f"{HEAD}Anna,a@example.org,Chef,8,", ["Line 2: “Chef” is no role. Write one of these: Manager, "]),
        (f"{HEAD}Anna,a@example.org,Carer,25,", ["Line 2: “25” is no number of hours for Monday."]),
        (f"{HEAD}Anna,a@example.org,Carer,-1,", ["Line 2: “-1” is no number of hours for Monday."]),
        (f"{HEAD}Anna,a@example.org,Carer,NaN,", ["Line 2: “NaN” is no number of hours for Monday."]),
        (f"{HEAD}Anna,a@example.org,Carer,7.333,", ["Line 2: “7.333” is no number of hours for Monday."]),
        (f"{HEAD}Anna,a@example.org,Carer,1e99999,", ["Line 2: “1e99999” is no number of hours for Monday."]),
        (f"{HEAD}Anna,a@example.org,Carer,8,soon", ["Line 2: “soon” is no day."]),
        (f"{HEAD},anna,Chef,x,soon", [f"Line 2: {wrong}" for wrong in ("The name", "“anna”", "“Chef”", "“x”", "“s")]),
        # two lines, one of them good; an address twice
        (f"{HEAD}A,a@example.org,Carer,8,\n\nB,A@example.org,Carer,8,", ["Line 4: a@example.org is on line 2 too."]),
        (f"{HEAD}Anna,a@example.org,Carer,8,,9", ["Line 2 has more cells than there are columns."]),
        # the first line
        ("Anna,a@example.org,Carer,8", ["The first line has no column name, email, role."]),
        ("name,email,mon\nA,b,8", ["The first line has no column role."]),
        ("name,email,role,salary\nA,b,8", ["The first line has a column “salary” that is not known."]),
        ("name,name,email,role\nA,b,8", ["The first line names a column twice."]),
    ],
)  # fmt: skip
def test_everything_wrong_is_named_with_its_line_and_the_remedy(text: str, told: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_staff(text)
    messages = [problem.message for problem in refused.value.problems]
    assert len(messages) == len(told)
    assert all(message.startswith(words) for message, words in zip(messages, told, strict=True)), messages


def test_a_list_that_is_far_too_long_is_refused() -> None:
    lines = [f"N{number},n{number}@example.org,Carer,8," for number in range(1001)]
    with pytest.raises(Refused, match="These are 1001 people"):
        read_staff(HEAD + "\n".join(lines))


def test_units_are_read_a_line_each() -> None:
    assert read_units("Elm\n\n Oak  wing , Dementia, 12\nAsh,nursing") == (
        UnitLine(name="Elm"),
        UnitLine(name="Oak wing", kind=UnitKind.DEMENTIA, beds=12),
        UnitLine(name="Ash", kind=UnitKind.NURSING),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Elm\nelm", "Line 2: There is already a unit called elm."),
        ("Elm, castle", "Line 1: “castle” is not known."),
        ("Elm, nursing, many", "Line 1: “many” is no number of beds."),
        ("Elm, nursing, -2", "Line 1: “-2” is no number of beds."),
        ("Elm\x00", "Line 1: Write the unit’s name"),
        (", nursing", "Line 1: Write the unit’s name"),
        ("Elm, nursing, 2, more", "Line 1: Write the unit’s name"),
    ],
)
def test_what_is_wrong_with_a_unit_is_named_with_its_line(text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_units(text)
    assert refused.value.problems[0].message.startswith(told)
