"""What only one place may do: read the environment or the clock, open a socket, print, sleep."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.house.dotted import calls, imports, mentions
from tests.support.house.source import Finding, Source

SETTINGS = "flowapp/kernel/settings.py"
CLOCK = "flowapp/kernel/clock.py"
ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv")
CLOCK_READERS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "time.strftime",
    }
)
DOORS_OUT = (
    "urllib.request",
    "http.client",
    "urllib3",
    "aiohttp",
    "httpx",
    "ftplib",
    "telnetlib",
    "xmlrpc.client",
)


def environment(source: Source) -> Iterator[Finding]:
    """Find readers of the environment other than the settings."""
    if source.path == SETTINGS:
        return
    for node, name, inside in mentions(source):
        if name in ENVIRONMENT:
            yield Finding(node.lineno, f"{name}: add a field to Settings and pass it in.", inside)


def clock(source: Source) -> Iterator[Finding]:
    """Find readers of the time of day other than the clock; measuring with monotonic() is free."""
    if source.path == CLOCK:
        return
    for node, name, inside in mentions(source):
        if name in CLOCK_READERS:
            yield Finding(node.lineno, f"{name}: take the moment as an argument; only {CLOCK} asks.", inside)


def doors_out(source: Source) -> Iterator[Finding]:
    """Find ways to the network outside messaging that import contracts cannot tell apart."""
    if source.path.startswith("flowapp/messaging/"):
        return
    for node, name, inside in imports(source):
        if any(f"{name}.".startswith(f"{door}.") for door in DOORS_OUT):
            yield Finding(node.lineno, f"{name}: calls go out through flowapp.messaging.", inside)


def sleeping(source: Source) -> Iterator[Finding]:
    """Find threads put to sleep."""
    for node, name, inside in mentions(source):
        if name == "time.sleep":
            yield Finding(
                node.lineno,
                "time.sleep: wait for an event with a time limit; a test moves the clock on.",
                inside,
            )


def printing(source: Source) -> Iterator[Finding]:
    """Find prints outside the commands."""
    if source.path.startswith("flowapp/cli/"):
        return
    for call, name, inside in calls(source):
        if name in ("print", "builtins.print", "pprint.pprint"):
            yield Finding(call.lineno, f"{name}: log a sentence; only commands print.", inside)
