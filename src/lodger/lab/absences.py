"""When people are away: public holidays, holidays in weeks, and illness in spells; by the calendar, not by the fleet.

Public holidays are the federal ones of the USA (5 U.S.C. 6103). Illness: 2.6 % of working hours were lost to it in the
United Kingdom in 2022, 5.7 days for each worker (Office for National Statistics, "Sickness absence in the UK labour
market: 2022"), here in spells of which most are short. Twenty-two days of leave a year, most of them in whole weeks,
are estimated.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Final

_SPELLS: Final = 2.4  # of illness in a year
#: Days in a row, and how likely they are taken in a year.
_LEAVE: Final = ((14, 0.8), (7, 1.0), (7, 0.9), (4, 0.8), (3, 0.6), (1, 1.0), (1, 0.8), (1, 0.6))


class Away(Enum):
    """Why somebody is not there."""

    PUBLIC_HOLIDAY = "public holiday"
    LEAVE = "leave"
    ILL = "ill"


def absence(nature: int, day: date) -> Away | None:
    """Why the person whose chances are drawn from ``nature`` is away on that day; None where they are not."""
    if day in public_holidays(day.year):
        return Away.PUBLIC_HOLIDAY
    return _year(nature, day.year).get(day)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The days on which nobody works; those that fall on a weekend are kept beside it."""
    fixed = (date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25))
    kept = {day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0)) for day in fixed}
    mondays = {_nth(year, month, nth) for month, nth in ((1, 3), (2, 3), (5, -1), (9, 1), (10, 2))}
    return frozenset(kept | mondays | {_nth(year, 11, 4, weekday=3)})


def _nth(year: int, month: int, nth: int, weekday: int = 0) -> date:
    """The month's ``nth`` such weekday (-1: the last); months that are asked for begin no year's end."""
    first = date(year, month, 1)
    first += timedelta(days=(weekday - first.weekday()) % 7)
    if nth > 0:
        return first + timedelta(weeks=nth - 1)
    last = first + timedelta(weeks=4)
    return last if last.month == month else last - timedelta(weeks=1)


@lru_cache(maxsize=20_000)
def _year(nature: int, year: int) -> dict[date, Away]:
    """A person's days away, by day."""
    rng = random.Random(nature ^ year << 40)
    first = date(year, 1, 1)
    away: dict[date, Away] = {}
    for length, likely in _LEAVE:
        if rng.random() < likely:
            begin = first + timedelta(days=rng.randrange(365))
            if length > 4:
                begin -= timedelta(days=begin.weekday())
            away |= {begin + timedelta(days=day): Away.LEAVE for day in range(length)}
    moment = rng.expovariate(_SPELLS / 365)
    while moment < 365:
        begin = first + timedelta(days=int(moment))
        away |= {begin + timedelta(days=day): Away.ILL for day in range(1 + int(rng.lognormvariate(0.6, 0.9)))}
        moment += rng.expovariate(_SPELLS / 365)
    return away
