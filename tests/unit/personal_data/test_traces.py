"""Finding and replacing what tells who somebody is."""

from __future__ import annotations

import pytest

from flowapp.rota.personal_data.traces import Person, Traces, traces_of

ANNA = Person(staff_id=1042, names=("Anna Boyd",), emails=("anna@example.org",), employee_no="E-17")


@pytest.fixture
def traces() -> Traces:
    """What tells of Anna Boyd."""
    return traces_of(ANNA)


@pytest.mark.parametrize(
    ("text", "after", "remark"),
    [
        ("Dear Anna Boyd, your leave", "Dear Former staff 1042, your leave", "a name in the middle"),
        ("ANNA BOYD", "Former staff 1042", "in capitals"),
        ('{"name":"Anna Boyd"}', '{"name":"Former staff 1042"}', "in JSON"),
        ("to anna@example.org.", "to former-1042@removed.invalid.", "an address before a full stop"),
        ("E-17, Anna Boyd", "former-1042, Former staff 1042", "the number and the name"),
        ("Anna Boydson", "Anna Boydson", "somebody else's longer name"),
        ("joanna@example.org", "joanna@example.org", "somebody else's longer address"),
        ("E-170", "E-170", "a longer number"),
    ],
)
def test_each_word_is_replaced_as_a_whole(traces: Traces, text: str, after: str, remark: str) -> None:
    assert traces.taken_out_of(text) == after, remark
    assert traces.found_in(text) == (text != after)


def test_what_was_taken_out_is_not_found_again(traces: Traces) -> None:
    assert not traces.found_in(traces.taken_out_of("Anna Boyd <anna@example.org> E-17"))


@pytest.mark.parametrize("name", ['Anna "Annie" Boyd', "Anna\\Boyd", "Zoë O'Neill"])
def test_a_name_is_found_as_json_writes_it(name: str) -> None:
    from flowapp.kernel import plain

    traces = traces_of(Person(staff_id=1, names=(name,), emails=(), employee_no="E-17"))
    text = plain.dump({"who": name})
    assert any(form in text for form in traces.sought())
    assert plain.load(traces.taken_out_of(text)) == {"who": "Former staff 1"}


def test_very_short_words_are_left_alone() -> None:
    traces = traces_of(Person(staff_id=1, names=("Jo",), emails=(), employee_no="7"))
    assert traces.taken_out_of("Jo has 7 days") == "Jo has 7 days"
