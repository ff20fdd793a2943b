"""Where to go back to: only addresses of our own."""

from __future__ import annotations

import re

_OWN = re.compile(r"/(?:[A-Za-z0-9_~.=&?%+-][A-Za-z0-9_~.=&?%+/-]*)?\Z")


def safe_return(address: str) -> str | None:
    """Answer the address if it is a path of this very site, else None.

    Browsers read `//evil`, `/\\\\evil` and control characters as other sites, so only plain characters pass.
    """
    return address if _OWN.match(address) and "//" not in address else None
