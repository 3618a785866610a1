"""When sensors are silent: a host's Sysmon for some days, the sensor of the network for some hours.

How often is estimated: one host in fifty a month, for one day to a week; the network's sensor once a month.
"""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Final

from lodger.lab.people import HOUR

_HOST_MONTHS: Final = 50.0
_DAYS: Final = 30.0


@lru_cache(maxsize=8_192)
def silent_days(seed: int, host: str, days: int) -> frozenset[int]:
    """The days, by number, on which the host's Sysmon records nothing; other event logs go on."""
    rng = random.Random(f"{seed}/{host}/gaps")
    silent: set[int] = set()
    begins = 1 + rng.expovariate(1 / (_HOST_MONTHS * _DAYS))
    while begins < days:
        lasts = rng.randrange(1, 8)
        silent.update(range(int(begins), int(begins) + lasts))
        begins += lasts + rng.expovariate(1 / (_HOST_MONTHS * _DAYS))
    return frozenset(silent)


def outages(seed: int, days: int) -> dict[int, list[tuple[int, int]]]:
    """By the day's number, from when until when the network's sensor is down, in microseconds since midnight."""
    rng = random.Random(f"{seed}/outages")
    down: dict[int, list[tuple[int, int]]] = {}
    for day in range(1, days):
        if rng.random() < 1 / _DAYS:
            begins = rng.randrange(20 * HOUR)
            down[day] = [(begins, begins + int(rng.uniform(0.5, 4.0) * HOUR))]
    return down
