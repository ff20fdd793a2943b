"""Cron in plain English."""

from __future__ import annotations

import pytest

from flowapp.kernel.cron_reading import CronError
from flowapp.kernel.cron_words import in_words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 6 * * MON", "Every Monday at 06:00"),
        ("0 6 * * *", "Every day at 06:00"),
        ("@weekly", "Every Sunday at 00:00"),
        ("30 8 * * 1-5", "Every Monday to Friday at 08:30"),
        ("0 7 * * 6,0", "Every Saturday and Sunday at 07:00"),  # the week begins with Monday
        ("0 9,17 * * *", "Every day at 09:00 and 17:00"),
        ("* * * * *", "Every minute"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("*/90 * * * *", "Every hour, on the hour"),  # as cron has it, and not every hour and a half
        ("*/25 * * * *", "Every hour at 0, 25 and 50 minutes past"),  # the gaps are not even
        ("@hourly", "Every hour, on the hour"),
        ("5 * * * *", "Every hour at 5 minutes past"),
        ("1 * * * *", "Every hour at 1 minute past"),
        ("30 */2 * * *", "Every 2 hours from 00:30"),
        ("0 */12 * * *", "Every day at 00:00 and 12:00"),
        ("0 8-18 * * *", "Every hour from 08:00 to 18:00"),
        ("* 9-17 * * *", "Every minute from 09:00 to 17:59"),
        ("*/15 9-17 * * MON-FRI", "Every Monday to Friday, every 15 minutes from 09:00 to 17:45"),
        ("5,20 9-12,14-16 * * *",
         "Every day at 5 and 20 minutes past each hour from 09:05 to 12:20 and from 14:05 to 16:20"),
        ("0 9 1 * *", "On the 1st of every month at 09:00"),
        ("0 9 2,3,11,22 * *", "On the 2nd, the 3rd, the 11th and the 22nd of every month at 09:00"),
        ("0 9 1-7 * *", "On the 1st to the 7th of every month at 09:00"),
        ("0 9 */2 * *", "Every 2 days from the 1st of every month at 09:00"),
        ("0 9 L * *", "On the last day of every month at 09:00"),
        ("0 9 LW * *", "On the last day from Monday to Friday of every month at 09:00"),
        ("1 1 * * 5L", "On the last Friday of every month at 01:01"),
        ("0 9 * * FRI#1", "On the first Friday of every month at 09:00"),
        ("0 9 * 3 SUN#5", "On the fifth Sunday of March at 09:00"),
        ("0 0 1 1 *", "On the 1st of January at 00:00"),
        ("0 9 15 11,1,2 *", "On the 15th of January, February and November at 09:00"),
        ("0 9 * 6-8 *", "Every day in June to August at 09:00"),
        ("0 9 * 11 FRI", "Every Friday in November at 09:00"),
        ("0 0 13 * FRI", "On the 13th of every month and every Friday at 00:00"),  # either is enough
        ("0 0 */2 * 1", "Every 2 days from the 1st of every month, if that is a Monday, at 00:00"),  # both
        ("0 0 13 * 0-6", "Every day at 00:00"),
        ("* * 1 1 *", "On the 1st of January, every minute"),
    ],
)  # fmt: skip
def test_what_an_expression_means(expression: str, words: str) -> None:
    assert in_words(expression) == words


@pytest.mark.parametrize("expression", ["", "60 * * * *", "0 0 30 2 *"])
def test_what_is_wrong_has_no_words(expression: str) -> None:
    with pytest.raises(CronError):
        in_words(expression)
