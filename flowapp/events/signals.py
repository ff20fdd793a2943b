"""The bells: one per kind of event inside the transaction, and one after COMMIT.

Receivers of an event's signal only add rows to the same session; if one raises, the change does not happen.
`committed` says no more than "look now": whoever misses it finds the rows at the next tick.
"""

from __future__ import annotations

from blinker import Namespace, Signal

_events = Namespace()
committed = Signal("committed")


def signal_of(event_type: str) -> Signal:
    """Answer the signal of one kind of event, such as `leave_requested`."""
    return _events.signal(event_type)
