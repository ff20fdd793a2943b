"""The list of what is held about people is whole."""

from __future__ import annotations

from flowapp.http.tables import metadata
from flowapp.rota.personal_data.holdings import BY_TABLE, HOLDINGS, LETTERS, NOT_CHANGED, RECORDS, SIGNS

OF_PEOPLE = {"staff_id", "user_id", "about_staff_id", "other_staff_id"}


def test_every_table_that_names_a_member_of_staff_or_an_account_is_in_the_list() -> None:
    naming = {table.name for table in metadata().sorted_tables if OF_PEOPLE & {*table.columns.keys()}}
    assert naming - {*BY_TABLE} == set()


def test_the_list_names_only_what_is_there() -> None:
    tables = metadata().tables
    for each in HOLDINGS:
        assert {each.by, *each.blank} <= {*tables[each.table].columns.keys()}, each.table
    assert NOT_CHANGED | RECORDS | {*LETTERS} <= {*tables}
    columns = {column.name for table in tables.values() for column in table.columns}
    assert columns >= SIGNS
