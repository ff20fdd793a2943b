"""The limits that keep an expression small, each with the reason why it is as it is."""

from __future__ import annotations

from decimal import Decimal

CHARACTERS = 2_000  # of one expression; the longest sensible condition seen is about 300
TOKENS = 512  # words, numbers and signs of one expression
NESTING = 32  # brackets, prefixes such as `not`, choices inside choices; also of records and lists in data
STEPS = 100_000  # of one evaluation; one step is at most about half a microsecond
LIST_ITEMS = 10_000
TEXT_BYTES = 65_536  # of one text, as UTF-8
RESULT_CHARACTERS = 1_048_576  # of all texts of a list or record together, or of one action's fields
NUMBER = 10**15  # numbers lie between minus this and this
DIGITS = 28  # of decimal arithmetic
TEMPLATE_VALUES = 200  # places `${…}` in one template
TEMPLATE_TOKENS = 2_048  # of all places of one template together: parsing them stays under 50 ms
CHARACTERS_PER_STEP = 64  # work on a text costs one step for so many characters
WORKING_DAYS = 3_660  # that add_working_days may go: ten years

NUMBER_DECIMAL = Decimal(NUMBER)
