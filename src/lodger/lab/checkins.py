"""When a program that waits between its calls would have called: times alone, for tests and evaluation.

Nothing here talks to anybody. A scenario says how long the program sleeps, on what kind of host, and for how many days;
what comes out are seconds since the first day's midnight, as records of it would bear them: some calls missed, some
followed at once by more connections, and now and then a session of a person at the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DAY: Final = 86400.0
HOUR: Final = 3600.0

#: Draws one sleep, in seconds.
Sleep = Callable[[np.random.Generator], float]


def jittered(sleep: float, jitter: float) -> Sleep:
    """Uniform between (1 - jitter) and (1 + jitter) times ``sleep`` seconds."""
    return lambda rng: float(sleep * rng.uniform(1 - jitter, 1 + jitter))


def log_normal(median: float, spread: float) -> Sleep:
    """Log-normal about ``median`` seconds, ``spread`` the deviation of the logarithm."""
    return lambda rng: float(median * np.exp(spread * rng.standard_normal()))


def memoryless(mean: float) -> Sleep:
    """Exponential with ``mean`` seconds."""
    return lambda rng: float(rng.exponential(mean))


@dataclass(frozen=True)
class Scenario:
    """A program that waits. ``sleep`` until day ``turn`` of ``days`` and ``later`` after it; ``office``: its host is
    on in office hours only, and the program calls when the host has started. ``missed`` is the share of calls of which
    there is no record, ``sessions`` how many times a week somebody at the other end is there for a while.
    """

    sleep: Sleep
    days: int
    office: bool = False
    later: Sleep | None = None
    turn: float = np.inf
    missed: float = 0.03
    sessions: float = 1.0


def powered(rng: np.random.Generator, days: int, office: bool) -> list[tuple[float, float]]:
    """When a host is on: in office hours of five days of seven (the first is a day of work), one day in 25 not at all;
    or always, but for a restart in ten days.
    """
    if office:
        first = int(rng.integers(5))
        worked = [day for day in range(days) if (first + day) % 7 < 5 and rng.random() > 0.04]
        on = [(day * DAY + rng.normal(8.25, 0.4) * HOUR, day * DAY + rng.normal(17.25, 0.8) * HOUR) for day in worked]
        return [(start, max(end, start + HOUR)) for start, end in on]
    restarts = np.sort(rng.uniform(0, days * DAY, rng.poisson(days / 10)))
    return list(zip([0.0, *(restarts + rng.uniform(120, 900, len(restarts)))], [*restarts, days * DAY], strict=True))


def random_in_hours(rng: np.random.Generator, days: int, per_day: float) -> Floats:
    """Calls at any time of office hours, about ``per_day`` on each day of work."""
    spans = powered(rng, days, office=True)
    return np.sort(np.concatenate([np.zeros(0), *(rng.uniform(*span, rng.poisson(per_day)) for span in spans)]))


def times(rng: np.random.Generator, scenario: Scenario) -> Floats:
    """The records' times, sorted."""
    calls: list[float] = []
    for start, end in powered(rng, scenario.days, scenario.office):
        # where the host stays on, the program was there before the records began
        begin = rng.uniform(60, 300) if scenario.office or start > 0 else rng.random() * scenario.sleep(rng)
        now = start + begin
        while now < min(end, scenario.days * DAY):
            calls.append(now)
            sleep = scenario.later if scenario.later is not None and now > scenario.turn * DAY else scenario.sleep
            now += max(sleep(rng), 1.0) + rng.exponential(0.3)
    kept = np.array(calls)[rng.random(len(calls)) >= scenario.missed]
    followed = kept[rng.random(len(kept)) < 0.2]
    more = [call + np.cumsum(rng.uniform(0.1, 1.5, int(rng.integers(1, 4)))) for call in followed]
    visits = rng.choice(kept, rng.poisson(scenario.sessions * scenario.days / 7)) if len(kept) else kept
    more += [visit + np.cumsum(rng.exponential(8, int(rng.integers(10, 120)))) for visit in visits]
    return np.sort(np.concatenate([kept, *more]))


def spread_over(rng: np.random.Generator, calls: Floats, names: int) -> list[Floats]:
    """The calls, each to one of so many names at random."""
    chosen = rng.integers(names, size=len(calls))
    return [calls[chosen == name] for name in range(names)]
