"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

from time import process_time

import pytest

from flowapp.accounts.passwords import (
    CHEAP,
    PRODUCTION,
    Profile,
    check_password,
    hash_password,
    needs_rehash,
    verify,
)
from flowapp.kernel.errors import Refused


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("seven77", "at least 8"),
        ("x" * 129, "at most 128"),
        ("Password1", "Too many people"),  # whatever the case
        ("12345678", "Too many people"),
        ("aaaaaaaaaa", "Too many people"),  # one sign only
        ("abababababab", "Too many people"),  # two
        ("dan.reid@example.org", "not your email"),
        ("Dan.Reid", "not your email"),  # the part before the @
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        check_password(password, email="dan.reid@example.org")
    assert [problem.path for problem in refused.value.problems] == ["password"]


@pytest.mark.parametrize(
    "password",
    ["eight8 8", "x1y" * 42, "warm porridge at seven", "ночная смена", "  blanks count  "],
)
def test_other_passwords_may_be_chosen(password: str) -> None:
    check_password(password, email="dan@example.org")


def test_only_the_right_password_is_right() -> None:
    kept = hash_password("warm porridge", CHEAP)
    assert verify(kept, "warm porridge", CHEAP)
    assert not verify(kept, "Warm porridge", CHEAP)
    assert not verify(kept, "warm porridge ", CHEAP)


def test_the_end_of_a_long_password_counts() -> None:
    kept = hash_password("a" * 100 + "b", CHEAP)
    assert not verify(kept, "a" * 100 + "c", CHEAP)


def test_an_accented_letter_is_the_same_from_every_keyboard() -> None:
    assert verify(hash_password("caf\u00e9 au lait", CHEAP), "cafe\u0301 au lait", CHEAP)


def test_nobody_has_no_password() -> None:
    assert not verify("", "", CHEAP)
    assert not verify("", "nobody signs in with this", CHEAP)


def test_a_damaged_hash_is_no_password() -> None:
    assert not verify("$argon2id$v=19$nonsense", "warm porridge", CHEAP)


def test_two_people_with_one_password_have_two_hashes() -> None:
    assert hash_password("warm porridge", CHEAP) != hash_password("warm porridge", CHEAP)


def test_the_costs_of_a_guess_are_those_that_owasp_asks_for() -> None:
    assert hash_password("warm porridge").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_of_other_costs_wants_making_again() -> None:
    kept = hash_password("warm porridge", CHEAP)
    assert needs_rehash(kept, PRODUCTION)
    assert not needs_rehash(kept, CHEAP)


def test_an_unknown_user_takes_as_long_as_a_known_one() -> None:
    slow = Profile(memory_kib=19 * 1024, passes=4, lanes=1)
    kept = hash_password("warm porridge", slow)
    verify("", "x", slow)  # the first look makes the hash of nobody

    def seconds(hash_: str) -> float:
        begun = process_time()  # what it costs, however busy the machine is
        verify(hash_, "wrong", slow)
        return process_time() - begun

    known, unknown = min(seconds(kept) for _ in range(5)), min(seconds("") for _ in range(5))
    assert unknown > known / 2
