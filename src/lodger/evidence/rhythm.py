"""Regular contact: how much more likely is sleep-and-jitter than ordinary activity, given the times of the calls?

An implant waits: its calls come a *sleep* apart, each stretched or shortened by up to a share (the *jitter*), some
are missed, and a host that is switched off leaves long gaps. People and ordinary programs leave intervals spread over
many orders of magnitude. The answer is the log of a Bayes factor (natural log): the evidence of the regular model
over that of the ordinary one, each averaged over its parameters, so that no threshold on jitter or sleep is chosen
beforehand (Kass and Raftery, "Bayes factors", JASA 1995).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.model.tables import COUNT, TEXT, TIME

Seconds = npt.NDArray[np.float64]

#: Calls closer together than this belong to one call: (seconds, prior weight, shortest sleep worth asking for).
COLLAPSES: Final = ((10.0, 0.5, 25.0), (90.0, 0.25, 240.0), (600.0, 0.25, 2400.0))
JITTERS: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9)
LONGEST_SLEEP: Final = 26 * 3600.0
HORIZON: Final = 40 * 86400.0
FLOOR: Final = -20.0
#: Calls looked at per pair; the most recent ones. More do not change an answer that is already overwhelming.
MOST_CALLS: Final = 2000

_CUTS: Final = (math.inf, 3600.0, 4 * 3600.0, 14 * 3600.0)
_SHAPES: Final = (0.2, 0.35, 0.5, 0.7, 1.0)
_SIGMAS: Final = ((0.85, 0.1), (1.0, 0.225), (1.4, 0.225), (2.0, 0.225), (2.8, 0.225))
_DRIFT: Final = 0.0005
_ALPHA: Final = (12.0, 0.6, 0.3, 1.0, 0.5, 0.4)  # Dirichlet weights of: one sleep, two, three, off, short, between


@dataclass(frozen=True)
class Rhythm:
    """What the times of one pair's calls say.

    ``log_bayes_factor`` is in nats; ``sleep`` in seconds, ``jitter`` a share of it.
    """

    log_bayes_factor: float
    sleep: float
    jitter: float
    calls: int


def _log_sum(terms: list[float]) -> float:
    top = max(terms)
    return top if top == -math.inf else top + math.log(sum(math.exp(term - top) for term in terms))


def _log_ordinary(intervals: Seconds, collapse: float) -> float:
    """Log evidence of the ordinary model: renewal with heavy tails, below one of several cuts; beyond the cut
    log-uniform.
    """
    n = len(intervals)
    logs = np.log(intervals)
    total = []
    for cut in _CUTS:
        low = intervals <= cut
        high_count = n - int(low.sum())
        if math.isfinite(cut) and high_count == 0:
            continue
        low_count = n - high_count
        split = (
            math.lgamma(4)
            + math.lgamma(3 + low_count)
            + math.lgamma(1 + high_count)
            - math.lgamma(3)
            - math.lgamma(4 + n)
        )
        beyond = (
            -float(logs[~low].sum()) - high_count * math.log(max(math.log(HORIZON / cut), 1e-9)) if high_count else 0.0
        )
        below = _log_below(intervals[low], logs[low], collapse) if low_count else 0.0
        total.append(math.log(0.25) + split + beyond + below)
    return _log_sum(total)


def _log_below(intervals: Seconds, logs: Seconds, collapse: float) -> float:
    k = len(intervals)
    excess = intervals - collapse + 1.0
    sum_excess, sum_log_excess = float(excess.sum()), float(np.log(excess).sum())
    gamma = [
        math.lgamma(shape * k)
        - shape * k * math.log(sum_excess)
        + (shape - 1) * sum_log_excess
        - k * math.lgamma(shape)
        - math.log(13.9)
        for shape in _SHAPES
    ]
    centred = float(((logs - logs.mean()) ** 2).sum())
    normal = [
        math.log(weight) - float(logs.sum()) - (k - 1) / 2 * math.log(2 * math.pi * sigma**2) - 0.5 * math.log(k)
        - centred / (2 * sigma**2) - math.log(15)
        for sigma, weight in _SIGMAS
    ]  # fmt: skip
    return _log_sum([math.log(0.5) + _log_sum(gamma) - math.log(len(gamma)), math.log(0.5) + _log_sum(normal)])


def _best_sleep(intervals: Seconds, jitter: float, shortest: float) -> tuple[float, float, float] | None:
    """The sleep whose window holds the most, weighed by its width: (sleep, lowest, highest) in seconds; None if
    none is in range.
    """
    stretch = (1 + jitter + _DRIFT) / (1 - jitter - _DRIFT) if jitter + _DRIFT < 1 else math.inf
    ends = np.searchsorted(intervals, (intervals + 2) * stretch + 2, side="right") - 1
    lowest = (intervals[ends] - 2) / (1 + jitter + _DRIFT)
    highest = (intervals + 2) / max(1 - jitter - _DRIFT, 1e-6)
    middle = (lowest + highest) / 2
    sums = np.concatenate(([0.0], np.cumsum(np.log(intervals))))
    first = np.arange(len(intervals))
    width = np.log(2 * (jitter * middle + 2 + _DRIFT * middle))
    score = sums[ends + 1] - sums[first] - (ends + 1 - first) * (width - 5.71)
    score[(middle < shortest) | (middle > LONGEST_SLEEP)] = -np.inf
    best = int(np.argmax(score))
    if not np.isfinite(score[best]):
        return None
    low, high = max(float(lowest[best]), 1.0), float(highest[best])
    return math.sqrt(low * high), low, max(high, low * 1.0001)


def _log_regular(intervals: Seconds, collapse: float, shortest: float, jitter: float) -> tuple[float, float] | None:
    """Log evidence of sleep with this jitter, and the sleep; None where too little repeats."""
    found = _best_sleep(intervals, jitter, shortest)
    if found is None:
        return None
    sleep, low, high = found
    n = len(intervals)
    windows: list[tuple[float, float]] = []
    for times in (1, 2, 3):
        half = jitter * sleep * math.sqrt(times) + 2 + _DRIFT * times * sleep
        bottom = max(times * sleep - half, collapse, windows[-1][1] if windows else 0.0)
        windows.append((bottom, max(times * sleep + half, bottom)))
    off_from = max(5 * 3600.0, windows[0][1])
    kind = np.full(n, 5)
    kind[intervals > off_from] = 3
    kind[intervals < windows[0][0]] = 4
    for index in (2, 1, 0):
        bottom, top = windows[index]
        kind[(intervals >= bottom) & (intervals <= top)] = index
    counts = [int((kind == index).sum()) for index in range(6)]
    if counts[0] < 2 or counts[0] + counts[1] + counts[2] < 0.7 * (n - counts[3]):
        return None
    logs = np.log(intervals)
    density = -sum(counts[i] * math.log(max(windows[i][1] - windows[i][0], 1e-6)) for i in range(3))
    spans = {
        3: math.log(HORIZON / off_from),
        4: max(math.log(windows[0][0] / collapse), 0.2),
        5: max(math.log(off_from / windows[0][1]), 0.2),
    }
    density -= sum(float(logs[kind == i].sum()) + counts[i] * math.log(span) for i, span in spans.items())
    split = math.lgamma(sum(_ALPHA)) - math.lgamma(sum(_ALPHA) + n)
    split += sum(math.lgamma(a + c) - math.lgamma(a) for a, c in zip(_ALPHA, counts, strict=True))
    return density + split + math.log(math.log(high / low) / 8.23), sleep


def rhythm(times: Seconds) -> Rhythm:
    """The rhythm of calls at ``times`` (seconds, any origin, any order).

    Fewer than three calls say nothing: the floor.
    """
    times = np.sort(times)[-MOST_CALLS:]
    scales: list[tuple[float, Rhythm]] = []
    for collapse, weight, shortest in COLLAPSES:
        kept = times[np.concatenate(([True], np.diff(times) > collapse))] if len(times) else times
        if scales and len(kept) == scales[-1][1].calls:  # nothing was collapsed: the same calls, the same answer
            scales.append((math.log(weight), scales[-1][1]))
        else:
            scales.append((math.log(weight), _at_scale(kept, collapse, shortest)))
    total = _log_sum([weight + each.log_bayes_factor for weight, each in scales])
    best = max(scales, key=lambda scale: scale[0] + scale[1].log_bayes_factor)[1]
    return Rhythm(max(total, FLOOR), best.sleep, best.jitter, best.calls)


def _at_scale(calls: Seconds, collapse: float, shortest: float) -> Rhythm:
    intervals = np.sort(np.diff(calls))
    if len(intervals) < 2:
        return Rhythm(FLOOR, 0.0, 0.0, len(calls))
    found = [(jitter, _log_regular(intervals, collapse, shortest, jitter)) for jitter in JITTERS]
    regular = [(jitter, *value) for jitter, value in found if value is not None]
    if not regular:
        return Rhythm(FLOOR, 0.0, 0.0, len(calls))
    jitter, _, sleep = max(regular, key=lambda each: each[1])
    evidence = _log_sum([value for _, value, _ in regular]) - math.log(len(JITTERS))
    return Rhythm(max(evidence - _log_ordinary(intervals, collapse), FLOOR), sleep, jitter, len(calls))


def _every(sleep: float, jitter: float) -> str:
    for unit, seconds in (("h", 3600.0), ("min", 60.0)):
        if sleep >= 1.5 * seconds:
            return f"{sleep / seconds:.3g} {unit} ± {jitter:.0%}"
    return f"{sleep:.3g} s ± {jitter:.0%}"


#: What :func:`rhythms` gives: one row per pair.
RHYTHMS: Final = pa.schema(
    [
        ("host", TEXT), ("stay_id", TEXT), ("destination", TEXT), ("log_bayes_factor", pa.float64()),
        ("sleep_seconds", pa.float64()), ("jitter", pa.float64()), ("every", TEXT), ("calls", COUNT), ("days", COUNT),
        ("first_time", TIME), ("last_time", TIME), ("longest_gap_seconds", pa.float64()),
    ]
)  # fmt: skip


def rhythms(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (host, stay_id, destination, days, times: sorted list of timestamps) -> :data:`RHYTHMS`."""
    lists = batch.column("times")
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)
    parts = [values[start:end] for start, end in pairwise(lists.offsets.to_numpy())]
    found = [rhythm(part / 1e6) for part in parts]
    edge = [pa.array([part[i] for part in parts], pa.int64()).cast(TIME) for i in (0, -1)]
    columns = [
        batch.column("host"), batch.column("stay_id"), batch.column("destination"),
        pa.array([each.log_bayes_factor for each in found], pa.float64()),
        pa.array([each.sleep for each in found], pa.float64()),
        pa.array([each.jitter for each in found], pa.float64()),
        pa.array([_every(each.sleep, each.jitter) for each in found], TEXT),
        pa.array([each.calls for each in found], COUNT),
        batch.column("days").cast(COUNT),
        *edge,
        pa.array([float(np.diff(part).max(initial=0)) / 1e6 for part in parts], pa.float64()),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=RHYTHMS)
