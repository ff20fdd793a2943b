"""Signs that are not text: what steers a terminal, and halves of signs (Unicode's categories Cc and Cs)."""

from __future__ import annotations

import re
from typing import Final

NO_TEXT: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
NO_TEXT_BUT_LINES: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")  # lets tabs and \n be
