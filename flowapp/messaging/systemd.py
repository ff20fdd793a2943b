"""Telling systemd how the service stands, as sd_notify(3) has it."""

from __future__ import annotations

import logging
import socket

log = logging.getLogger(__name__)


def notify(address: str, state: str) -> bool:
    """Send a state such as `READY=1` to NOTIFY_SOCKET; answer whether it was taken.

    An address that begins with @ is an abstract one, which has no file. Never waits: systemd that does not read would
    otherwise hold up the server.
    """
    name = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as door:
            door.connect(name)
            door.send(state.encode())
    except OSError as error:
        log.debug("systemd was not told %s: %s", state, error)
        return False
    return True
