"""Reading everything that the doctor looks at, and asking each check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.orm import Session

from flowapp.accounts.users import find_by_email
from flowapp.bootstrap import Flow
from flowapp.cli.demo.data import SIGN_INS
from flowapp.cli.doctor.settings_checks import settings_checks
from flowapp.engine.operating import database_checks, engine_checks
from flowapp.engine.operating.figures import engine_figures, workflow_figures
from flowapp.engine.operating.finding import Finding, fine, look, wrong
from flowapp.kernel.errors import BadSetting, FlowError
from flowapp.kernel.schema import current_revision, newest_revision
from flowapp.kernel.storage import UNREADABLE, damage_in, path_of, server_of, storage_of
from flowapp.messaging.email import reach
from flowapp.messaging.outbox_figures import outbox_figures

_HINTS = table("scheduler_hint", column("next_run_time"))  # APScheduler’s; there only once FlowApp has run


def examine(flow: Flow) -> Iterator[Finding]:
    """Look at everything there is, the most important first; needs no server, and changes nothing."""
    try:
        yield from _database(flow)
    except UNREADABLE as error:
        yield _unreadable(flow, error)
        yield from settings_checks(flow.settings, has_demo_sign_ins=False)
    yield _time_zones(flow)
    yield _mail_server(flow)


def _database(flow: Flow) -> Iterator[Finding]:
    path = path_of(flow.database)
    if path is not None and not path.is_file():
        remedy = "Start FlowApp once (`make run`), or set FLOWAPP_DATABASE_URL to where the database is."
        yield wrong("database", f"There is no database at {path}.", remedy)
        yield from settings_checks(flow.settings, has_demo_sign_ins=False)
        return
    found = current_revision(flow.database)
    yield fine("database", "The database can be read.")
    yield database_checks.revision(found, newest_revision())
    with flow.database.read() as session:
        if (storage := storage_of(flow.database)) is not None:
            yield database_checks.damage(damage_in(session))
            yield from (check(storage) for check in database_checks.STORAGE)
        if (server := server_of(session)) is not None:
            yield database_checks.connections(server)
        if found == newest_revision():
            yield from _rows(flow, session)


def _rows(flow: Flow, session: Session) -> Iterator[Finding]:
    now = flow.clock.now()
    engine, workflows = engine_figures(session, now), workflow_figures(session, now)
    yield from (check(engine) for check in engine_checks.ENGINE)
    yield from (check(workflows) for check in engine_checks.WORKFLOWS)
    yield engine_checks.mails(outbox_figures(session), now)
    yield _hints(session)
    demo = any(user is not None and user.is_active for user in (find_by_email(session, each) for each in SIGN_INS))
    yield from settings_checks(flow.settings, has_demo_sign_ins=demo)


def _unreadable(flow: Flow, error: Exception) -> Finding:
    if isinstance(error, BadSetting):  # a sentence that says what to do
        return wrong("database", f"The database cannot be used. {error.message}", "Then ask again.")
    words = str(error.__cause__ or error).splitlines()[0][:200]
    remedy = "Check FLOWAPP_DATABASE_URL, that the disk is there, and that FlowApp’s user may read the file."
    return wrong("database", f"The database cannot be read: {words}.", remedy)


def _hints(session: Session) -> Finding:
    """Say whether hints were set aside that could not be read; the tick does without them."""
    aside = 0
    if inspect(session.connection()).has_table(_HINTS.name):
        aside = session.scalar(select(func.count()).select_from(_HINTS).where(_HINTS.c.next_run_time.is_(None))) or 0
    if not aside:
        return fine("hints", "Every hint of the scheduler can be read.")
    remedy = "Nothing is lost, since the engine looks every second anyway; tell whoever develops FlowApp."
    return look("hints", f"{aside} rows of the scheduler’s hints cannot be read.", remedy)


def _time_zones(flow: Flow) -> Finding:
    """Say whether the time zones are there, and know of summer time."""
    zone, now = flow.settings.zone, flow.clock.now()
    london = ZoneInfo("Europe/London")
    offsets = {(now + timedelta(days=30 * month)).astimezone(london).utcoffset() for month in range(12)}
    if len(offsets) < 2:
        words = "The time zone data of this machine does not know of British summer time."
        return wrong("time zones", words, "Install the package tzdata again: bin/install requirements.txt")
    return fine("time zones", f"It is {now.astimezone(zone):%H:%M} in {zone.key}.")


def _mail_server(flow: Flow) -> Finding:
    """Say whether the mail server takes mails from us; none is sent."""
    if flow.smtp is None:
        words = "No mail server is set, so mails are kept in the outbox."
        return look("mail server", words, "Set FLOWAPP_SMTP_URL, if mails shall be sent.")
    try:
        reach(flow.smtp)
    except FlowError as error:
        remedy = "Mend FLOWAPP_SMTP_URL, or ask whoever looks after the mail server; mails wait until then."
        return wrong("mail server", error.message, remedy)
    return fine("mail server", f"{flow.smtp.host} answers.")
