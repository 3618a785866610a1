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
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lodger.model.tables import COUNT, TEXT, TEXTS, TIME

if TYPE_CHECKING:
    from lodger.evidence.state import States

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


def _told(rows: npt.NDArray[np.float64]) -> list[Rhythm]:
    return [
        Rhythm(float(factor), float(sleep), float(jitter), int(calls), FAMILIES[int(family)])
        for factor, family, sleep, jitter, calls in rows
    ]


def rhythm(times: Seconds) -> Rhythm:
    """The rhythm of calls at ``times`` (seconds, any origin, any order; what is 73,000 years later counts as that far).

    Fewer than three calls say nothing: the floor.
    """
    from lodger.evidence.renewal import judge
    from lodger.evidence.state import FARTHEST

    ordered = np.sort(times)
    micros = np.rint(np.minimum((ordered - ordered[:1]) * 1e6, FARTHEST)).astype(np.int64)
    return _told(judge(micros, np.array([0, len(times)])))[0]


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


#: What is told of each unit: one row per pair. ``destinations`` are those of the contact tables that are behind this
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

#: A state as it lies in a table: how many calls were folded and their digest; ``head``, ``said`` and ``held`` are a row
#: each of what :class:`lodger.evidence.state.States` calls ``heads``, ``rows``, and what is kept; ``seal`` is a digest
#: of these.
STATE: Final = [
    ("folded", COUNT), ("digest", COUNT), ("head", pa.list_(COUNT)), ("said", pa.list_(pa.float64())),
    ("held", pa.list_(COUNT)), ("seal", COUNT),
]  # fmt: skip

#: What :func:`rhythms` gives: those, what the unit is called, and the state of those with many calls, else nulls.
JUDGED: Final = pa.schema([*RHYTHMS, ("unit", TEXT), ("name", TEXT), *STATE])

#: The state of a unit with fewer calls is not kept: to judge it anew costs less than to keep and to read it, as
#: measured by benchmarks/days.py; with 8,000 to 16,000 calls both cost the same.
KEEP_FROM: Final = 10_000

_DAY: Final = 86_400_000_000


def rhythms(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (host, stay_id, unit, name, destination, destinations, days, times: sorted timestamps, and the
    lists of :data:`STATE`) -> :data:`JUDGED`.

    ``times`` are the calls that the state does not have yet; without a state, all calls.
    """
    from lodger.evidence.renewal import go_on
    from lodger.evidence.state import FARTHEST, FIRST, LAST, LONGEST

    lists = batch.column("times")
    offsets = lists.offsets.to_numpy().astype(np.int64)
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]]
    states = go_on(np.clip(values, -FARTHEST, FARTHEST), offsets - offsets[0], _states(batch), KEEP_FROM)
    found = _told(states.rows)
    first, last = states.heads[:, FIRST], states.heads[:, LAST]
    columns = [
        batch.column("host"), batch.column("stay_id"), batch.column("destination"), batch.column("destinations"),
        pa.array(states.rows[:, 0], pa.float64()),
        pa.array([each.family for each in found], TEXT),
        pa.array([each.sleep for each in found], pa.float64()),
        pa.array([each.jitter for each in found], pa.float64()),
        pa.array([_every(each) for each in found], TEXT),
        pa.array([each.calls for each in found], COUNT),
        batch.column("days").cast(COUNT),
        pa.array(last // _DAY - first // _DAY + 1, COUNT),
        pa.array(first, pa.int64()).cast(TIME), pa.array(last, pa.int64()).cast(TIME),
        pa.array(states.heads[:, LONGEST] / 1e6, pa.float64()),
        batch.column("unit"), batch.column("name"),
        *_columns(states),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=JUDGED)


def _columns(states: States) -> list[pa.Array]:
    """Those of :data:`STATE`; null where there are too few calls for a state."""
    from lodger.evidence.state import CALLS, DIGEST

    few = states.heads[:, CALLS] < KEEP_FROM
    mask, rows = pa.array(few), np.arange(len(few) + 1)
    head, said = states.heads.ravel(), states.rows.ravel()
    return [
        pa.array(states.heads[:, CALLS], mask=few),
        pa.array(states.heads[:, DIGEST], mask=few),
        pa.ListArray.from_arrays(pa.array(rows * states.heads.shape[1], pa.int32()), pa.array(head), mask=mask),
        pa.ListArray.from_arrays(pa.array(rows * states.rows.shape[1], pa.int32()), pa.array(said), mask=mask),
        pa.ListArray.from_arrays(pa.array(states.offsets, pa.int32()), pa.array(states.kept), mask=mask),
        pa.array(_seals(states), mask=few),
    ]


def _seals(states: States) -> npt.NDArray[np.int64]:
    from lodger.evidence.state import digests

    pairs, at = len(states.heads), np.arange(len(states.kept), dtype=np.int64)
    at -= np.repeat(states.offsets[:-1], np.diff(states.offsets))
    fixed = np.hstack([states.heads, states.rows.view(np.int64)])
    fixed ^= np.arange(1, 1 + fixed.shape[1], dtype=np.int64) << 54
    return digests(fixed.ravel(), np.arange(pairs + 1) * fixed.shape[1]) + digests(
        states.kept ^ (at << 44), states.offsets
    )


def sound(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows with the columns of :data:`STATE` and ``last`` -> those that are as :func:`rhythms` made them."""
    from lodger.evidence.state import CALLS, DIGEST, HEAD, LAST, ROW, sizes

    lengths = [pc.fill_null(pc.list_value_length(batch.column(name)), -1) for name in ("head", "said", "held")]
    shaped = pc.and_(pc.equal(lengths[0], HEAD), pc.and_(pc.equal(lengths[1], ROW), pc.greater_equal(lengths[2], 0)))
    batch = batch.filter(shaped)
    states = _states(batch)
    wanted = (CALLS, "folded"), (LAST, "last"), (DIGEST, "digest")
    good = _seals(states) == pc.fill_null(batch.column("seal"), -1).to_numpy(zero_copy_only=False)
    for place, name in wanted:
        told = pc.fill_null(batch.column(name).cast(pa.int64()), -1)
        good &= states.heads[:, place] == told.to_numpy(zero_copy_only=False)
    good &= np.diff(states.offsets) == sizes(states.heads)
    return batch.filter(pa.array(good))


#: What :func:`past` gives.
PAST: Final = pa.schema(
    [("host", TEXT), ("stay_id", TEXT), ("unit", TEXT), ("name", TEXT), ("calls", COUNT), ("digest", COUNT)]
)


def past(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (host, stay_id, unit, name, last, times: sorted timestamps) -> how many calls are not later than
    ``last``, and their digest (:data:`PAST`).
    """
    from lodger.evidence.state import digests

    lists = batch.column("times")
    offsets = lists.offsets.to_numpy().astype(np.int64)
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]]
    offsets -= offsets[0]
    last = batch.column("last").cast(pa.int64()).to_numpy(zero_copy_only=False)
    before = values <= np.repeat(last, np.diff(offsets))
    counts = np.concatenate([[0], np.cumsum(before)])[offsets]
    keys = [batch.column(name) for name in ("host", "stay_id", "unit", "name")]
    told = [np.diff(counts), digests(values[before], counts)]
    return pa.RecordBatch.from_arrays([*keys, *(pa.array(each, COUNT) for each in told)], schema=PAST)


def _states(batch: pa.RecordBatch) -> States:
    """The states of a batch, of which some or all are null."""
    from lodger.evidence.state import States, none

    states = none(batch.num_rows)
    known = np.flatnonzero(batch.column("head").is_valid().to_numpy(zero_copy_only=False))
    if not len(known):
        return states
    heads, rows, held = (batch.column(name).take(pa.array(known)) for name in ("head", "said", "held"))
    states.heads[known] = heads.flatten().to_numpy(zero_copy_only=False).reshape(len(known), -1)
    states.rows[known] = rows.flatten().to_numpy(zero_copy_only=False).reshape(len(known), -1)
    lengths = np.zeros(batch.num_rows + 1, np.int64)
    lengths[known + 1] = held.value_lengths().to_numpy(zero_copy_only=False)
    kept = held.flatten().to_numpy(zero_copy_only=False)
    return States(states.heads, states.rows, kept, np.cumsum(lengths))
