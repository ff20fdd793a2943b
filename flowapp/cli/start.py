"""What happens once before the first request: the database, the demo, and where to go."""

from __future__ import annotations

import logging

from flowapp.cli.demo.data import SIGN_INS, load_demo
from flowapp.cli.printing import say
from flowapp.http.first_setup import is_open, setup_link
from flowapp.kernel.clock import SystemClock
from flowapp.kernel.db import Database
from flowapp.kernel.keys import demo_password
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import Settings

log = logging.getLogger(__name__)


def prepare(settings: Settings, *, address: str) -> None:
    """Bring the database up to date, load the demo into an empty one, and say where to go."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel("WARNING")
    database = Database(settings.database_url)
    try:
        migrate(database)
        if settings.demo:
            load_demo(settings, database, SystemClock().now())
        with database.read() as session:
            waits = is_open(settings, session)
    finally:
        database.dispose()
    if warning := database.backend.warning():
        log.info(warning)
    say(f"\nFlowApp is at {address}\n")
    if settings.demo:
        say(f"Demo sign-ins, all with the password {demo_password(settings)}")
        for email, words in SIGN_INS.items():
            say(f"  {email:<24} {words}")
        say("")
    elif waits:
        say("It is empty. Set it up with this link; it works once:")
        say(f"  {setup_link(settings, address=address)}\n")
