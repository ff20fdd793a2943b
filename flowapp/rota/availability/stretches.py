"""Adding up stretches of time and taking them from each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowapp.rota.wall_time import Interval


def union(stretches: Iterable[Interval]) -> list[Interval]:
    """Answer the time that any of them covers, in order and without overlap."""
    found: list[Interval] = []
    for each in sorted(stretches, key=lambda stretch: stretch.starts_at):
        if found and each.starts_at <= found[-1].ends_at:
            found[-1] = Interval(found[-1].starts_at, max(found[-1].ends_at, each.ends_at))
        else:
            found.append(each)
    return found


def without(stretches: Iterable[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Answer what is left of the first when the others are taken out of them."""
    left = union(stretches)
    for away in union(taken):
        left = [part for each in left for part in _cut(each, away)]
    return left


def within(stretches: Iterable[Interval], span: Interval) -> list[Interval]:
    """Answer the parts that lie within a span."""
    found = [Interval(max(s.starts_at, span.starts_at), min(s.ends_at, span.ends_at)) for s in stretches]
    return [each for each in found if each.starts_at < each.ends_at]


def _cut(stretch: Interval, away: Interval) -> list[Interval]:
    before = Interval(stretch.starts_at, min(stretch.ends_at, away.starts_at))
    after = Interval(max(stretch.starts_at, away.ends_at), stretch.ends_at)
    return [part for part in (before, after) if part.starts_at < part.ends_at]
