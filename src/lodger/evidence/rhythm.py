"""Regular contact: how much more likely is sleep than ordinary activity, given the times of the calls?

An implant waits: its calls come a *sleep* apart, each stretched or shortened by up to a share (the *jitter*), some
are missed, and a host that is switched off leaves long gaps. People and ordinary programs leave intervals spread over
many orders of magnitude. The answer is the log of a Bayes factor (natural log): the evidence of the regular model
over that of the ordinary one, each averaged over its parameters, so that no threshold on jitter or sleep is chosen
beforehand (Kass and Raftery, "Bayes factors", JASA 1995). The models are told in docs/concepts.md; their arithmetic is
in :mod:`lodger.evidence.renewal`, which is imported when there are calls to judge, because numba takes a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.model.tables import COUNT, TEXT, TEXTS, TIME

Seconds = npt.NDArray[np.float64]

#: How the sleeps of a pair's calls lie: uniform about one (told by its jitter), log-normal (by the deviation of the
#: logarithm), exponential, one sleep first and another later (of which the later one's numbers are told), or by chance
#: within the hours of the working day, about as many on every one.
FAMILIES: Final = ("none", "jittered", "log-normal", "memoryless", "changed", "daily")


@dataclass(frozen=True)
class Rhythm:
    """What the times of one pair's calls say.

    ``log_bayes_factor`` is in nats; ``sleep`` (the middle of the sleeps) in seconds, ``jitter`` a share of it,
    ``family`` one of :data:`FAMILIES`, ``calls`` how many there are once those in quick succession count as one.
    """

    log_bayes_factor: float
    sleep: float
    jitter: float
    calls: int
    family: str = "none"


def _judged(times: Seconds, offsets: npt.NDArray[np.int64]) -> list[Rhythm]:
    from lodger.evidence.renewal import judge

    return [
        Rhythm(float(factor), float(sleep), float(jitter), int(calls), FAMILIES[int(family)])
        for factor, family, sleep, jitter, calls in judge(times, offsets)
    ]


def rhythm(times: Seconds) -> Rhythm:
    """The rhythm of calls at ``times`` (seconds, any origin, any order).

    Fewer than three calls say nothing: the floor.
    """
    return _judged(np.sort(times), np.array([0, len(times)]))[0]


def _every(found: Rhythm) -> str:
    sleep, share = found.sleep, f" ± {found.jitter:.0%}"
    size, unit = next(
        ((seconds, unit) for unit, seconds in (("h", 3600.0), ("min", 60.0)) if sleep >= 1.5 * seconds), (1.0, "s")
    )
    told = f"{sleep / size:.3g} {unit}"
    if found.family == "memoryless":
        return f"{told} on average, at random"
    if found.family == "daily":
        return f"{told} of working hours on average, at random"
    if found.family == "changed":
        return f"{told}{share}, before that at another pace"
    return told + share


#: What :func:`rhythms` gives: one row per pair. ``destinations`` are those of the contact tables that are behind this
#: one (several where they are names of one address), ``days`` those with a call, ``span_days`` all from first to last.
RHYTHMS: Final = pa.schema(
    [
        ("host", TEXT), ("stay_id", TEXT), ("destination", TEXT), ("destinations", TEXTS),
        ("log_bayes_factor", pa.float64()),
        ("family", TEXT), ("sleep_seconds", pa.float64()), ("jitter", pa.float64()), ("every", TEXT), ("calls", COUNT),
        ("days", COUNT), ("span_days", COUNT), ("first_time", TIME), ("last_time", TIME),
        ("longest_gap_seconds", pa.float64()),
    ]
)  # fmt: skip

_DAY: Final = 86_400_000_000


def rhythms(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (host, stay_id, destination, destinations, days, times: sorted timestamps) -> :data:`RHYTHMS`."""
    lists = batch.column("times")
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)
    offsets = lists.offsets.to_numpy().astype(np.int64)
    first, last = values[offsets[:-1]], values[offsets[1:] - 1]
    gaps = [float(np.diff(values[a:b]).max(initial=0)) / 1e6 for a, b in pairwise(offsets)]
    used = values[offsets[0] : offsets[-1]] / 1e6
    found = _judged(used, offsets - offsets[0])
    columns = [
        batch.column("host"), batch.column("stay_id"), batch.column("destination"), batch.column("destinations"),
        pa.array([each.log_bayes_factor for each in found], pa.float64()),
        pa.array([each.family for each in found], TEXT),
        pa.array([each.sleep for each in found], pa.float64()),
        pa.array([each.jitter for each in found], pa.float64()),
        pa.array([_every(each) for each in found], TEXT),
        pa.array([each.calls for each in found], COUNT),
        batch.column("days").cast(COUNT),
        pa.array(last // _DAY - first // _DAY + 1, COUNT),
        pa.array(first, pa.int64()).cast(TIME), pa.array(last, pa.int64()).cast(TIME),
        pa.array(gaps, pa.float64()),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=RHYTHMS)
