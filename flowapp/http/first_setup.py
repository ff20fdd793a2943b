"""Setting up a FlowApp of one's own: open while the database is empty, to whoever has the link printed at start."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.users import User
from flowapp.kernel.keys import kept_secret
from flowapp.kernel.settings import Settings
from flowapp.rota.homes import CareHome

KEY_FILE = "setup-key"  # beside the database, readable by its owner only


def is_empty(session: Session) -> bool:
    """Say whether there is no home and no account yet."""
    return all(session.scalar(select(table.id).limit(1)) is None for table in (CareHome, User))


def is_open(settings: Settings, session: Session) -> bool:
    """Say whether FlowApp waits to be set up; with the demo it never does."""
    return not settings.demo and is_empty(session)


def setup_link(settings: Settings, *, address: str) -> str:
    """Answer the link that sets FlowApp up; the same one until it is used."""
    key = kept_secret(settings.instance_folder, KEY_FILE)
    return f"{settings.base_url.rstrip('/') or address}/setup/?key={key}"


def is_key(settings: Settings, text: str) -> bool:
    """Say whether this is the key of the link."""
    file = settings.instance_folder / KEY_FILE
    return file.is_file() and hmac.compare_digest(file.read_text().strip().encode(), text.encode())


def forget_key(settings: Settings) -> None:
    """Let the link lead nowhere any more."""
    (settings.instance_folder / KEY_FILE).unlink(missing_ok=True)
