"""Everything that can be done to a certificate: who may, what is written, noted and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.training import changes
from flowapp.rota.training.certificates import Origin
from flowapp.rota.training.standing import Standing
from flowapp.rota.training.validity import Competency
from tests.unit.rota_training.records import TODAY, Records


def test_a_recorded_certificate_counts_and_has_the_usual_end(records: Records) -> None:
    held = records.held(records.record())

    assert (held.code, held.issued_on, held.expires_on) == ("FIRE", date(2025, 12, 7), date(2026, 12, 7))
    assert (held.origin, held.recorded_by, held.verified_at, held.version) == (Origin.RECORDED, "Maya", None, 1)
    assert (held.competency, held.standing_on(TODAY)) == (Competency.NOT_NEEDED, Standing.DUE)
    (event,) = records.events()
    assert (event.type, event.subject_type, event.subject_id, event.care_home_id) == (
        "certificate_added", "certificate", held.id, records.cast.rose)  # fmt: skip
    assert event.context["certificate"] == {
        "id": held.id, "type": "FIRE", "type_name": "Fire safety", "category": "statutory", "issued_on": "2025-12-07",
        "expires_on": "2026-12-07", "days_left": 14, "competency": "na", "verified": False, "holds": True,
        "blocks_rostering": True,
    }  # fmt: skip
    assert (event.context["holds"], event.context["waits_for_check"], event.context["staff"]["name"]) == (
        True, False, "Dan")  # fmt: skip
    (entry,) = records.audit()
    assert (entry.action, entry.home_id, entry.before, entry.after["type"]) == (
        "certificate.create", records.cast.rose, None, "FIRE")  # fmt: skip


def test_the_paper_may_name_another_last_day_or_there_is_none(records: Records) -> None:
    assert records.held(records.record(expires_on=date(2026, 6, 30))).expires_on == date(2026, 6, 30)
    assert records.held(records.record(code="RTW")).expires_on is None


def test_what_somebody_sends_in_of_their_own_counts_only_when_hr_has_confirmed_it(records: Records) -> None:
    for who in (records.cast.dan, records.cast.maya):  # a manager neither vouches for herself
        number = records.record(who, of=who)
        held = records.held(number)
        assert (held.origin, held.standing_on(TODAY), held.validity.holds_on(TODAY)) == (
            Origin.SENT_IN, Standing.WAITING, False)  # fmt: skip
        assert records.events()[-1].context["waits_for_check"] is True

        records.act(changes.verify, number)

        held = records.held(number)
        assert (held.standing_on(TODAY), held.verified_by, held.validity.holds_on(TODAY)) == (
            Standing.DUE, "Hana", True)  # fmt: skip
        told = records.events()[-1]
        assert (told.type, told.context["changed"], told.context["holds"]) == (
            "certificate_updated",
            ["verified"],
            True,
        )


def test_nobody_does_anything_to_their_own_certificate(records: Records) -> None:
    number = records.record(records.cast.hana, of=records.cast.maya)
    for act, given in (
        (changes.judge, {"competency": Competency.COMPETENT}),
        (changes.revoke, {"reason": "Lost"}),
        (changes.correct, {"evidence_ref": "Drawer 2"}),
        (changes.verify, {}),
    ):
        with pytest.raises(NotAllowed, match="your own"):
            records.act(act, number, by=records.cast.maya, **given)
    assert records.held(number).version == 1


@pytest.mark.parametrize(
    ("who", "error"),
    [("dan", None), ("sorcha", NotAllowed), ("vic", NotFound), ("erin", NotFound), ("ada", NotAllowed)],
)
def test_who_may_record_for_dan(records: Records, who: str, error: type[Exception] | None) -> None:
    person = getattr(records.cast, who)
    if error is None:
        assert records.held(records.record(person)).waits
        return
    with pytest.raises(error):
        records.record(person)
    assert records.events() == []


@pytest.mark.parametrize(
    ("act", "given", "allowed"),
    [
        (changes.verify, {}, {"hana", "ada"}),
        (changes.revoke, {"reason": "Lost"}, {"hana", "maya"}),
        (changes.correct, {"evidence_ref": "Drawer 2"}, {"hana", "maya"}),
    ],
)
def test_who_may_do_something_to_it(
    records: Records, act: Callable[..., Any], given: dict[str, Any], allowed: set[str]
) -> None:
    for number, name in enumerate(("hana", "ada", "maya", "sorcha", "dan", "vic", "erin")):
        certificate = records.record(issued=date(2025, 1, 1 + number))
        if name in allowed:
            records.act(act, certificate, by=getattr(records.cast, name), **given)
            assert records.held(certificate).version == 2
            continue
        with pytest.raises(NotFound if name in ("vic", "erin") else NotAllowed):
            records.act(act, certificate, by=getattr(records.cast, name), **given)
        assert records.held(certificate).version == 1


def test_what_has_to_be_watched_counts_when_somebody_was_seen_doing_it(records: Records) -> None:
    number = records.record(code="MOVING_HANDLING")
    assert records.held(number).standing_on(TODAY) is Standing.PENDING

    records.act(changes.judge, number, by=records.cast.maya, competency=Competency.COMPETENT)

    assert records.held(number).validity.holds_on(TODAY)
    assert records.events()[-1].changes == [{"field": "competency", "old": "pending", "new": "competent"}]
    records.act(changes.judge, number, by=records.cast.maya, competency=Competency.COMPETENT)  # again: nothing is told
    assert records.held(number).version == 2
    with pytest.raises(Refused, match="Say whether"):
        records.act(changes.judge, number, by=records.cast.maya, competency=Competency.NOT_NEEDED)


def test_a_withdrawn_certificate_keeps_its_reason_and_counts_no_more(records: Records) -> None:
    number = records.record()
    with pytest.raises(Refused, match="Write why"):
        records.act(changes.revoke, number, reason="  ")
    with pytest.raises(Refused, match="Choose a day"):
        records.act(changes.revoke, number, reason="Lost", on=date(2026, 11, 24))

    records.act(changes.revoke, number, reason=" The course was not accredited. ")

    held = records.held(number)
    assert (held.standing_on(TODAY), held.revoke_reason) == (Standing.REVOKED, "The course was not accredited.")
    assert records.audit()[-1].reason == held.revoke_reason
    for act, given in (
        (changes.verify, {}),
        (changes.revoke, {"reason": "x"}),
        (changes.correct, {"evidence_ref": "x"}),
    ):
        with pytest.raises(Conflict, match="was withdrawn"):
            records.act(act, number, **given)


def test_a_certificate_is_confirmed_once(records: Records) -> None:
    number = records.record()
    records.act(changes.verify, number)
    with pytest.raises(Conflict, match="Hana has confirmed"):
        records.act(changes.verify, number, by=records.cast.ada)


def test_a_correction_tells_each_field_and_nothing_when_all_is_as_before(records: Records) -> None:
    number = records.record()
    records.act(changes.correct, number, evidence_ref="", issued_on=date(2025, 12, 7))
    assert records.held(number).version == 1

    records.act(changes.correct, number, expires_on=date(2027, 1, 31), evidence_ref="Drawer 2")

    event = records.events()[-1]
    assert event.changes == [
        {"field": "expires_on", "old": "2026-12-07", "new": "2027-01-31"},
        {"field": "evidence_ref", "old": "", "new": "Drawer 2"},
    ]
    assert records.audit()[-1].before == {"expires_on": "2026-12-07", "evidence_ref": ""}


def test_whoever_saw_an_older_state_is_told(records: Records) -> None:
    number = records.record()
    records.act(changes.verify, number, seen=1)
    for act, given in (
        (changes.correct, {"evidence_ref": "x"}), (changes.revoke, {"reason": "x"}), (changes.verify, {}),
        (changes.judge, {"competency": Competency.COMPETENT}),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            records.act(act, number, seen=1, **given)


def test_a_newer_certificate_takes_the_place_of_the_old_one(records: Records) -> None:
    old = records.record()
    sent = records.record(records.cast.dan, issued=date(2026, 11, 1))
    assert records.held(old).standing_on(TODAY) is Standing.DUE  # nobody has checked the new one yet

    records.act(changes.verify, sent)
    assert records.held(old).standing_on(TODAY) is Standing.SUPERSEDED
    assert records.held(sent).standing_on(TODAY) is Standing.VALID

    records.act(changes.revoke, sent, reason="Not hers")
    assert records.held(old).standing_on(TODAY) is Standing.DUE


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"issued": date(1989, 12, 31)}, "issued_on"),
        ({"issued": date(9999, 12, 31)}, "issued_on"),
        ({"issued": date(2028, 1, 1)}, "issued_on"),
        ({"expires_on": date(2025, 12, 6)}, "expires_on"),
        ({"expires_on": date(2999, 1, 1)}, "expires_on"),
        ({"evidence_ref": "x" * 201}, "evidence_ref"),
        ({"evidence_ref": "a\x00b"}, "evidence_ref"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(records: Records, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        records.record(**given)
    assert [each.path for each in refused.value.problems] == [path]
    assert records.events() == []


def test_the_same_certificate_twice_is_refused(records: Records) -> None:
    number = records.record()
    with pytest.raises(Refused, match="is there already"):
        records.record()
    other = records.record(issued=date(2025, 1, 1))
    with pytest.raises(Refused, match="is there already"):
        records.act(changes.correct, other, issued_on=date(2025, 12, 7))
    records.act(changes.correct, number, issued_on=date(2025, 12, 8))


def test_a_type_that_is_not_there_is_refused(records: Records) -> None:
    who = records.cast.maya
    for type_id in (999999, 0):
        with pytest.raises(Refused, match="no such type"):
            records.do(
                who,
                lambda s, c, number=type_id: changes.record(
                    s, c, who, records.cast.dan.staff_id or 0, type_id=number, issued_on=TODAY
                ),
            )
    with pytest.raises(NotFound):
        records.do(who, lambda s, c: changes.record(s, c, who, 999999, type_id=records.kind(), issued_on=TODAY))
