"""Where an outgoing call goes: the address as written, read strictly and once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote

import idna

from flowapp.kernel.errors import BadSetting
from flowapp.messaging.outgoing_errors import OutgoingRefused

Allowed = frozenset[tuple[str, int]]

LONGEST = 4096
PORTS = frozenset({443, 8443})
USUAL_PORT = {"http": 80, "https": 443}
# Names that lead to machines nearby whatever the resolver says.
NEARBY = frozenset({"localhost", "local", "internal", "lan", "home", "svc", "onion", "arpa"})
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>\[[^\]/?#@]*\]|[^/?#@:\[\]]+)(?::(?P<port>[0-9]{1,5}))?"
                  r"(?P<target>[/?][^#]*)?(?:#.*)?", re.IGNORECASE)  # fmt: skip
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # resolvers read such a last label as part of an address
_PLAIN = "/?:@!$&'()*+,;=-._~%[]"


@dataclass(frozen=True, kw_only=True)
class Destination:
    """One place a call may go to."""

    scheme: str
    host: str  # ASCII, small letters
    port: int
    target: str  # path and query
    is_allowed: bool  # on the list of those let through; may be nearby

    @property
    def authority(self) -> str:
        """What the `Host` header says."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == USUAL_PORT[self.scheme] else f"{shown}:{self.port}"


def allowed_from(text: str) -> Allowed:
    """Read FLOWAPP_OUTBOUND_ALLOW, `host:port` with commas between; raises BadSetting for nonsense."""
    return frozenset(_allowed(each.strip()) for each in text.split(",") if each.strip())


def _allowed(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or "/" in host or "@" in host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535:
        raise BadSetting(f"FLOWAPP_OUTBOUND_ALLOW has {text!r} in it: write host:port, as in 10.0.0.5:8080.")
    try:
        return _ascii(host), int(port)
    except OutgoingRefused as refused:
        raise BadSetting(f"FLOWAPP_OUTBOUND_ALLOW has {text!r} in it: {refused.message}") from None


def destination(url: str, allow: Allowed) -> Destination:
    """Read an address; raises OutgoingRefused for one that calls may not go to, with how to mend it."""
    if len(url) > LONGEST or any(sign.isspace() or not sign.isprintable() or sign == "\\" for sign in url):
        raise OutgoingRefused("The address has signs in it that do not belong there, or is too long.")
    found = _URL.fullmatch(url)
    if found is None:
        raise OutgoingRefused("Write the address like https://example.org/path, without a user name in it.")
    scheme, host = found["scheme"].lower(), _ascii(found["host"])
    port = int(found["port"] or USUAL_PORT[scheme])
    is_allowed = (host, port) in allow
    if not is_allowed:
        _check_public(scheme, host, port)
    return Destination(scheme=scheme, host=host, port=port, target=_target(found["target"]), is_allowed=is_allowed)


def _target(text: str | None) -> str:
    target = text or "/"
    return quote(target if target.startswith("/") else f"/{target}", safe=_PLAIN)


def _ascii(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host)
    try:
        name = idna.encode(host.rstrip("."), uts46=True).decode("ascii") if not host.isascii() else host
    except idna.IDNAError:
        raise OutgoingRefused(f"{host[:80]!r} is no name of a server.") from None
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise OutgoingRefused(f"{host[:80]!r} is no name of a server.")
    return name


def _ipv6(host: str) -> str:
    try:
        return str(IPv6Address(host[1:-1]))
    except ValueError:
        raise OutgoingRefused(f"{host[:80]!r} is no name of a server.") from None


def _check_public(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise OutgoingRefused("Calls go out over https:// only.")
    if port not in PORTS:
        raise OutgoingRefused(f"Calls do not go to port {port}, only to {' and '.join(map(str, sorted(PORTS)))}.")
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        raise OutgoingRefused("Write the server's name, not its number.")
    if len(labels) < 2 or labels[-1] in NEARBY:
        raise OutgoingRefused(f"{host} is a name inside a network. Calls go to servers on the internet only.")
