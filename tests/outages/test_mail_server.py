"""The mail server is away for ten minutes: runs go on, and the mails go out when it is back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings, read_settings
from flowapp.messaging.outbox import Mail, MailStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs
from tests.kill.server import free_port
from tests.kill.sink import MailDoor, mail_server
from tests.kill.store import Store

AWAY = timedelta(minutes=10)


@pytest.fixture
def port() -> int:
    """Where the mail server will be."""
    return free_port()


@pytest.fixture
def settings(tmp_path: Path, port: int) -> Settings:
    """Settings with a mail server that is away."""
    return read_settings(
        database_url=f"sqlite:///{tmp_path}/flowapp.sqlite3", secret_key="test", testing=True,
        smtp_url=f"smtp://127.0.0.1:{port}",
    )  # fmt: skip


def test_runs_go_on_while_the_mail_server_is_away_and_mails_go_out_when_it_is_back(
    flow: Flow, cast: Cast, clock: FrozenClock, port: int, tmp_path: Path
) -> None:
    mail = {"id": "mail", "type": "action", "action": "send_email",
            "with": {"to": "manager", "subject": "Tea", "body": "is ready"}}  # fmt: skip
    a_workflow(flow, cast.maya, a_document(mail, notify("tell")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    began, tries = clock.now(), 0
    while clock.now() < began + AWAY:
        run_all(flow)
        flow.post.look().result()
        clock.advance(seconds=10)
        tries = max(tries, the_mail(flow).attempts)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    waiting = the_mail(flow)
    assert waiting.status == MailStatus.QUEUED
    assert waiting.last_error
    assert 3 <= tries <= 6  # not every ten seconds

    store = Store(tmp_path / "came")
    with mail_server(MailDoor(store), port):
        clock.set(waiting.next_attempt_at)
        flow.post.look().result()
    assert the_mail(flow).status == MailStatus.SENT
    [came] = store.all()
    assert waiting.uid in came.key


def the_mail(flow: Flow) -> Mail:
    """Answer the one mail."""
    with flow.database.read() as session:
        return session.query(Mail).one()
