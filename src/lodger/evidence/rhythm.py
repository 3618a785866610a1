"""Regular contact: how much more likely is sleep than ordinary activity, given the times of the calls?

An implant waits: its calls come a *sleep* apart, each stretched or shortened by up to a share (the *jitter*), some
are missed, and a host that is switched off leaves long gaps. People and ordinary programs leave intervals spread over
many orders of magnitude. The answer is the log of a Bayes factor (natural log): the evidence of the regular model
over that of the ordinary one, each averaged over its parameters, so that no threshold on jitter or sleep is chosen
beforehand (Kass and Raftery, "Bayes factors", JASA 1995). The models are told in docs/concepts.md; their arithmetic is
in :mod:`lodger.evidence.renewal`, which is imported when there are calls to judge, because numba takes a while.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.model.tables import COUNT, TEXT, TIME

Seconds = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

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


def _told(rows: npt.NDArray[np.float64]) -> list[Rhythm]:
    return [
        Rhythm(float(factor), float(sleep), float(jitter), int(calls), FAMILIES[int(family)])
        for factor, family, sleep, jitter, calls in rows
    ]


def rhythm(times: Seconds) -> Rhythm:
    """The rhythm of calls at ``times`` (seconds, any origin, any order; what is 73,000 years later counts as that far).

    Fewer than three calls say nothing: the floor.
    """
    from lodger.evidence.folding import FARTHEST
    from lodger.evidence.renewal import judge

    ordered = np.sort(times)
    micros = np.rint(np.minimum((ordered - ordered[:1]) * 1e6, FARTHEST)).astype(np.int64)
    return _told(judge(micros, np.array([0, len(times)]))[1])[0]


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


_UNIT: Final = [
    ("host", TEXT),
    ("stay_id", TEXT),
    ("unit", TEXT),
    ("name", TEXT),
    ("contacts", COUNT),
    ("mark", COUNT),
    ("judge", TEXT),
]

#: What the calls of each unit say, and by what it is known that it still holds: their number, their mark
#: (:mod:`lodger.stays.marks`) and the :func:`version` of the judge.
JUDGED: Final = pa.schema(
    [
        *_UNIT,
        ("log_bayes_factor", pa.float64()), ("family", TEXT), ("sleep_seconds", pa.float64()), ("jitter", pa.float64()),
        ("every", TEXT), ("calls", COUNT), ("days", COUNT), ("span_days", COUNT), ("first_time", TIME),
        ("last_time", TIME), ("longest_gap_seconds", pa.float64()),
    ]
)  # fmt: skip

#: Of a unit so many calls are judged, the last ones: a call a minute for a week. What a day more costs has an end.
MOST_CALLS: Final = 10_000

_DAY: Final = 86_400_000_000

#: The files of which it is made up what is said of the same calls.
PARTS: Final = ("intervals.py", "sleeping.py", "daily.py", "folding.py", "renewal.py")


@cache
def version() -> str:
    """Of what makes up what is said of the same calls."""
    made = hashlib.sha256(f"{MOST_CALLS} {metadata.version('numpy')} {metadata.version('numba')}".encode())
    for name in (*PARTS, "rhythm.py"):
        made.update((resources.files(__package__) / name).read_bytes())
    return made.hexdigest()[:16]


def rhythms(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of the first columns of :data:`JUDGED` and ``times`` (timestamps in any order) -> :data:`JUDGED`, of
    the last :data:`MOST_CALLS` of the times.
    """
    from lodger.evidence.folding import FIRST, LAST, LONGEST
    from lodger.evidence.renewal import judge

    times, offsets = _latest(batch.column("times"))
    heads, rows = judge(times, offsets)
    found = _told(rows)
    first, last = heads[:, FIRST], heads[:, LAST]
    columns = [
        *(batch.column(name).cast(kind) for name, kind in _UNIT),
        pa.array(rows[:, 0], pa.float64()),
        pa.array([each.family for each in found], TEXT),
        pa.array([each.sleep for each in found], pa.float64()),
        pa.array([each.jitter for each in found], pa.float64()),
        pa.array([_every(each) for each in found], TEXT),
        pa.array([each.calls for each in found], COUNT),
        pa.array(_days(times, offsets), COUNT),
        pa.array(last // _DAY - first // _DAY + 1, COUNT),
        pa.array(first, pa.int64()).cast(TIME), pa.array(last, pa.int64()).cast(TIME),
        pa.array(heads[:, LONGEST] / 1e6, pa.float64()),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=JUDGED)


def _latest(lists: pa.ListArray) -> tuple[Counts, Counts]:
    """The last of the times of each row, in their order, and where those of each row begin."""
    from lodger.evidence.folding import FARTHEST

    offsets = lists.offsets.to_numpy().astype(np.int64)
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]]
    times, offsets = np.clip(values, -FARTHEST, FARTHEST), offsets - offsets[0]
    rows = np.repeat(np.arange(len(lists)), np.diff(offsets))
    falls = np.flatnonzero((np.diff(times) < 0) & (np.diff(rows) == 0))
    for row in np.unique(rows[falls]).tolist():
        times[offsets[row] : offsets[row + 1]].sort()
    left = np.repeat(offsets[1:], np.diff(offsets)) - np.arange(len(times))  # so many, with this one, are to come
    if (left > MOST_CALLS).any():
        times, offsets = times[left <= MOST_CALLS], np.cumsum([0, *np.minimum(np.diff(offsets), MOST_CALLS)])
    return times, offsets


def _days(times: Counts, offsets: Counts) -> Counts:
    """On how many UTC days there is any of the times (sorted) of each row."""
    days = times // _DAY
    begun = np.diff(days, prepend=0) != 0
    begun[offsets[:-1][np.diff(offsets) > 0]] = True
    counts: Counts = np.diff(np.concatenate([[0], np.cumsum(begun)])[offsets])
    return counts
