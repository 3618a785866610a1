"""The benchmark's curves, as SVG: detection against false cases, days to detection, reliability,
and what a day more costs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert

from benchmarks.lab import costs
from benchmarks.lab.arithmetic import RATE, curve
from benchmarks.lab.measured import CLASSES, Measured, reliability
from benchmarks.lab.methods import METHODS

Drawn = alt.Chart | alt.LayerChart | alt.FacetChart

WIDTH: Final = 620
HEIGHT: Final = 330
#: Lodger stands out, its ablations are near it, and what others do is paler.
_COLOURS: Final = {
    "lodger": "#0b5394",
    "lodger-end": "#6fa8dc",
    "lodger-calibrated": "#8e7cc3",
    "lodger-revoked": "#20124d",
    "no-prevalence": "#38761d",
    "no-absence": "#45818e",
    "no-dependence": "#76a5af",
    "hosts-alone": "#6aa84f",
    "network-alone": "#93c47d",
    "no-memory": "#b6d7a8",
    "forest": "#cc0000",
    "forest-plain": "#e06666",
    "rita": "#e69138",
    "sigma-program": "#741b47",
    "sigma-host": "#a64d79",
    "risk-program": "#7f6000",
    "risk-host": "#bf9000",
}
_MOST: Final = 100.0  # false cases in a thousand host-months, at which the curves end
_LEAST: Final = 0.3


def file_of(name: str) -> str:
    """The name of a chart's file."""
    return f"benchmark-{name}.svg"


def made(out: Path) -> dict[str, Drawn]:
    """All charts of the results in a folder, by name, in the order of the page."""
    measured = Measured(out)
    charts = {name: chart(measured) for name, chart in CHARTS.items()}
    cost = costs.chart(out)
    return charts if cost is None else charts | {"cost": _ready(cost)}


def drawn(out: Path) -> dict[str, str]:
    """All charts, by the names of their files, as SVG that ends with :func:`mark`."""
    return {
        file_of(name): f"{vl_convert.vegalite_to_svg(chart.to_dict())}\n{mark(chart)}\n"
        for name, chart in made(out).items()
    }


def mark(chart: Drawn) -> str:
    """A comment that tells of which chart a picture was made: where letters are of another width the picture differs,
    and this does not.
    """
    told = json.dumps(chart.to_dict(), sort_keys=True).encode()
    return f"<!-- of chart {hashlib.sha256(told).hexdigest()[:16]} -->"


def _ready(chart: Drawn, height: int = HEIGHT) -> Drawn:
    ready: Drawn = (
        chart.properties(width=WIDTH, height=height, background="white", padding=12)
        .configure_view(stroke=None)
        .configure_axis(grid=True, gridColor="#e6e6e6", labelFontSize=12, titleFontSize=13, titleFontWeight="normal")
        .configure_legend(labelFontSize=12, titleFontSize=12, labelLimit=330, symbolStrokeWidth=3)
    )
    return ready


def _rows(rows: Sequence[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))


def detection(measured: Measured) -> Drawn:
    """Share of all lives found against false cases, one threshold for all fleets, chosen after the fact."""
    rows: list[dict[str, Any]] = []
    for name, result in measured.results.items():
        points = [(max(per, _LEAST), found) for per, found in curve(result.rankings) if per <= _MOST]
        at_least = [found for per, found in points if per == _LEAST]
        points = [(_LEAST, max(at_least, default=0.0)), *(point for point in points if point[0] > _LEAST)]
        points.append((_MOST, points[-1][1]))
        group = METHODS[name].group
        rows += [{"method": METHODS[name].title, "group": group, "false": per, "found": found} for per, found in points]
    names = [METHODS[name].title for name in measured.results]
    scale = alt.Scale(domain=names, range=[_COLOURS[name] for name in measured.results])
    x = alt.X(
        "false:Q",
        title=f"false cases in 1,000 host-months (left edge: {_LEAST} or fewer)",
        scale=alt.Scale(type="log", domain=[_LEAST, _MOST], nice=False),
        axis=alt.Axis(values=[0.3, 1, 3, 10, 30, 100], format="~g"),
    )
    y = alt.Y("found:Q", title="share of lives found", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    colour = alt.Color("method:N", title=None, sort=names, scale=scale, legend=alt.Legend(orient="bottom", columns=2))
    lines = alt.Chart(_rows(rows)).mark_line(interpolate="step-after", strokeWidth=2.5, opacity=0.9)
    bar = alt.Chart(_rows([{"false": RATE}])).mark_rule(strokeDash=[4, 4], color="#555").encode(x="false:Q")
    dash = alt.StrokeDash(
        "group:N",
        legend=None,
        scale=alt.Scale(domain=["Lodger", "ablation", "baseline"], range=[[1, 0], [6, 4], [2, 2]]),
    )
    return _ready(alt.layer(lines.encode(x=x, y=y, color=colour, strokeDash=dash), bar))


def days(measured: Measured) -> Drawn:
    """Share of lives that Lodger has had above the threshold, by days since they arrived."""
    after, rows = measured.detection(), []
    end = measured.design.days
    for name in CLASSES:
        each = sorted(after[life] for life in measured.of_class(name) if life in after)
        if each:
            steps = sorted({0.0, float(end), *(day for day in each if not math.isinf(day))})
            rows += [{"lives": name, "day": day, "found": sum(e <= day for e in each) / len(each)} for day in steps]
    x = alt.X("day:Q", title="days since arrival, at the looks", scale=alt.Scale(domain=[0, end], nice=False))
    y = alt.Y("found:Q", title="share of lives found", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    scale = alt.Scale(domain=list(CLASSES), range=["#0b5394", "#e69138", "#cc0000"])
    colour = alt.Color("lives:N", title="lives", scale=scale, legend=alt.Legend(orient="right"))
    chart = alt.Chart(_rows(rows)).mark_line(interpolate="step-after", strokeWidth=2.5)
    return _ready(chart.encode(x=x, y=y, color=colour))


def stated(measured: Measured) -> Drawn:
    """What share of programs were intruders', by the probability that Lodger stated."""
    result = measured.results.get("lodger-end")
    least = 1e-5
    rows = [
        {
            "stated": max(point.stated, least),
            "share": max(point.intruders / point.entities, least),
            "low": max(point.low, least),
            "high": point.high,
            "none": "none was" if not point.intruders else "some were",
        }
        for point in (reliability(result.rankings) if result else ())
    ]
    scale = alt.Scale(type="log", domain=[least, 1], nice=False)
    axis = alt.Axis(format="~g", values=[1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1])
    x = alt.X("stated:Q", title="stated probability of an intruder's", scale=scale, axis=axis)
    y = alt.Y("share:Q", title="share that were", scale=scale, axis=axis)
    base = alt.Chart(_rows(rows))
    bars = base.mark_rule(strokeWidth=2, color="#0b5394", opacity=0.6).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=axis, title="share that were"), y2="high:Q"
    )
    fill = alt.Color(
        "none:N", title=None, scale=alt.Scale(domain=["some were", "none was"], range=["#0b5394", "#ffffff"])
    )
    points = base.mark_point(filled=True, size=70, stroke="#0b5394", opacity=1).encode(x=x, y=y, fill=fill)
    even = alt.Chart(_rows([{"stated": least, "share": least}, {"stated": 1.0, "share": 1.0}]))
    line = even.mark_line(strokeDash=[4, 4], color="#555").encode(x=x, y=y)
    return _ready(alt.layer(line, bars, points))


#: The charts of what was found, in their order on the page.
CHARTS: Final[Mapping[str, Callable[[Measured], Drawn]]] = {"detection": detection, "days": days, "reliability": stated}
