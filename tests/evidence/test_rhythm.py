"""The rhythm of calls: finite for any times, the same for the same calls, sure of beacons and unmoved by people."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lodger.evidence.intervals import MOST
from lodger.evidence.renewal import FLOOR
from lodger.evidence.rhythm import FAMILIES, JUDGED, MOST_CALLS, Rhythm, Seconds, rhythm, rhythms
from lodger.evidence.sleeping import JITTERS, SPREADS
from lodger.model.tables import COUNT, TEXT, TIME

DAY = 86400.0
SURE = 10.0
LATEST = 2.0**63 / 1e6  # the last time that microseconds in 64 bits can tell

seconds = st.integers(-(2**40), 2**40)


@given(st.lists(st.floats(-LATEST, LATEST), max_size=80))
@example([])
@example([5.0, 5.0, 5.0, 5.0])
@example([-LATEST, 0.0, 5.0, LATEST])
@example([0.0, 5e-324, 1e-300, 1e-9])
@example([-11644473600.0, 0.0, 253402300799.0, 253402300800.0])
def test_any_times_have_a_finite_answer(times: list[float]) -> None:
    found = rhythm(np.array(times, dtype=np.float64))
    assert math.isfinite(found.log_bayes_factor)
    assert found.log_bayes_factor >= FLOOR
    assert math.isfinite(found.sleep)
    assert found.sleep >= 0
    assert found.jitter in {*JITTERS, *SPREADS, 1.0}
    assert found.family in FAMILIES
    assert 0 <= found.calls <= len(times)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60), st.randoms(use_true_random=False), seconds)
def test_neither_the_order_of_calls_nor_the_origin_of_time_matters(
    gaps: list[int], random: Random, origin: int
) -> None:
    times = np.cumsum(np.array(gaps, dtype=np.float64))
    shuffled = random.sample(times.tolist(), len(times))
    assert rhythm(np.array(shuffled) + origin) == rhythm(times)


@given(st.lists(st.integers(0, 10), max_size=50))
def test_calls_within_seconds_of_each_other_are_one_call(burst: list[int]) -> None:
    assert rhythm(np.array(burst, dtype=np.float64)) == Rhythm(FLOOR, 0.0, 0.0, min(len(burst), 1))


def test_two_calls_say_nothing_and_three_say_little() -> None:
    assert rhythm(np.array([0.0, 3600.0])) == Rhythm(FLOOR, 0.0, 0.0, 2)
    assert FLOOR < rhythm(np.array([0.0, 3600.0, 7200.0])).log_bayes_factor < SURE


def test_of_very_many_calls_no_burst_at_either_end_hides_the_rest() -> None:
    calls = np.arange(5 * MOST, dtype=np.float64) * 600
    burst = calls[-1] + np.cumsum(np.random.default_rng(1).exponential(40, MOST))
    assert rhythm(np.concatenate((calls, burst))).log_bayes_factor > 100
    assert rhythm(np.concatenate((calls[0] - (burst - calls[-1])[::-1], calls))).log_bayes_factor > 100


def test_a_burst_around_each_call_does_not_hide_the_sleep() -> None:
    rng = np.random.default_rng(7)
    calls = _beacon(rng, 3600, 0.1, 3)
    bursts = np.concatenate([call + np.concatenate(([0], rng.uniform(0.1, 60, 5))) for call in calls])
    assert rhythm(bursts).log_bayes_factor > SURE
    assert rhythm(bursts).sleep == pytest.approx(3600, rel=0.1)


# Planted series

#: Share found, by (sleep in seconds, days) and jitter, as measured when the method was chosen. The margin is for chance
#: and for the threshold then: that which one ordinary pair in a thousand passes, below ten nats where days are few.
MARGIN = 0.2
JITTERED = (0.0, 0.1, 0.3, 0.5)
ALWAYS_ON = {
    (300, 1): (1.0, 1.0, 1.0, 1.0),
    (600, 1): (1.0, 1.0, 1.0, 1.0),
    (3600, 1): (1.0, 1.0, 1.0, 0.83),
    (3600, 3): (1.0, 1.0, 1.0, 1.0),
    (4 * 3600, 3): (1.0, 1.0, 0.99, 0.7),
    (4 * 3600, 7): (1.0, 1.0, 1.0, 0.99),
    (8 * 3600, 7): (1.0, 1.0, 0.99, 0.88),
    (8 * 3600, 14): (1.0, 1.0, 1.0, 0.99),
}
OFFICE_HOURS = {
    (600, 3): (1.0, 1.0, 1.0, 1.0),
    (3600, 7): (1.0, 1.0, 1.0, 0.99),
    (4 * 3600, 14): (1.0, 0.99, 0.29, 0.06),
}
SEEDS = 40


def _beacon(rng: np.random.Generator, sleep: float, jitter: float, days: int) -> Seconds:
    """Calls a jittered sleep apart, three in a hundred missed."""
    calls = np.cumsum(sleep * rng.uniform(1 - jitter, 1 + jitter, int(days * DAY / sleep / (1 - jitter)) + 2))
    calls = calls[calls < days * DAY]
    return calls[rng.random(len(calls)) > 0.03]


def _office_beacon(rng: np.random.Generator, sleep: float, jitter: float, days: int) -> Seconds:
    """The same on a host that is on from about 8 to 17 on five days of seven, with a call at each start."""
    calls = [np.zeros(0)]
    for day in range(days):
        if day % 7 < 5:
            begin = rng.uniform(7.5, 8.5) * 3600
            times = begin + np.append(0, _beacon(rng, sleep, jitter, 1))
            calls.append(day * DAY + times[times < 17 * 3600])
    return np.concatenate(calls)


def _person(rng: np.random.Generator, days: int) -> Seconds:
    """Visits in office hours, each some calls with gaps spread over many orders of magnitude."""
    visits = [np.zeros(0)]
    for day in range(days):
        for _ in range(rng.poisson(4) if day % 7 < 5 else 0):
            gaps = rng.lognormal(3.5, 1.8, int(rng.integers(1, 12)))
            visits.append(day * DAY + rng.uniform(8, 18) * 3600 + np.cumsum(gaps))
    return np.concatenate(visits)


def _share(series: list[Seconds]) -> float:
    return float(np.mean([rhythm(times).log_bayes_factor > SURE for times in series]))


@pytest.mark.parametrize(("sleep", "days"), ALWAYS_ON)
def test_beacons_of_a_host_that_is_always_on_are_found(sleep: int, days: int) -> None:
    for jitter, wanted in zip(JITTERED, ALWAYS_ON[sleep, days], strict=True):
        series = [_beacon(np.random.default_rng([seed, sleep, days]), sleep, jitter, days) for seed in range(SEEDS)]
        assert _share(series) >= wanted - MARGIN, jitter


@pytest.mark.parametrize(("sleep", "days"), OFFICE_HOURS)
def test_beacons_of_a_host_that_is_off_at_night_are_found(sleep: int, days: int) -> None:
    for jitter, wanted in zip(JITTERED, OFFICE_HOURS[sleep, days], strict=True):
        seeds = [np.random.default_rng([seed, sleep, days]) for seed in range(SEEDS)]
        series = [_office_beacon(rng, sleep, jitter, days) for rng in seeds]
        assert _share(series) >= wanted - MARGIN, jitter


@pytest.mark.parametrize("jitter", [0.0, 0.1, 0.3])
def test_the_sleep_that_is_told_is_the_sleep_that_was_planted(jitter: float) -> None:
    told = [rhythm(_beacon(np.random.default_rng(seed), 3600, jitter, 7)).sleep for seed in range(SEEDS)]
    assert np.median(told) == pytest.approx(3600, rel=0.05)


def test_of_people_less_than_one_in_a_hundred_seems_regular() -> None:
    seeds = [np.random.default_rng(seed) for seed in range(500)]
    assert _share([_person(rng, int(rng.integers(3, 30))) for rng in seeds]) < 0.01


def test_of_some_calls_by_chance_less_than_one_in_a_hundred_seems_regular() -> None:
    seeds = [np.random.default_rng(seed) for seed in range(500)]
    series = [np.cumsum(rng.exponential(10 ** rng.uniform(1.5, 4.5), int(rng.integers(4, 150)))) for rng in seeds]
    assert _share(series) < 0.01


# The kernel over Arrow rows

moments = st.datetimes(datetime(1601, 1, 1), datetime(9999, 12, 30))


def _batch(pairs: list[list[datetime]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "host": pa.array([f"ws{n}" for n in range(len(pairs))], TEXT),
            "stay_id": pa.array(["stay"] * len(pairs), TEXT),
            "unit": pa.array(["destination"] * len(pairs), TEXT),
            "name": pa.array(["example.com"] * len(pairs), TEXT),
            "contacts": pa.array([len(times) for times in pairs], COUNT),
            "mark": pa.array(range(len(pairs)), COUNT),
            "judge": pa.array(["this"] * len(pairs), TEXT),
            "times": pa.array(pairs, pa.list_(TIME)),
        }
    )


@given(st.lists(st.lists(moments, min_size=1, max_size=8), max_size=5), st.integers(0, 5))
def test_each_row_is_judged_by_itself_wherever_batches_are_cut(pairs: list[list[datetime]], cut: int) -> None:
    batch = _batch(pairs)
    whole = rhythms(batch)
    assert whole.schema == JUDGED
    assert whole.to_pylist() == [*rhythms(batch.slice(0, cut)).to_pylist(), *rhythms(batch.slice(cut)).to_pylist()]
    assert whole["host"].to_pylist() == [f"ws{n}" for n in range(len(pairs))]
    assert whole["first_time"].to_pylist() == [min(times) for times in pairs]
    assert whole["last_time"].to_pylist() == [max(times) for times in pairs]
    gaps = [[later - earlier for earlier, later in pairwise(sorted(times))] for times in pairs]
    longest = [max(each, default=timedelta()).total_seconds() for each in gaps]
    assert whole["longest_gap_seconds"].to_pylist() == pytest.approx(longest)
    assert whole["days"].to_pylist() == [len({time.date() for time in times}) for times in pairs]


def test_the_last_ten_thousand_calls_are_judged() -> None:
    start = datetime(2021, 3, 1)
    often = [start + timedelta(seconds=60 * n) for n in range(MOST_CALLS)]
    seldom = [start - timedelta(hours=n) for n in range(1, 500)]
    few = [start + timedelta(seconds=600 * n) for n in range(20)]
    batch = rhythms(_batch([[*often, *seldom], few, [*seldom, *often[1:]]]))
    said = batch.select(batch.schema.names[batch.schema.get_field_index("log_bayes_factor") :])
    assert said.slice(0, 2).equals(rhythms(_batch([often, few])).select(said.schema.names))
    assert batch["first_time"].to_pylist() == [start, start, start - timedelta(hours=1)]


@pytest.mark.parametrize(
    ("sleep", "told"),
    [(45, "45 s ± 0%"), (96, "1.6 min ± 0%"), (600, "10 min ± 0%"), (5760, "1.6 h ± 0%"), (8 * 3600, "8 h ± 0%")],
)
def test_a_sleep_is_told_in_the_unit_that_fits_it(sleep: int, told: str) -> None:
    times = [datetime(2021, 3, 1) + timedelta(seconds=sleep * n) for n in range(40)]
    row = rhythms(_batch([times])).to_pylist()[0]
    assert (row["every"], row["calls"], row["days"]) == (told, 40, len({time.date() for time in times}))
