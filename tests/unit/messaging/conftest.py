"""A database, a moment, and a mail server that keeps what it is given."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

import flowapp.messaging.in_app
import flowapp.messaging.outbox  # noqa: F401  (declares its table, as the other)
from flowapp.accounts.users import USERS
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.columns import Base
from flowapp.kernel.db import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture
def cause() -> Cause:
    """FlowApp itself, now."""
    return Cause(actor=SYSTEM, at=NOW)


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    """A database with three people, numbered from one."""
    made = Database(bare_url)
    Base.metadata.create_all(made.writer)
    people = [
        {
            "email": f"{name}@example.org",
            "name": name,
            "password_hash": "",
            "role": "staff",
            "staff_id": None,
            "all_homes": False,
            "is_active": True,
            "session_version": 1,
            "last_seen_at": None,
            "created_at": NOW,
        }
        for name in ("maya", "dan", "ola")
    ]
    made.write(lambda session: session.execute(insert(USERS), people) and None)
    yield made
    made.dispose()


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost and hooks.example.org that signs itself."""

    path: Path
    context: ssl.SSLContext  # for a server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Make a certificate, so that no key has to lie in the repository."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the program openssl is not installed, so there is no certificate to test with")
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
            "-addext",
            "subjectAltName=DNS:localhost,DNS:hooks.example.org,IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return Certificate(certificate, context)


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Have this process trust the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    return certificate


@pytest.fixture
def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
