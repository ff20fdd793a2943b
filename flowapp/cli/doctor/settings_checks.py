"""What the settings say, in words."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flowapp.engine.operating.finding import Finding, fine, look, wrong
from flowapp.kernel.errors import FlowError
from flowapp.kernel.settings import Settings
from flowapp.messaging.destination import allowed_from, destination

SHORTEST_SECRET = 16
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def settings_checks(settings: Settings, *, has_demo_sign_ins: bool) -> Iterator[Finding]:
    """Answer what there is to say about the settings."""
    yield _secret(settings)
    yield _addresses(settings)
    if settings.testing:
        remedy = "Take FLOWAPP_TESTING out of the surroundings and restart FlowApp."
        yield wrong("testing", "FLOWAPP_TESTING is set, which lets tests make FlowApp fail.", remedy)
    if has_demo_sign_ins and _is_public(settings):
        words = "The demo’s sign-ins are there, all with one password, and FlowApp has a public address."
        yield wrong("demo", words, "Begin with an empty database and FLOWAPP_DEMO=0, or close these accounts.")
    if settings.heartbeat_url:
        yield _heartbeat(settings)


def _secret(settings: Settings) -> Finding:
    if settings.secret_key and len(settings.secret_key) < SHORTEST_SECRET:
        remedy = "Leave it out, and FlowApp makes a good one and keeps it beside the database."
        return wrong("secret", f"FLOWAPP_SECRET_KEY is shorter than {SHORTEST_SECRET} characters.", remedy)
    return fine("secret", "Forms are signed with a secret key.")


def _addresses(settings: Settings) -> Finding:
    if settings.smtp_url and not settings.base_url:
        words = "Mails are sent, and FLOWAPP_BASE_URL is not set: links in them lead nowhere."
        return wrong("address", words, "Set FLOWAPP_BASE_URL to the address that people type, and restart FlowApp.")
    if _is_public(settings) and settings.base_url.startswith("http://"):
        words = "FLOWAPP_BASE_URL is not encrypted: passwords can be read on the way."
        return look("address", words, "Put a reverse proxy with HTTPS before FlowApp, and write https://.")
    return fine("address", f"People find FlowApp at {settings.base_url or 'the address of this machine'}.")


def _heartbeat(settings: Settings) -> Finding:
    try:
        found = destination(settings.heartbeat_url, allowed_from(settings.outbound_allow))
    except FlowError as error:
        words = f"FLOWAPP_HEARTBEAT_URL is not called. {error.message}"
        return wrong("heartbeat", words, "Mend the address, or add its host:port to FLOWAPP_OUTBOUND_ALLOW.")
    return fine("heartbeat", f"{found.host} is called while the engine ticks.")


def _is_public(settings: Settings) -> bool:
    return bool(settings.base_url) and urlsplit(settings.base_url).hostname not in LOOPBACK
