"""Published scores for regular contact, written anew after their descriptions, to compare with.

- RITA's beacon score of version 5 (Active Countermeasures): dispersion and skew of intervals and of sizes, flatness of
  the histogram of a day, and how much of the day it covers, a quarter each.
- The coefficient of variation of the intervals.
- The autocovariance of counts per minute within six hours, as Elastic's beaconing package describes its own
  ("Identifying beaconing malware using Elastic", 2022); of the package, that part only.

Times are seconds, sorted; scores lie between 0 and 1, higher for more regular.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DAY: Final = 86400.0
_HOURS: Final = 24
_SENSITIVITY: Final = 0.05
_OUTLIERS: Final = 1
_BIMODAL_HOURS: Final = 11
_LEAST_HOURS: Final = 6
_IDEAL_HOURS: Final = 12
_WINDOW: Final = 6 * 3600.0
_MINUTE: Final = 60.0


def quartiles(values: Floats) -> tuple[float, float, float]:
    """Medians of the lower half, of all, and of the upper half; the middle one of an odd number is in neither half."""
    ordered, half = np.sort(values), len(values) // 2
    return (float(np.median(ordered[:half])), float(np.median(ordered)), float(np.median(ordered[-half:])))


def bowley(values: Floats) -> float:
    """Bowley's skewness; 0 where the quartiles are too close to tell (less than 10 apart, or two of them equal)."""
    low, middle, high = quartiles(values)
    if high - low < 10 or middle in {low, high}:
        return 0.0
    return (low + high - 2 * middle) / (high - low)


def dispersion(values: Floats, default: float) -> float:
    """One less the median absolute deviation as a share of the median; ``default`` where the median is below 1."""
    median = float(np.median(values))
    if median < 1:
        return default
    return max(0.0, (median - float(np.median(np.abs(values - median)))) / median)


def even(values: Floats, default: float) -> float:
    """RITA's score of intervals (``default`` 1) or sizes (``default`` 0): mean of symmetry and of low dispersion."""
    return round((1 - abs(bowley(values)) + dispersion(values, default)) / 2, 3)


def flat(counts: npt.NDArray[np.int64]) -> float:
    """One less the coefficient of variation of the counts per hour, not below 0."""
    return max(0.0, round(1 - float(np.std(counts) / np.mean(counts)), 3))


def bimodal(counts: npt.NDArray[np.int64], least: int = _BIMODAL_HOURS) -> float:
    """Share of the busy hours whose counts fall into the two commonest heights; 0 for less than ``least`` hours."""
    bars = counts[counts > 0]
    if len(bars) < (least if least >= 6 else _BIMODAL_HOURS):
        return 0.0
    size = math.ceil(int(bars.max()) * _SENSITIVITY)
    commonest = Counter(int(bar) // size for bar in bars).most_common(2)
    return min(1.0, round(sum(count for _, count in commonest) / max(len(bars) - _OUTLIERS, 1), 3))


def longest_run(counts: npt.NDArray[np.int64]) -> int:
    """Most busy hours in a row, from the last on to the first as well."""
    best = run = 0
    for count in [*counts, *counts]:
        run = run + 1 if count > 0 else 0
        best = max(best, run)
    return min(best, len(counts))


def hourly(times: Floats, start: float, end: float, bins: int = _HOURS) -> npt.NDArray[np.int64]:
    """Calls in each of ``bins`` equal parts of the time from ``start`` to ``end``."""
    counts, _ = np.histogram(times, bins=bins, range=(start, end))
    return counts.astype(np.int64)


def duration(times: Floats, start: float, end: float, counts: npt.NDArray[np.int64]) -> float:
    """Share of the time that the calls span, or of twelve hours that they fill without a gap, whichever is more."""
    if int(np.count_nonzero(counts)) < _LEAST_HOURS:
        return 0.0
    coverage = min(1.0, math.ceil(float(times[-1] - times[0]) / (end - start) * 1000) / 1000)
    return max(coverage, min(1.0, math.ceil(longest_run(counts) / _IDEAL_HOURS * 1000) / 1000))


def rita(times: Floats, sizes: Floats, start: float) -> float:
    """RITA's beacon score of one day from ``start`` on; 0 for less than three intervals."""
    whole = np.floor(times)
    intervals = np.diff(whole)
    intervals = intervals[intervals > 0]
    if len(intervals) < 3:
        return 0.0
    counts = hourly(whole, start, start + DAY)
    histogram = max(flat(counts), bimodal(counts))
    parts = (even(intervals, 1), even(sizes, 0), duration(whole, start, start + DAY, counts), histogram)
    return round(sum(parts) / 4, 3)


def rita_best_day(times: Floats, sizes: Floats, start: float, days: int) -> float:
    """The best of RITA's scores of each day."""
    edges = np.searchsorted(times, start + DAY * np.arange(days + 1))
    parts = ((day, edges[day], edges[day + 1]) for day in range(days) if edges[day + 1] - edges[day] >= 4)
    return max((rita(times[a:b], sizes[a:b], start + day * DAY) for day, a, b in parts), default=0.0)


def steady(times: Floats) -> float:
    """One less the coefficient of variation of the intervals, not below 0; 0 for less than three intervals."""
    intervals = np.diff(times)
    intervals = intervals[intervals > 1]
    if len(intervals) < 3:
        return 0.0
    return max(0.0, 1 - float(np.std(intervals) / np.mean(intervals)))


def autocovariance(times: Floats, start: float, days: int) -> float:
    """The highest autocorrelation of calls per minute at any lag up to half of six hours, in the best such window."""
    bins, windows = int(_WINDOW / _MINUTE), int(days * DAY / _WINDOW)
    counts, _ = np.histogram(times, bins=bins * windows, range=(start, start + windows * _WINDOW))
    table = counts.reshape(windows, bins).astype(np.float64)
    table = table[table.sum(axis=1) >= 6]
    if not len(table):
        return 0.0
    table -= table.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(table, 1024, axis=1)) ** 2
    covariance = np.fft.irfft(spectrum, axis=1)[:, : bins // 2 + 1]
    variance = covariance[:, :1]
    scored = covariance[:, 2:] / np.where(variance > 1e-9, variance, np.inf)
    return float(np.clip(scored.max(), 0.0, 1.0))
