"""What was measured, as Markdown tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.lab import costs
from benchmarks.lab.arithmetic import Outcome, Share, expected, median, outcomes, ratio, reached, share, wilson
from benchmarks.lab.kept import Life
from benchmarks.lab.markdown import Row, number, table, verdict
from benchmarks.lab.measured import CLASSES, FIRST, Key, Measured, Result, ever, finite, misled, promise, reliability
from benchmarks.lab.methods import METHODS


def told(out: Path) -> str:
    """All tables, each under its heading."""
    measured = Measured(out)
    sections = {
        "Bars": bars(measured, costs.bars(out)),
        "Methods": methods(measured),
        "Reach": reach(measured),
        "Days to detection": days(measured),
        "Families": families(measured),
        "Traits": traits(measured),
        "Stated odds against truth": stated(measured),
        "The promise about the first rows": promises(measured),
        "The promise to whoever looks again and again": anytime(measured),
        "Ordinary programs with the highest weights": ordinary(measured),
    }
    if told_ := costs.told(out):
        sections["What it costs"] = told_
    return "\n\n".join(
        [summary(measured), measured_with(measured), *(f"## {name}\n\n{table}" for name, table in sections.items())]
    )


def summary(measured: Measured) -> str:
    """One line of what was measured."""
    design, lives = measured.design, measured.lives
    counts = ", ".join(f"{len(measured.of_class(name))} {name}" for name in CLASSES)
    seeds = ", ".join(str(seed) for seed in sorted(measured.fleets))
    return (
        f"{len(measured.fleets)} fleets of {design.hosts} hosts over {design.days} days ({measured.months:,.0f} "
        f"host-months judged; seeds {seeds}), {len(lives)} lives ({counts}); Lodger looks at the end of days "
        f"{', '.join(str(day + 1) for day in design.looks)}."
    )


def measured_with(measured: Measured) -> str:
    """Which states of the code measured which seeds, with a warning where there are several."""
    everything = {seed: [name for name in METHODS if name in each.methods] for seed, each in measured.fleets.items()}
    rows = []
    for build, its in measured.builds:
        whole = [seed for seed, names in its.items() if names == everything[seed]]
        parts = [f"{seed} in part ({', '.join(its[seed])})" for seed in its if seed not in whole]
        versions = ", ".join(f"{name} {version}" for name, version in build.versions.items()) or "not kept"
        seeds = "; ".join([*([", ".join(map(str, whole))] if whole else []), *parts])
        rows.append([build.commit, "nothing else" if build.clean else "changes besides", versions, seeds])
    told_ = table(["commit", "in the checkout", "with", "seeds"], rows)
    if len({(build.commit, build.clean) for build, _ in measured.builds}) < 2:
        return told_
    commits = list(dict.fromkeys(build.commit for build, _ in measured.builds))
    differ = f" (`git diff {commits[0]} {commits[-1]} -- src benchmarks/lab` says what that is)" if commits[1:] else ""
    warning = (
        "**Measured with several states of the code**: what differs between these fleets may be the program's doing"
    )
    return f"{warning}{differ}.\n\n{told_}"


def percent(each: Share) -> str:
    """A share with its interval."""
    if not each.total:
        return "none"
    return f"{100 * each.value:.0f} % ({100 * each.low:.0f} to {100 * each.high:.0f})"


def methods(measured: Measured) -> str:
    """Share found and false cases by method, at the threshold of the other half of the seeds."""
    classes = {name: measured.of_class(name) for name in CLASSES}
    rows = []
    for name, result in measured.results.items():
        false = result.false
        rows.append(
            [
                METHODS[name].title,
                *(percent(result.found(lives)) for lives in classes.values()),
                percent(result.found()),
                f"{number(false.value)} ({number(false.low)} to {number(false.high)})",
                str(len(result.rankings)),
                number(sum(each.seconds for each in result.rankings) / len(result.rankings)),
            ]
        )
    missing = [method.title for name, method in METHODS.items() if name not in measured.results]
    closing = f"\n\nNot measured: {'; '.join(missing)}." if missing else ""
    head = ["method", *CLASSES, "all lives", "false cases in 1,000 host-months", "fleets", "processor s a fleet"]
    return table(head, rows) + closing


#: Lodger's share of the grid, beside the best baseline's: at least so many times.
TIMES: Final = 2
#: Baselines that read what Lodger's detectors found.
READ_FINDINGS: Final = frozenset({"forest"})

#: False cases in a thousand host-months at which the curves are read.
RATES: Final = (1.0, 5.0, 20.0)


def reach(measured: Measured) -> str:
    """What the curves say at some rates: one threshold for all fleets, chosen after the fact."""
    rows = []
    for name, result in measured.results.items():
        found = [reached(result.rankings, allowed) for allowed in RATES]
        rows.append([METHODS[name].title, "all", *map(_reached, found), _expected(result)])
        for of_class in CLASSES if name == "lodger" else ():
            lives = set(measured.of_class(of_class))
            some = [[each for each in one if (each.seed, each.life) in lives] for one in found]
            rows.append(["", of_class, *map(_reached, some), ""])
    heads = [f"{allowed:g} in 1,000" for allowed in RATES]
    return table(["method", "lives", *heads, "to be expected of new fleets"], rows)


def _reached(found: Sequence[Outcome]) -> str:
    return percent(share(found))


def _expected(result: Result) -> str:
    return ", ".join(number(expected(result.rankings, allowed)) for allowed in RATES)


def bars(measured: Measured, more: Iterable[Row] = ()) -> str:
    """Every bar, what was measured, and whether it holds."""
    result = measured.results.get("lodger")
    if result is None:
        return "Lodger itself was not measured."
    false = result.false
    of = {name: measured.of_class(name) for name in CLASSES}
    rows = [
        _share_bar("the 2011 life and its variants found", 0.99, result.found(of["2011"])),
        _share_bar("the grid found", 0.95, result.found(of["grid"])),
        _share_bar("evasive lives found", 0.60, result.found(of["evasive"])),
        [
            "false cases in 1,000 host-months",
            "at most 1",
            f"{number(false.value)} ({number(false.low)} to {number(false.high)})",
            verdict(false.value <= 1, sure=false.high <= 1 or false.low > 1),
        ],
        _days_bar(measured, of["2011"]),
        _revoked_bar(measured),
        *_ratio_bars(measured, result),
        _look_alike_bar(measured),
        *more,
    ]
    return table(["bar", "wanted", "measured", "holds"], rows)


def _share_bar(name: str, wanted: float, found: Share) -> Row:
    if not found.total:
        return [name, f"{wanted:.0%}", "none was there", "not measured"]
    sure = found.low >= wanted or found.high < wanted
    return [name, f"{wanted:.0%}", percent(found), verdict(found.value >= wanted, sure=sure)]


def _days_bar(measured: Measured, lives: Sequence[Key]) -> Row:
    """The median at the look at which each was seen; where it could have been less, it is told how much less."""
    latest, least = (_median(days, lives) for days in (measured.detection(), measured.earliest()))
    told_ = number(latest) if least == latest else f"{number(latest)} ({number(least)} at the earliest)"
    return ["median days to detection, 2011", "at most 7", told_, verdict(latest <= 7, sure=latest <= 7 or least > 7)]


def _median(days_: Mapping[Key, float], lives: Sequence[Key]) -> float:
    return median([days_[life] for life in lives if life in days_])


def _revoked_bar(measured: Measured) -> Row:
    """Of the 2011 kind's signed lives, those above the threshold of the last look once their signer is revoked."""
    after, before = measured.results.get("lodger-revoked"), measured.results.get("lodger-end")
    name = "the 2011 life, gone or not, found at once on revocation"
    if after is None or before is None:
        return [name, "99%", "not measured", "not measured"]
    lives = {life for life in measured.of_class("2011") if measured.lives[life].signed}
    thresholds = {seed: before.thresholds.get(seed, math.inf) for seed in after.thresholds}
    found = [each for each in outcomes(after.rankings, thresholds) if (each.seed, each.life) in lives]
    return _share_bar(name, 0.99, share(found))


def _ratio_bars(measured: Measured, result: Result) -> list[Row]:
    """Lodger's share beside the best baseline's; and, which no bar asks for, beside the best of those that do not read
    what Lodger's detectors found. What a few fleets measured of a method is its chance: half of them are asked for.
    """
    few = {name for name, each in measured.results.items() if 2 * len(each.rankings) < len(result.rankings)}
    lives = measured.of_class("grid") or list(measured.lives)
    row = [
        f"times the best baseline's share, {'the grid' if measured.of_class('grid') else 'all lives'}",
        f"at least {TIMES}",
    ]
    best, other = measured.best("baseline", lives, few), measured.best("baseline", lives, few | READ_FINDINGS)
    if best is None:
        return [[*row, "no baseline was measured", "not measured"]]
    value, low, high, words = _times_found(measured, result, best, lives)
    bar = [*row, words, verdict(value >= TIMES, sure=low >= TIMES or high < TIMES)]
    if other is None or other == best:
        return [bar]
    *_, words = _times_found(measured, result, other, lives)
    return [bar, ["the same, of those that read none of Lodger's findings", "none", words, ""]]


def _times_found(
    measured: Measured, result: Result, name: str, lives: Sequence[Key]
) -> tuple[float, float, float, str]:
    """How many times another method's share, with its interval, as figures and in words; of the fleets of both."""
    wanted = set(lives)
    ours = [each for each in result.outcomes if (each.seed, each.life) in wanted]
    theirs = [each for each in measured.results[name].outcomes if (each.seed, each.life) in wanted]
    both = {(each.seed, each.life) for each in ours} & {(each.seed, each.life) for each in theirs}
    value, low, high = ratio(
        [each for each in ours if (each.seed, each.life) in both],
        [each for each in theirs if (each.seed, each.life) in both],
    )
    title = METHODS[name].title
    if not finite(value):
        return value, low, high, f"it finds none ({title})"
    # Beside a method that finds more than half, all of them are less than twice as many: the bar is out of reach.
    most = len(both) / sum(each.found for each in theirs if (each.seed, each.life) in both)
    reach = f"; all of them would be {most:.2f}" if most < TIMES else ""
    return value, low, high, f"{_times(value)} ({_times(low)} to {_times(high)}; {title}{reach})"


def _times(value: float) -> str:
    return f"{value:.1f}" if finite(value) else "any number of"


def _look_alike_bar(measured: Measured) -> Row:
    told_ = measured.results.get("lodger-end")
    heads = [each.head for each in told_.rankings] if told_ else []
    good = sum(misled(head) is None for head in heads)
    low, high = wilson(good, len(heads))
    row = [f"fleets with no look-alike above every intruder in the first {FIRST} cases", "45 in 50"]
    if not heads:
        return [*row, "not measured", "not measured"]
    measured_ = f"{good} in {len(heads)} ({100 * low:.0f} to {100 * high:.0f} %)"
    return [*row, measured_, verdict(good / len(heads) >= 0.9, sure=low >= 0.9 or high < 0.9)]


def days(measured: Measured) -> str:
    """How soon after its arrival Lodger had a life above the threshold; between two looks it cannot be told when."""
    after, least = measured.detection(), measured.earliest()
    rows = []
    for name in CLASSES:
        lives = [life for life in measured.of_class(name) if life in after]
        if lives:
            limits = (3, 7, 14, 30)
            within = [f"{sum(after[life] <= limit for life in lives) / len(lives):.0%}" for limit in limits]
            medians = [number(_median(days_, lives)) for days_ in (after, least)]
            rows.append([name, str(len(lives)), *medians, *within])
    return table(["lives", "how many", "median", "at the earliest", "within 3 days", "7", "14", "30"], rows)


def families(measured: Measured) -> str:
    """Share found by family, beside the best baseline's."""
    return _by(measured, [("family", name, lives) for name, lives in measured.groups(lambda one: one.family).items()])


def traits(measured: Measured) -> str:
    """Share found by trait."""
    names = sorted({trait for one in measured.lives.values() for trait in one.traits} - {"name", "family"})
    groups = []
    for name in names:
        for value, lives in measured.groups(partial(_trait, name)).items():
            groups.append((name, value, lives))
    return _by(measured, groups)


#: Traits that are figures, in bins: (up to this, what it is called).
_BINS: Final = {
    "days": ((7, "1: a week at most"), (36, "2: 36 days at most"), (math.inf, "3: longer")),
    "sleep": ((600, "1: 10 min at most"), (3600, "2: 1 h at most"), (21600, "3: 6 h at most"), (math.inf, "4: longer")),
    "jitter": ((0.0, "1: none"), (0.3, "2: 0.3 at most"), (math.inf, "3: more")),
    "hosts": ((1, "1"), (math.inf, "more than one")),
}


def _trait(name: str, one: Life) -> str:
    value = one.traits.get(name, "")
    return next(word for most, word in _BINS[name] if float(value) <= most) if name in _BINS else value


def _by(measured: Measured, groups: Iterable[tuple[str, str, list[tuple[int, str]]]]) -> str:
    best = measured.best("baseline", list(measured.lives))
    shown = [name for name in ("lodger", best) if name is not None and name in measured.results]
    rows = [
        [what, value, str(len(lives)), *(percent(measured.results[name].found(lives)) for name in shown)]
        for what, value, lives in groups
    ]
    return table(["trait", "value", "lives", *(METHODS[name].title for name in shown)], rows)


def stated(measured: Measured) -> str:
    """The reliability diagram as a table: the odds that Lodger states at the end, and what came of them."""
    result = measured.results.get("lodger-end")
    rows = [
        [
            f"{point.stated:.2g}" if point.stated < 0.99 else f"1 - {1 - point.stated:.1g}",
            f"{point.entities:,}",
            f"{point.intruders:,}",
            f"{point.intruders / point.entities:.2g} ({point.low:.2g} to {point.high:.2g})",
        ]
        for point in (reliability(result.rankings) if result else ())
    ]
    return table(["stated probability", "programs", "of them intruders'", "share"], rows)


def promises(measured: Measured) -> str:
    """How many of the first rows were said to be false, and how many were."""
    result = measured.results.get("lodger-end")
    rows: list[Row] = []
    if result is None:
        return "not measured"
    for count in (1, 3, 5, 10, 20):
        each = promise(result.rankings, count)
        rows.append(
            [str(count), number(each.stated), f"{number(each.false)} ({number(each.low)} to {number(each.high)})"]
        )
    return table(["first rows of a fleet's table", "said to be false", "false"], rows)


def anytime(measured: Measured) -> str:
    """How many ordinary programs ever were above a line of e-values, over all looks, and how many may be."""
    result = measured.results.get("lodger")
    if result is None:
        return "not measured"
    told_ = [each for each in result.rankings if any(entity.e_value is not None for entity in each.ordinary)]
    if not told_:
        return "not measured: no e-values were stated"
    found = [ever(told_, allowed) for allowed in (0.1, 0.5, 1.0, 5.0)]
    rows = [[f"{each.allowed:g}", f"{each.false:.2f} ({each.low:.2f} to {each.high:.2f})"] for each in found]
    others = len(result.rankings) - len(told_)
    closing = f"\n\nWithout {others} fleets of which no e-values were stated." if others else ""
    return table(["allowed in a fleet, on average", "were"], rows) + closing


def ordinary(measured: Measured, most: int = 12) -> str:
    """The ordinary programs that Lodger weighs most: what would be, or are, its false cases."""
    result = measured.results.get("lodger-end")
    if result is None:
        return "not measured"
    rows = []
    tops = [(entity, each.seed) for each in result.rankings for entity in each.ordinary[:3]]
    above = Counter(
        each.seed for each in result.rankings for e in each.ordinary if e.score > result.thresholds[each.seed]
    )
    for entity, seed in sorted(tops, key=lambda pair: -pair[0].score)[:most]:
        over = entity.score > result.thresholds[seed]
        rows.append([str(seed), entity.host, entity.program, entity.kind, number(entity.score), "yes" if over else ""])
    closing = f"\n\nAbove their fleet's threshold: {sum(above.values())} in {len(above)} fleets."
    return table(["seed", "host", "program", "look-alike", "dB", "false case"], rows) + closing
