"""Whom a shift can be given to, and what is said of those whom it cannot."""

from __future__ import annotations

from datetime import date

import pytest

from flowapp.kernel.errors import Conflict, Refused
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shifts import ShiftStatus, WorkingTime
from flowapp.rota.staff import StaffStatus
from tests.factories import leave_asked
from tests.unit.rota_shifts.rota import Rota, at

HARD = Overruling(rules=frozenset({"E09", "E18"}), reason="Nobody else is left")
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


def refusal(rota: Rota, shift_id: int, **given: object) -> list[tuple[str, str]]:
    """Try to give Dan a shift, and answer the codes and sentences of the refusal."""
    with pytest.raises(Refused) as refused:
        rota.assign(shift_id, rota.cast.dan, **given)  # type: ignore[arg-type]
    assert rota.shift(shift_id).status is ShiftStatus.OPEN
    assert {each.path for each in refused.value.problems} == {"staff_id"}
    return [(each.code, each.message) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"status": StaffStatus.SUSPENDED}, "Dan is suspended. Choose somebody else."),
        ({"status": StaffStatus.LEAVER}, "Dan has left. Choose somebody else."),
        ({"status": StaffStatus.PRE_START}, "Dan has not started work here yet. Choose somebody else."),
        ({"start_date": TUESDAY}, "Dan starts on 8 December 2026. Choose somebody else."),
        ({"end_date": date(2026, 12, 6)}, "Dan leaves on 6 December 2026. Choose somebody else."),
    ],
)
def test_somebody_who_is_not_there_on_the_day_is_refused(rota: Rota, known: dict[str, object], said: str) -> None:
    shift_id = rota.plan(date=MONDAY)
    rota.change_member(rota.cast.dan, **known)

    assert refusal(rota, shift_id) == [("E01", said)]


def test_somebody_is_given_shifts_from_their_first_day_to_their_last(rota: Rota) -> None:
    rota.change_member(rota.cast.dan, start_date=MONDAY, end_date=MONDAY)

    rota.assign(rota.plan(date=MONDAY, start=at("20:00"), end=at("08:00")), rota.cast.dan)


def test_a_regional_manager_is_told_of_somebody_of_another_home_and_a_home_manager_is_not(rota: Rota) -> None:
    shift_id = rota.plan()

    with pytest.raises(Refused, match=r"Vic has not been shown round this home\. Choose somebody else") as refused:
        rota.assign(shift_id, rota.cast.vic, by=rota.cast.ada)
    assert refused.value.problems[0].code == "E16"
    for unseen in (rota.cast.vic, 999):
        with pytest.raises(Refused) as refused:
            rota.assign(shift_id, unseen)
        assert [(each.code, each.message) for each in refused.value.problems] == [
            ("unknown", "There is no member of staff with this number; choose somebody of this home.")]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "day", "refused"),
    [
        ("08:00", "20:00", MONDAY, True),  # in the midst of the leave
        ("20:00", "08:00", date(2026, 12, 6), True),  # the night before runs into it
        ("20:00", "00:00", date(2026, 12, 6), False),  # it ends as the leave begins
        ("20:00", "08:00", TUESDAY, True),  # a night that begins on the last day
        ("20:00", "08:00", date(2026, 12, 5), False),  # the night before that
        ("00:00", "08:00", date(2026, 12, 9), False),  # it begins as the leave ends
    ],
)
def test_approved_leave_and_a_shift_share_no_time(rota: Rota, start: str, end: str, day: date, refused: bool) -> None:
    rota.leave(rota.cast.dan, start=MONDAY, end=TUESDAY)
    shift_id = rota.plan(date=day, start=at(start), end=at(end))

    if refused:
        ((code, said),) = refusal(rota, shift_id)
        assert code == "E06"
        assert said.startswith("Dan: annual leave from ")
    else:
        rota.assign(shift_id, rota.cast.dan)


def test_half_a_day_of_leave_leaves_the_other_half_free(rota: Rota) -> None:
    rota.leave(rota.cast.dan, start=MONDAY, part="am")

    assert refusal(rota, rota.plan(start=at("07:00"), end=at("13:01"), unpaid_break_minutes=0))[0][0] == "E06"
    rota.assign(rota.plan(start=at("13:00"), end=at("20:00")), rota.cast.dan)


def test_leave_that_is_only_asked_for_is_said_and_a_manager_passes_over_it_with_a_reason(rota: Rota) -> None:
    leave_asked(rota.flow, rota.cast.dan, start=MONDAY)
    shift_id = rota.plan(date=MONDAY)

    assert [code for code, _ in refusal(rota, shift_id)] == ["E06"]
    rota.assign(shift_id, rota.cast.dan, overruling=Overruling(rules=frozenset({"E06"}), reason="He will move it"))


def test_every_reason_is_said_at_once(rota: Rota) -> None:
    rota.leave(rota.cast.dan, start=MONDAY)
    rota.change_member(rota.cast.dan, status=StaffStatus.SUSPENDED)

    assert [code for code, _ in refusal(rota, rota.plan(date=MONDAY))] == ["E01", "E06"]


def test_somebody_with_a_shift_at_that_time_is_refused_by_its_name(rota: Rota) -> None:
    night = rota.plan(date=date(2026, 12, 6), start=at("20:00"), end=at("08:00"), staff_id=rota.cast.dan.staff_id)
    early = rota.plan(date=MONDAY, start=at("07:30"), end=at("14:30"))

    with pytest.raises(Conflict) as refused:
        rota.assign(early, rota.cast.dan)

    assert refused.value.message == (
        "Dan already works at Rose House from 20:00 on 6 December 2026 to 08:00 on 7 December 2026 "
        f"(shift {night}), which is at the same time. Choose somebody else, or change that shift first."
    )
    assert rota.shift(early).status is ShiftStatus.OPEN


def test_a_sleep_in_of_a_whole_day_is_in_the_way_until_its_end(rota: Rota) -> None:
    long = rota.plan(date=MONDAY, start=at("06:00"), end=at("06:00"), working_time=WorkingTime.SLEEP_IN)
    rota.assign(long, rota.cast.dan, by=rota.cast.ada, overruling=HARD)

    with pytest.raises(Conflict, match="from 06:00 on 7 December 2026 to 06:00 on 8"):
        rota.assign(rota.plan(date=TUESDAY, start=at("05:59"), end=at("09:00")), rota.cast.dan)
    shift_id = rota.plan(date=TUESDAY, start=at("06:00"), end=at("09:00"))
    rota.assign(shift_id, rota.cast.dan, by=rota.cast.ada, overruling=HARD)


def test_a_shift_in_another_home_counts_too(rota: Rota) -> None:
    rota.plan(rota.cast.ada, home_id=rota.cast.elm, staff_id=rota.cast.vic.staff_id)
    rota.change_member(rota.cast.vic, home_id=rota.cast.rose)

    with pytest.raises(Conflict, match="at Elm House"):
        rota.assign(rota.plan(), rota.cast.vic)


def test_a_shift_cannot_be_moved_to_where_whoever_has_it_is_away_or_at_work(rota: Rota) -> None:
    dan = rota.cast.dan.staff_id
    shift_id, next_day = rota.plan(staff_id=dan), rota.plan(date=TUESDAY, staff_id=dan)
    rota.leave(rota.cast.dan, start=date(2026, 12, 9))

    with pytest.raises(Conflict, match=f"shift {next_day}"):
        rota.update(shift_id, date=TUESDAY)
    with pytest.raises(Refused, match="annual leave from 08:00 to 20:00 on 9 December"):
        rota.update(shift_id, date=date(2026, 12, 9))
    rota.update(shift_id, end=at("19:00"))  # its own time is no obstacle
    assert (rota.shift(shift_id).local_date, rota.shift(shift_id).end_local) == (MONDAY, "19:00")


def test_a_note_can_be_written_on_the_shift_of_somebody_who_is_away_by_now(rota: Rota) -> None:
    shift_id = rota.plan(staff_id=rota.cast.dan.staff_id)
    rota.change_member(rota.cast.dan, status=StaffStatus.SUSPENDED)

    rota.update(shift_id, notes="Cover needed")

    assert rota.shift(shift_id).notes == "Cover needed"
