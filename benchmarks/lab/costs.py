"""What Lodger costs, as bars, tables and a curve of the page."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import Final

import altair as alt

from benchmarks.lab.cost import MEMORY, MINUTES, SLOPE, SPAN, Daily, Scale, Slope, read, slopes
from benchmarks.lab.markdown import Row, number, table, verdict

#: Whose slopes are told, and how they are drawn.
_PARTS: Final = {"both": "#0b5394", "analysis": "#e69138", "ingest": "#6aa84f"}


def bars(out: Path) -> list[Row]:
    """The bars of cost, for what was measured of them."""
    scale, daily = read(Scale, out), read(Daily, out)
    rows: list[Row] = []
    if scale is not None:
        rows.append(_scale_bar(scale))
    if daily is not None:
        each = slopes(daily)["both"]
        sure = each.high <= SLOPE or each.low > SLOPE
        words = f"{_slope(each)}; {daily.hosts} hosts"
        rows.append(
            [
                f"what a day costs more, {SPAN} days later",
                f"at most {SLOPE:.0%}",
                words,
                verdict(each.value <= SLOPE, sure=sure),
            ]
        )
    return rows


def _scale_bar(scale: Scale) -> Row:
    whole = scale.larger == 1
    words = f"{scale.minutes:.1f} min, {scale.memory:.1f} GB" + (
        "" if whole else f" (in proportion, from {scale.hosts} over {scale.days})"
    )
    holds = scale.minutes <= MINUTES and scale.memory <= MEMORY
    return [
        "1,000 hosts over 60 days, from logs to cases",
        f"{MINUTES} min, {MEMORY} GB",
        words,
        verdict(holds, sure=True),
    ]


def told(out: Path) -> str:
    """The commands and tables of what was measured of cost; nothing where nothing was."""
    parts = [_scale(scale) if (scale := read(Scale, out)) else "", _daily(daily) if (daily := read(Daily, out)) else ""]
    return "\n\n".join(part for part in parts if part)


def _scale(scale: Scale) -> str:
    head = ["step", "wall s", "processor s", "records a second", "peak MB", "1,000 hosts over 60 days, min"]
    records = scale.events + scale.zeek_rows
    rows = [
        [
            step.name,
            number(step.seconds),
            number(step.processor),
            f"{records / step.seconds:,.0f}",
            f"{step.memory:,.0f}",
            number(scale.larger * step.seconds / 60),
        ]
        for step in scale.steps
    ]
    command = f"python -m benchmarks.scale --hosts {scale.hosts} --days {scale.days} --seed {scale.seed} --keep"
    return (
        f"`{command}` at {scale.build.commit}: {scale.events:,} events, {scale.zeek_rows:,} rows of Zeek. *write* is "
        f"the lab; *read* is `json.loads` of every event and `gunzip` of every log, and nothing else.\n\n"
        + table(head, rows)
    )


def _daily(daily: Daily) -> str:
    each = slopes(daily)
    rows = [[name, _slope(each[name]), f"{fmean(daily.costs_of(name)):.2f}"] for name in _PARTS]
    command = f"python -m benchmarks.daily --hosts {daily.hosts} --days {daily.days} --every {daily.every}"
    return (
        f"`{command} --seed {daily.seed} --keep` at {daily.build.commit}: each day ingested and analysed on top of all "
        f"before; {len(daily.costs)} of them were looked at, each beside the first of them, taken again: by what that "
        "costs more or less than on average the figures are put right.\n\n"
        + table(["", f"more after {SPAN} days, of the mean day", "mean day, processor s"], rows)
    )


def _slope(each: Slope) -> str:
    return f"{each.value:+.0%} ({each.low:+.0%} to {each.high:+.0%})"


def chart(out: Path) -> alt.Chart | None:
    """What a day costs, by how many days the case has; None where it was not measured."""
    daily = read(Daily, out)
    if daily is None:
        return None
    rows = [
        {"day": day.number + 1, "seconds": round(seconds, 3), "part": name}
        for name in _PARTS
        for day, seconds in zip(daily.costs, daily.costs_of(name), strict=True)
    ]
    x = alt.X("day:Q", title="days in the case", scale=alt.Scale(domain=[0, daily.days], nice=False))
    y = alt.Y("seconds:Q", title="seconds of processor for one day more", scale=alt.Scale(domainMin=0))
    scale = alt.Scale(domain=list(_PARTS), range=list(_PARTS.values()))
    colour = alt.Color("part:N", title=None, scale=scale, legend=alt.Legend(orient="right"))
    lines: alt.Chart = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2, point=True)
    return lines.encode(x=x, y=y, color=colour)
