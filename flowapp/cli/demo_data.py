"""The demo: homes full of people with half a year behind them; the same each time for the same day."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

from flowapp.accounts.passwords import hash_password
from flowapp.bootstrap import Flow
from flowapp.cli.demo_accounts import SIGN_INS, Written
from flowapp.cli.demo_allowance import first_day_of_history
from flowapp.cli.demo_deeds import steps_of
from flowapp.cli.demo_history import History, Step, quick_commits
from flowapp.cli.demo_homes import SMALL, Size
from flowapp.cli.demo_leave import leave_of
from flowapp.cli.demo_people import SEED, Colleague, people_of
from flowapp.cli.demo_presence import note_begin, note_end, take_away_half_made, there_are_homes
from flowapp.cli.demo_setting import Day, write_setting
from flowapp.cli.demo_story import ANNA, DAN, quiet_from, steps_beside, wishes_of
from flowapp.cli.demo_summary import summary
from flowapp.cli.printing import say
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.ids import seeded_ids
from flowapp.kernel.keys import demo_password
from flowapp.kernel.settings import Settings

__all__ = ["SIGN_INS", "load_demo"]
