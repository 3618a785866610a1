"""The report's charts: Altair specifications, written once per report, and the rows that each stay draws with them.

Colours are CSS custom properties (``var(--arrival)``): the page's style alone decides them, for light, dark and print.
Text from logs appears in the rows only, never in a specification: it is data to Vega and cannot become an expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, Final, Literal

import altair as alt

from lodger.model.findings import Case, ContactDay, Evidence, Facet
from lodger.report import text

#: Most points that one contact pattern draws; more are thinned evenly, and the caption says so.
POINTS: Final = 1200
#: Lanes per facet in the timeline; spans that overlap more deeply share the last one.
LANES: Final = 4
_LARGEST_BAR: Final = 1000.0  # decibans
_SLOTS: Final = 288  # of a day: five minutes, finer than a pixel

Fold = Literal["day", "hour", "minute"]
_Layers = alt.LayerChart | alt.FacetChart  # what Altair says a layered chart may be
_FOLDS: Final[Mapping[Fold, tuple[int, float, str, str]]] = {
    # unit in milliseconds, how much of the smaller unit it holds, title of x, title of y
    "day": (86_400_000, 24.0, "day", "hour of the day"),
    "hour": (3_600_000, 60.0, "hour", "minute of the hour"),
    "minute": (60_000, 60.0, "minute", "second of the minute"),
}


@dataclass(frozen=True)
class Drawing:
    """Rows for one chart: which specification draws them, how high (pixels), what was left out (one line, or empty)."""

    spec: str
    height: int
    rows: tuple[dict[str, Any], ...]
    marks: tuple[dict[str, Any], ...] = ()
    left_out: str = ""


def numbered(evidence: Iterable[Evidence]) -> list[tuple[int, Evidence]]:
    """Evidence with the number that names it in the story, the sum and all charts: in the order of a life, from 1."""
    order = list(Facet)
    told = sorted(evidence, key=lambda item: (order.index(item.facet), text.utc(item.first)))
    return list(enumerate(told, start=1))


def _lanes(evidence: Sequence[tuple[int, Evidence]]) -> list[float]:
    """How far down in its facet's row each finding lies (0 to 1): apart from each other, as long as lanes last."""
    ends: dict[Facet, list[datetime]] = {}
    chosen = []
    for _, item in evidence:
        busy = ends.setdefault(item.facet, [])
        first, last = text.utc(item.first), text.utc(item.last)
        lane = min(next((lane for lane, end in enumerate(busy) if end < first), len(busy)), LANES - 1)
        busy[lane : lane + 1] = [max(last, busy[lane]) if lane < len(busy) else last]
        chosen.append(lane)
    return [
        round((lane + 1) / (len(ends[item.facet]) + 1), 3) for lane, (_, item) in zip(chosen, evidence, strict=True)
    ]


def _ends(case: Case) -> tuple[tuple[datetime, str], tuple[datetime, str]]:
    begin = (case.arrival, "arrival") if case.arrival else (case.first_seen, "first record")
    end = (case.departure, "departure") if case.departure else (case.last_seen, "last record")
    return begin, end


def _marks(case: Case) -> tuple[dict[str, Any], ...]:
    begin, end = _ends(case)
    return tuple(
        {"t": text.epoch_ms(when), "label": label, "side": side, "drawn": 1}
        for (when, label), side in ((begin, "left"), (end, "right"))
    )


def timeline(case: Case, evidence: Sequence[tuple[int, Evidence]]) -> Drawing:
    """When which facet of the stay showed: one mark per finding, from its first to its last record."""
    rows = [
        {
            "facet": item.facet.value,
            "lane": lane,
            "a": text.epoch_ms(item.first),
            "b": text.epoch_ms(item.last),
            "note": f"{number}: {text.clip(item.title, 80)}, {text.span(item.first, item.last)}",
        }
        for (number, item), lane in zip(evidence, _lanes(evidence), strict=True)
    ]
    return Drawing("timeline", 30 * len(Facet), tuple(rows), _marks(case))


def weights(evidence: Sequence[tuple[int, Evidence]]) -> Drawing:
    """What each finding adds to the sum, in decibans."""
    rows = [
        {
            "label": f"{number}  {text.clip(item.title, 60)}",
            "facet": item.facet.value,
            "db": item.counted_db
            if abs(item.counted_db) < _LARGEST_BAR
            else 0.0,  # neither endless nor no number at all
            "text": text.decibans(item.counted_db),
        }
        for number, item in evidence
    ]
    rows = [{**row, "end": max(0.0, row["db"])} for row in rows]
    return Drawing("weights", 19 * len(rows), tuple(rows))


@dataclass(frozen=True)
class Folding:
    """How all contacts of a stay are folded: one unit and one time axis, so that its destinations can be compared."""

    unit: Fold
    marks: tuple[dict[str, Any], ...]


def folding(case: Case, contacts: Sequence[ContactDay]) -> Folding:
    """Fold by the coarsest unit of which the contacts span more than three, so a rhythm shows in any life.

    The axis runs from arrival to departure, but not farther past the contacts than they themselves span: in a stay of a
    year, ten minutes of contact would be one spot.
    """
    times = [text.epoch_ms(when) for day in contacts for when in (day.times[:1] + day.times[-1:])] or [0]
    first, last = min(times), max(times)
    unit: Fold = next((unit for unit in _FOLDS if last - first > 3 * _FOLDS[unit][0]), "minute")
    size = _FOLDS[unit][0]
    reach = max(last - first, 3 * size)
    marks = []
    for (when, label), edge, side in zip(_ends(case), (first, last), ("left", "right"), strict=True):
        near = abs(text.epoch_ms(when) - edge) <= reach
        at = text.epoch_ms(when) if near else edge
        marks.append({"t": at // size * size, "label": label, "side": side, "drawn": int(near)})
    return Folding(unit, tuple(marks))


def contact(days: Sequence[ContactDay], fold: Folding) -> Drawing:
    """The contacts with one destination, folded: a point per contact (those within 1/288 of the unit are one point)."""
    unit, parts, *_ = _FOLDS[fold.unit]
    points: dict[tuple[int, int], int] = {}
    for contact_day in days:
        total = (contact_day.bytes_out or 0) + (contact_day.bytes_in or 0)
        for when in contact_day.times:
            start, rest = divmod(text.epoch_ms(when), unit)
            points.setdefault((start, rest * _SLOTS // unit), total)
    step = -(-len(points) // POINTS) or 1
    left_out = f"one point in {step} is drawn ({len(points):,} in all)" if step > 1 else ""
    rows = tuple(
        {"t": start * unit, "y": round(slot * parts / _SLOTS, 2), "bytes": total}
        for (start, slot), total in islice(points.items(), 0, None, step)
    )
    return Drawing(f"contact_{fold.unit}", 150, rows, fold.marks, left_out)


def _time_axis() -> alt.Axis:
    """Ticks as in the text: ISO dates, hours from 0 to 24."""
    clock = {"hours": "%H:%M", "minutes": "%H:%M", "seconds": "%H:%M:%S", "milliseconds": "%S.%Ls"}
    calendar = {"year": "%Y", "quarter": "%Y-%m", "month": "%Y-%m", "week": "%m-%d", "date": "%m-%d"}
    return alt.Axis(labelOverlap=True, tickCount=8, format=clock | calendar)


def _colour() -> alt.Color:
    names = [facet.value for facet in Facet]
    scale = alt.Scale(domain=names, range=[f"var(--{name})" for name in names])
    return alt.Color("facet:N", scale=scale, legend=None)


def _time(title: str | None) -> alt.X:
    return alt.X("t:T", title=title, scale=alt.Scale(type="utc"), axis=_time_axis())


def _life() -> alt.Chart:
    """Arrival and departure as upright rules, which also stretch the time axis over the whole stay."""
    marks = alt.Chart(alt.NamedData(name="marks"))
    rule: alt.Chart = marks.mark_rule(stroke="var(--ink-soft)", strokeDash=[3, 3], aria=False).encode(
        x=_time(None), opacity=alt.Opacity("drawn:Q", scale=None)
    )
    return rule


def _life_label(side: Literal["left", "right"]) -> alt.Chart:
    words: alt.Chart = (
        alt.Chart(alt.NamedData(name="marks"))
        .transform_filter(alt.datum.side == side)
        .mark_text(align=side, baseline="bottom", dx=-2 if side == "left" else 2, fill="var(--ink-soft)", fontSize=11)
        .encode(x=_time(None), y=alt.value(-4), text="label:N")
    )
    return words


def _timeline() -> _Layers:
    names = [facet.value for facet in Facet]
    facet = alt.Y(
        "facet:N", title=None, sort=names, scale=alt.Scale(domain=names), axis=alt.Axis(grid=True, tickBand="extent")
    )
    lane = alt.YOffset("lane:Q", scale=alt.Scale(domain=[0, 1]))
    rows = alt.Chart(alt.NamedData(name="rows")).encode(y=facet, yOffset=lane, color=_colour(), tooltip="note:N")
    start = alt.X("a:T", title=None, scale=alt.Scale(type="utc"), axis=_time_axis())
    bars = rows.mark_rule(strokeWidth=4, strokeCap="round", opacity=0.55).encode(x=start, x2="b:T")
    ends = [rows.mark_point(filled=True, size=26, opacity=1).encode(x=alt.X(f"{field}:T")) for field in "ab"]
    return alt.layer(_life(), _life_label("left"), _life_label("right"), bars, *ends)


def _weights() -> _Layers:
    label = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=270, ticks=False, domain=False))
    base = alt.Chart(alt.NamedData(name="rows")).encode(y=label)
    x = alt.X("db:Q", title="counted weight, dB", axis=alt.Axis(tickCount=6))
    bars = base.mark_bar(height=11, cornerRadiusEnd=2).encode(x=x, color=_colour())
    words = base.mark_text(align="left", dx=5, fontSize=11, fill="var(--ink)").encode(x="end:Q", text="text:N")
    return alt.layer(bars, words).properties(padding={"left": 0, "right": 36, "top": 5, "bottom": 5})


def _contact(fold: Fold) -> _Layers:
    _, parts, x_title, y_title = _FOLDS[fold]
    y = alt.Y(
        "y:Q",
        title=y_title,
        scale=alt.Scale(domain=[0, parts], reverse=True, nice=False),
        axis=alt.Axis(values=[parts * part / 4 for part in range(5)], format="d"),
    )
    size = alt.Size("bytes:Q", legend=None, scale=alt.Scale(type="sqrt", domainMin=0, range=[8, 70]))
    points = (
        alt.Chart(alt.NamedData(name="rows"))
        .mark_circle(color="var(--contact)", opacity=0.6)
        .encode(x=_time(x_title), y=y, size=size)
    )
    return alt.layer(_life(), points)


@cache
def specs() -> dict[str, dict[str, Any]]:
    """All specifications by name, as Vega-Lite JSON without addresses; drawing the data sets ``rows``, ``marks``."""
    charts = {"timeline": _timeline(), "weights": _weights()}
    charts |= {f"contact_{fold}": _contact(fold) for fold in _FOLDS}
    ready = {}
    for name, chart in charts.items():
        spec = chart.properties(width="container").to_dict()
        ready[name] = {key: value for key, value in spec.items() if key not in {"$schema", "config"}}
    return ready
