"""The one door through which calls to other programs go out.

The name is resolved once, every address it has is checked, and the connection goes to a checked one: the
request itself carries the number, so that nothing below asks a resolver again. The certificate and the `Host`
header are those of the name. Redirects are answers like others, and proxies of the environment are not used.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address

import httpcore2

from flowapp.messaging.addresses import is_metadata, is_public
from flowapp.messaging.answer import Answer
from flowapp.messaging.destination import Allowed, Destination, destination
from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused
from flowapp.messaging.pinned import Deadline, PinnedBackend, Resolver, system_addresses
from flowapp.messaging.webhook_signature import BadSecret, message_id, sign

# Its notes of every step have the headers in them, passwords included.
logging.getLogger("httpcore2").setLevel(logging.WARNING)

MOST_ADDRESSES = 4  # of one name, to be tried one after the other
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
    | {"accept-encoding", "proxy-connection", "webhook-id", "webhook-timestamp", "webhook-signature"}
    | {"idempotency-key"}
)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a call may take, and how long its answer may be."""

    connect_seconds: float = 3.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    most_bytes: int = 1024 * 1024


class Outgoing:
    """Makes calls; `allow` names places that may be nearby and without encryption."""

    def __init__(
        self,
        *,
        allow: Allowed = frozenset(),
        limits: Limits | None = None,
        resolver: Resolver = system_addresses,
    ) -> None:
        self._allow = allow
        self._limits = limits or Limits()
        self._resolver = resolver

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        secret: str | None = None,
        key: str,
        now: datetime,
    ) -> Answer:
        """Make one call and answer what came back, whatever its status.

        `key` names the effect and is the same on every attempt; with a `secret` the call is signed as
        Standard Webhooks has it. Raises OutgoingRefused where no attempt would help, and OutgoingFailed.
        """
        if method not in METHODS:
            raise OutgoingRefused(f"The method must be one of {', '.join(sorted(METHODS))}.")
        to = destination(url, self._allow)
        sent = _headers(to, body, headers or {}, _webhook(secret, key, now, body))
        deadline = Deadline(self._limits.total_seconds)
        addresses = self._addresses(to)
        try:
            return self._exchange(method, to, addresses, sent, body, deadline)
        except httpcore2.LocalProtocolError as error:
            raise OutgoingRefused(f"The call to {to.host} could not be written down as HTTP.") from error
        except httpcore2.TimeoutException as error:
            raise OutgoingFailed(f"{to.host} did not answer in time.") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise OutgoingFailed(_trouble(to, error)) from error

    def _addresses(self, to: Destination) -> list[str]:
        """Resolve once, and refuse when one address of several is out of bounds."""
        # The dot at the end keeps the resolver from trying our own network's names first.
        name = to.host if to.is_allowed else f"{to.host}."
        try:
            found = list(self._resolver(name, to.port))
        except OSError as error:
            raise OutgoingFailed(f"The server {to.host} could not be found.") from error
        if not found:
            raise OutgoingFailed(f"The server {to.host} could not be found.")
        for address in found:
            if is_metadata(address) or not (to.is_allowed or is_public(address)):
                raise OutgoingRefused(
                    f"{to.host} leads to an address inside a network. Calls go to servers on the internet "
                    "only; whoever looks after FlowApp can let it through with FLOWAPP_OUTBOUND_ALLOW."
                )
        return [str(ip_address(address)) for address in found[:MOST_ADDRESSES]]

    def _exchange(
        self,
        method: str,
        to: Destination,
        addresses: list[str],
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        deadline: Deadline,
    ) -> Answer:
        limits = self._limits
        seconds = {
            "connect": limits.connect_seconds,
            "read": limits.read_seconds,
            "write": limits.read_seconds,
        }
        target = httpcore2.URL(
            scheme=to.scheme.encode(), host=addresses[0].encode(), port=to.port, target=to.target.encode()
        )
        extensions = {"timeout": seconds, "sni_hostname": to.host}
        with (
            httpcore2.ConnectionPool(
                ssl_context=self._tls, network_backend=PinnedBackend(addresses, deadline), retries=0
            ) as pool,
            pool.stream(method, target, headers=headers, content=body, extensions=extensions) as response,
        ):
            content, truncated = _read(response, limits.most_bytes)
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(host=to.host, status=response.status, headers=told, body=content, truncated=truncated)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _read(response: httpcore2.Response, most: int) -> tuple[bytes, bool]:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > most:
            return bytes(content[:most]), True
    return bytes(content), False


def _webhook(secret: str | None, key: str, now: datetime, body: bytes) -> dict[str, str]:
    id_, timestamp = message_id(key), int(now.timestamp())
    headers = {"webhook-id": id_, "idempotency-key": id_, "webhook-timestamp": str(timestamp)}
    if secret is None:
        return headers
    try:
        return headers | {"webhook-signature": sign(secret, id=id_, timestamp=timestamp, body=body)}
    except BadSecret as error:
        raise OutgoingRefused(str(error)) from None


def _headers(
    to: Destination, body: bytes, given: Mapping[str, str], webhook: Mapping[str, str]
) -> list[tuple[bytes, bytes]]:
    for name, value in given.items():
        if not _NAME.fullmatch(name) or not value.isascii() or not value.isprintable():
            raise OutgoingRefused(f"The header {name[:40]!r} has signs in it that a header cannot have.")
        if name.lower() in OURS:
            raise OutgoingRefused(f"The header {name!r} is set by FlowApp itself; leave it out.")
    usual = {"host": to.authority, "user-agent": "FlowApp", "accept": "*/*", "accept-encoding": "identity"}
    length = {"content-length": str(len(body)), "connection": "close"}
    chosen = {name.lower(): value for name, value in given.items()}
    return [(k.encode(), v.encode()) for k, v in (usual | chosen | dict(webhook) | length).items()]


def _trouble(to: Destination, error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"The certificate of {to.host} is not one that can be trusted."
    return f"The connection to {to.host} failed."
