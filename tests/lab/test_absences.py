"""Days on which people are not there."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from lodger.lab.absences import Away, absence, public_holidays


def test_public_holidays_are_those_of_the_calendar() -> None:
    assert sorted(public_holidays(2024)) == [
        date(2024, *day)
        for day in ((1, 1), (1, 15), (2, 19), (5, 27), (6, 19), (7, 4), (9, 2), (10, 14), (11, 11), (11, 28), (12, 25))
    ]
    assert date(2021, 7, 5) in public_holidays(2021)  # the fourth was a Sunday
    assert date(2026, 7, 3) in public_holidays(2026)  # a Saturday


def test_illness_and_leave_take_as_many_days_as_they_do() -> None:
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(365)]
    weekdays = [day for day in days if day.weekday() < 5]
    people = range(1, 10**12, 10**12 // 400)
    ill = sum(absence(nature, day) is Away.ILL for nature in people for day in weekdays) / len(people)
    leave = sum(absence(nature, day) is Away.LEAVE for nature in people for day in weekdays) / len(people)
    assert 4.0 < ill < 7.5
    assert 17 < leave < 27


def test_illness_comes_in_spells() -> None:
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(366)]
    ill = [[absence(nature, day) is Away.ILL for day in days] for nature in range(7, 7 * 10**9, 10**8)]
    followed = sum(a and b for row in ill for a, b in pairwise(row))
    assert followed > 0.4 * sum(map(sum, ill))
