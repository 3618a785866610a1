"""Calls by chance in working hours, about as many on every working day: log evidence of the calls of a quiet pair.

What speaks for them is that hardly a working day is left out and that the number of calls a day varies no more than
chance has it, and nothing about their intervals, which are those of chance.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lodger.evidence.intervals import DAY, LN2, MOST, Counts, Floats, add, jitable, share

#: So many calls are needed, and calls on so many days; a life is looked at up to so many days.
FEWEST: Final = 16
_DAYS: Final = 8
_LONGEST: Final = 800
_SLOT: Final = 900.0
_SLOTS: Final = 96
#: All calls but this share lie within so many slots, the same every day: fourteen hours.
_STRAY: Final = 0.02
_WINDOW: Final = 56
#: Means of calls a day; and shapes of the negative binomial numbers of a person's visits.
_RATES: Final = (1.2, 1.8, 2.7, 4.0, 6.0, 9.0, 13.5)
_SHAPES: Final = (1, 2, 3, 4)


@jitable
def _working_day(slots: Counts, calls: int) -> tuple[int, int]:
    """First slot and length of the shortest part of the day that has all calls but a stray one in fifty; length 0 where
    that is longer than any working day.
    """
    wanted = calls - int(calls * _STRAY)
    best, first = _WINDOW + 1, 0
    for start in range(_SLOTS):
        inside, length = 0, 0
        while slots[start] > 0 and inside < wanted and length < best:
            inside += slots[(start + length) % _SLOTS]
            length += 1
        if inside >= wanted and length < best:
            best, first = length, start
    return (first, best) if best <= _WINDOW else (0, 0)


@jitable
def _week(counts: Counts, table: Floats) -> float:
    """Log evidence of which days have a call: nearly all, or nearly all but two of every seven, whichever they are."""
    active = 0
    for count in counts:
        active += 1 if count > 0 else 0
    total = share(active, len(counts) - active, table)
    for first in range(7):
        worked, idle, busy, rested = 0, 0, 0, 0
        for day in range(len(counts)):
            called = 1 if counts[day] > 0 else 0
            if (day + first) % 7 < 5:
                worked, idle = worked + called, idle + 1 - called
            else:
                busy, rested = busy + called, rested + 1 - called
        total = add(total, share(worked, idle, table) + share(rested, busy, table))
    return total - math.log(8)


@jitable
def _numbers(counts: Counts, calls: int, active: int, table: Floats) -> tuple[float, float]:
    """Log evidence of the numbers of calls on the days that have any: by chance, and a person's (in any order)."""
    chance, people = -math.inf, -math.inf
    for rate in _RATES:
        chance = add(chance, calls * math.log(rate) - active * (rate + math.log(-math.expm1(-rate))))
        for shape in _SHAPES:
            zero = shape * math.log(shape / (shape + rate))
            value = calls * math.log(rate / (shape + rate)) + active * (zero - math.log(-math.expm1(zero)))
            for count in counts:
                if count > 0:
                    value += table[0, count + shape] - table[0, shape]
            people = add(people, value - math.log(len(_SHAPES)))
    return chance - math.log(len(_RATES)), people - math.log(len(_RATES))


@jitable
def daily(times: Floats, table: Floats) -> tuple[float, float, float]:
    """Log evidence of calls by chance in the working hours of nearly every working day; of a person's visits in these
    hours, some a day; and the working hours (seconds) over the calls a day. Minus infinity where there are no such
    hours, or too few days.
    """
    calls = len(times)
    nothing = (-math.inf, -math.inf, 0.0)
    span = (times[calls - 1] - times[0]) / DAY
    if calls < FEWEST or calls > MOST + 1 or span < _DAYS - 2 or span > _LONGEST:
        return nothing
    slots = np.zeros(_SLOTS, np.int64)
    for time in times:
        since = time - times[0]
        slots[int((since - math.floor(since / DAY) * DAY) / _SLOT) % _SLOTS] += 1
    first, length = _working_day(slots, calls)
    if length == 0:
        return nothing
    lead = (_SLOTS - length) // 2  # a day begins in the middle of the idle hours
    begin = times[0] + (first - lead) * _SLOT
    start = math.floor((times[0] - begin) / DAY)
    counts = np.zeros(int(math.floor((times[calls - 1] - begin) / DAY) - start) + 1, np.int64)
    stray, active = 0, 0
    for i in range(calls):
        since = times[i] - begin
        day = math.floor(since / DAY)
        active += 1 if counts[int(day - start)] == 0 else 0
        counts[int(day - start)] += 1
        slot = int((since - day * DAY) / _SLOT) - lead
        stray += 1 if i > 0 and (slot < 0 or slot >= length) else 0
    if active < _DAYS:
        return nothing
    density = (calls - 1 - stray) * math.log((1 - _STRAY) / (length * _SLOT)) + stray * math.log(_STRAY / DAY)
    density -= 2 * math.log(_WINDOW)
    week = _week(counts, table)
    anyhow = table[0, 1 + active] + table[0, 1 + len(counts) - active] - table[0, 2 + len(counts)]
    chance, people = _numbers(counts, calls, active, table)
    return density + chance + week, density + people + add(anyhow, week) - LN2, length * _SLOT * active / calls
