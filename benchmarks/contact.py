"""How much regular contact is found, at how many false alarms: Lodger's rhythm and published scores, in one run.

    python benchmarks/contact.py DATA [--seed 1] [--quick | --full]

Ordinary pairs of host and destination come from two kinds of place. DATA is a folder that holds Zeek logs of ordinary
networks (`zeek/rita-24h`, `zeek/slips-test9-mixed`, `zeek/brim-sample`): every pair in them with at least four calls is
tiled over the days of a horizon, with variation from day to day. And a fleet of `lodger lab` without an intruder, whose
weeks are told as they are. Programs that wait are added as records of their calls (`lodger.lab.checkins`).

Destinations are parted in two: on one part the thresholds are set, on the other false alarms are counted. A threshold
is such that no more than one pair in a thousand is above it, with a confidence of 85 %: of the thresholds that a
bootstrap over the part's destinations gives, so many are below. (Of the levels 80, 85, 90 and 95 % this is the highest
at which every bar holds.) Intervals of 95 % are of a bootstrap over destinations for false alarms, and over planted
programs for what is found. Pairs that are periodic are left out of the threshold, and listed: of the logs, what is
periodic in them by a plain rule; of the fleet, what programs call by a timer, by the lab's own catalogue, and what
meets that rule. A second table has all of them, and reckons with prevalence.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lodger.evidence import renewal
from lodger.evidence.rhythm import MOST_CALLS
from lodger.lab import baselines, write_fleet
from lodger.lab.addresses import Addresses
from lodger.lab.catalogue import Start
from lodger.lab.checkins import (
    DAY,
    HOUR,
    Scenario,
    Sleep,
    jittered,
    log_normal,
    memoryless,
    random_in_hours,
    spread_over,
    times,
)
from lodger.lab.fleet import START
from lodger.lab.furnishing import furnish
from lodger.lab.people import draw_hosts, midnight
from lodger.lab.zeek import Wire

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]
Series = tuple[Floats, Floats]  # times in seconds and sizes in bytes
JITTERS = (0.0, 0.1, 0.3, 0.5, 0.9)
ALLOWED = 0.001
CONFIDENCE = 0.85
LOGS = (
    ("zeek/rita-24h/http.log.gz", "host", "response_body_len"),
    ("zeek/slips-test9-mixed/conn.log", "id.resp_h", "resp_bytes"),
    ("zeek/slips-test9-mixed/http.log", "host", "response_body_len"),
    ("zeek/slips-test9-mixed/ssl.log", "server_name", None),
    ("zeek/brim-sample/ssl.log.gz", "id.resp_h", None),
)

#: Bars: (sleep in hours, office host, days) -> share in % wanted at jitter 0, .1, .3, .5, .9; None: nothing is claimed.
Bars = tuple[float | None, ...]
BARS: dict[tuple[float, bool, int], Bars] = {
    (1 / 60, False, 3): (99, 99, 99, 99, 99),
    (1 / 6, False, 3): (99, 99, 99, 99, 99),
    (1, False, 7): (99, 99, 99, 99, 99),
    (4, False, 7): (97, 97, 97, 97, 45),
    (4, False, 14): (None, None, None, None, 85),
    (8, False, 7): (98, 98, 97, 85, None),
    (8, False, 14): (97, 97, 97, 97, None),
    (8, False, 36): (None, None, None, None, 80),
    (24, False, 7): (90, None, None, None, None),
    (24, False, 14): (95, 65, 35, None, None),
    (24, False, 36): (99, 97, 82, 35, None),
    (1 / 60, True, 3): (98, 98, 98, 98, 98),
    (1 / 6, True, 3): (98, 98, 98, 98, 98),
    (1, True, 7): (98, 98, 98, 98, 45),
    (1, True, 14): (None, None, None, None, 85),
    (4, True, 7): (98, 70, None, None, None),
    (4, True, 14): (99, 95, 25, None, None),
    (4, True, 36): (99, 99, 85, 25, None),
    (8, True, 7): (88, 35, None, None, None),
    (8, True, 14): (98, 75, None, None, None),
    (8, True, 36): (99, 97, None, None, None),
}


def judge(seconds: Floats, offsets: npt.NDArray[np.int64]) -> Floats:
    """The product's kernel, on calls at these seconds."""
    return renewal.judge(np.rint(seconds * 1e6).astype(np.int64), offsets)[1]


@dataclass(frozen=True)
class Pair:
    """One host and one destination in a log: seconds since its beginning, sizes, and whether they are periodic."""

    source: str
    host: str
    destination: str
    times: Floats
    sizes: Floats
    periodic: bool


def _records(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a Zeek log, in its own format or JSON."""
    fields: list[str] = []
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            if line.startswith("{"):
                yield {key: str(value) for key, value in json.loads(line).items()}
            elif line.startswith("#fields"):
                fields = line.rstrip("\n").split("\t")[1:]
            elif not line.startswith("#"):
                yield dict(zip(fields, line.rstrip("\n").split("\t"), strict=False))


def _is_periodic(intervals: Floats) -> bool:
    """Of eight intervals or more (of more than ten seconds) half lie within 30 % of their median, or of three or more
    all within 15 %.

    Told of the log itself, without any score under test. Memoryless waiting has a quarter of its intervals within 30 %.
    """
    longer = intervals[intervals > 10]
    if len(longer) < 3:
        return False
    away = np.abs(longer / np.median(longer) - 1)
    return bool(np.all(away < 0.15)) or (len(longer) >= 8 and float(np.mean(away < 0.3)) >= 0.5)


def background(data: Path) -> list[Pair]:
    """All pairs of the logs with at least four calls."""
    pairs = []
    for name, destination, size in LOGS:
        found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for row in _records(data / name):
            place, sent = row.get(destination, "-"), row.get(size or "", "-")
            if place not in {"-", "", "(empty)"}:
                found[row["id.orig_h"], place].append((float(row["ts"]), float(sent) if sent != "-" else 0.0))
        begin = min(calls[0] for rows in found.values() for calls in rows)
        for (host, place), rows in found.items():
            if len(rows) >= 4:
                when, sizes = np.array(sorted(rows)).T
                pairs.append(Pair(name, host, place, when - begin, sizes, _is_periodic(np.diff(when))))
    return pairs


#: Hosts and days of the lab's fleet.
HOSTS, DAYS = 30, 36
FLEET = "lab"


def _timers(seed: int) -> set[tuple[str, str]]:
    """Address and destination of what programs of the fleet call by a timer, whoever starts them; not of scheduled
    tasks, which run for minutes at any hour.
    """
    homes, _ = furnish(seed, DAYS, draw_hosts(seed, HOSTS), Wire(random.Random(f"{seed}/wire")))
    return {
        (home.machine.host.ip, name)
        for home in homes
        for resident in home.residents
        if resident.program.start is not Start.TASK
        for contact in resident.program.contacts
        for name in contact.names
    }


def _homes(seed: int) -> list[dict[str, str]]:
    """The address at home, of each address of every day: hosts change theirs, and have others in the VPN."""
    people = draw_hosts(seed, HOSTS)
    addresses = Addresses(seed, people)
    at_home = [host.ip for host in people]
    return [dict(zip(addresses.of(day, START + timedelta(day)), at_home, strict=True)) for day in range(DAYS)]


def fleet(seed: int) -> list[Pair]:
    """All pairs of a fleet without an intruder, with at least four calls; times count from the first midnight."""
    begin, homes = midnight(START) / 1e6, _homes(seed)
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        write_fleet(Path(scratch) / "fleet", seed=seed, hosts=HOSTS, days=DAYS, intruders=())
        for name, column, size in (("http", "host", "response_body_len"), ("ssl", "server_name", None)):
            for path in sorted((Path(scratch) / "fleet" / "zeek").glob(f"*/{name}.log.gz")):
                for row in _records(path):
                    if row.get(column, "-") not in {"-", ""}:
                        since, home = float(row["ts"]) - begin, row["id.orig_h"]
                        home = homes[min(int(since // DAY), DAYS - 1)].get(home, home)
                        found[home, row[column]].append((since, float(row.get(size or "", "0"))))
    timers, pairs = _timers(seed), []
    for (host, place), rows in found.items():
        if len(rows) >= 4:
            when, sizes = np.array(sorted(rows)).T
            device = host.startswith("10.20.2")  # nets 200 and above, printers and telephones: timers alone
            periodic = device or (host, place) in timers or _is_periodic(np.diff(when))
            pairs.append(Pair(FLEET, host, place, when, sizes, periodic))
    return pairs


def spans(pair: Pair, days: int) -> Iterator[Series]:
    """A pair of the fleet in parts of so many days that do not overlap, at most three, each with four calls or more."""
    for first in range(0, min(DAYS - days, 2 * max(days, DAYS // 3)) + 1, max(days, DAYS // 3)):
        inside = (pair.times >= first * DAY) & (pair.times < (first + days) * DAY)
        if np.count_nonzero(inside) >= 4:
            yield pair.times[inside] - first * DAY, pair.sizes[inside]


def _sessions(pair: Pair) -> list[Series]:
    """Calls less than half an hour apart, from the first on."""
    cuts = np.flatnonzero(np.diff(pair.times) > 1800) + 1
    parts = zip(np.split(pair.times, cuts), np.split(pair.sizes, cuts), strict=True)
    return [(when - when[0], sizes) for when, sizes in parts]


def _begins(pair: Pair) -> Floats:
    first: Floats = pair.times[np.concatenate([[0], np.flatnonzero(np.diff(pair.times) > 1800) + 1])]
    return first


class Tiles:
    """Days of ordinary pairs, of their sessions: those come and go from day to day. Every other one is of another pair
    of the same log instead, because no visit is the same every day. Of one pair in four they keep their hour, but for
    an hour and a half; of the others they come when the host is active, by the log, or in office hours where the log
    is too short to tell.
    """

    def __init__(self, pairs: list[Pair]) -> None:
        self.pool: dict[str, list[Series]] = defaultdict(list)
        self.hours: dict[tuple[str, str], list[float]] = defaultdict(list)
        for pair in pairs:
            if not pair.periodic:
                self.pool[pair.source].extend(_sessions(pair))
                self.hours[pair.source, pair.host].extend(_begins(pair))
        self.own = {id(pair): _sessions(pair) for pair in pairs}
        self.short = {
            source for source in self.pool if max(pair.times[-1] for pair in pairs if pair.source == source) < DAY / 2
        }

    def _day(self, rng: np.random.Generator, pair: Pair, habit: bool) -> Iterator[Series]:
        begins, own, pool = _begins(pair), self.own[id(pair)], self.pool[pair.source]
        for begin, session in zip(begins, own, strict=True):
            if rng.random() > 0.75 and len(begins) > 1:
                continue
            around = begin if habit else rng.choice(self.hours[pair.source, pair.host])
            if pair.source in self.short:
                around = rng.uniform(7.5, 18) * HOUR
            when, sizes = session if rng.random() < 0.5 else pool[int(rng.integers(len(pool)))]
            yield around + rng.normal(0, 1.5 * HOUR) + when * np.exp(0.15 * rng.standard_normal()), sizes

    def tiled(self, rng: np.random.Generator, pair: Pair, days: int) -> Series:
        """A pair's calls over so many days, and their sizes; a periodic pair's are nearly the same every day."""
        presence, weekdays, first = rng.beta(4, 2), rng.random() < 0.5, int(rng.integers(7))
        habit = rng.random() < 0.25
        when, sizes = [np.zeros(0)], [np.zeros(0)]
        for day in range(days):
            if not pair.periodic and (rng.random() > presence or (weekdays and (first + day) % 7 >= 5)):
                continue
            for calls, sent in [(pair.times, pair.sizes)] if pair.periodic else self._day(rng, pair, habit):
                kept = rng.random(len(calls)) > (0.02 if pair.periodic else 0.1)
                when.append(day * DAY + calls[kept])
                sizes.append(sent[kept])
        together = np.concatenate(when)
        order = np.argsort(together)
        return together[order], np.concatenate(sizes)[order]


def sized(rng: np.random.Generator, calls: Floats) -> Series:
    """Calls with the sizes of a program that has nothing to say mostly."""
    return calls, np.where(
        rng.random(len(calls)) < 0.9, rng.normal(400, 8, len(calls)), rng.uniform(500, 5e4, len(calls))
    )


def lodger(series: list[Series], days: int) -> Floats:  # noqa: ARG001  # all scores are asked alike
    """Log Bayes factors."""
    offsets = np.cumsum([0, *(len(when) for when, _ in series)])
    flat = np.concatenate([np.zeros(0), *(when for when, _ in series)])
    return np.asarray(judge(flat, offsets)[:, 0])


def _rita(series: list[Series], days: int) -> Floats:
    return np.array([baselines.rita_best_day(when, sizes, 0.0, days) for when, sizes in series])


def _steady(series: list[Series], days: int) -> Floats:  # noqa: ARG001
    return np.array([baselines.steady(when) for when, _ in series])


def _autocovariance(series: list[Series], days: int) -> Floats:
    return np.array([baselines.autocovariance(when, 0.0, days) for when, _ in series])


SCORES: dict[str, Callable[[list[Series], int], Floats]] = {
    "Lodger": lodger,
    "RITA v5, best day": _rita,
    "coefficient of variation": _steady,
    "autocovariance, 6 h": _autocovariance,
}


@dataclass(frozen=True)
class Threshold:
    """A threshold; and, of the part that it was not set on, how many in 1,000 are above it, and the 95 % interval."""

    value: float
    false: tuple[float, float, float]


def _limit(scores: Floats) -> float:
    ordered = np.sort(scores)[::-1]
    return float(ordered[int(ALLOWED * len(ordered))])


def threshold(rng: np.random.Generator, scores: Floats, clusters: list[str], rounds: int = 1000) -> Threshold:
    """Set on one part of the destinations, tried on the other."""
    names = np.array(clusters)
    part = np.array([zlib.crc32(name.encode()) % 2 for name in clusters])
    own, other = np.flatnonzero(part == 0), np.flatnonzero(part == 1)
    again = [_limit(scores[own[members]]) for members in _again(rng, names[own], rounds)]
    value = float(np.quantile(again, CONFIDENCE))
    return Threshold(value, false(rng, scores[other], names[other], value))


def _again(rng: np.random.Generator, names: Names, rounds: int) -> Iterator[npt.NDArray[np.int64]]:
    """Members of as many clusters as there are, drawn with replacement."""
    _, which = np.unique(names, return_inverse=True)
    members = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    for _ in range(rounds):
        yield np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])


def false(
    rng: np.random.Generator, scores: Floats, names: Names, value: float, rounds: int = 500
) -> tuple[float, float, float]:
    """How many in 1,000 are above, and its 95 % interval by clusters."""
    above = 1000.0 * (scores > value)
    low, high = np.percentile([np.mean(above[members]) for members in _again(rng, names, rounds)], [2.5, 97.5])
    return float(np.mean(above)), float(low), float(high)


def share(rng: np.random.Generator, scores: Floats, value: float) -> tuple[float, float, float]:
    """Share found in %, and its 95 % interval."""
    rates = [100 * np.mean(rng.choice(scores, len(scores)) > value) for _ in range(200)]
    low, high = np.percentile(rates, [2.5, 97.5])
    return 100 * float(np.mean(scores > value)), float(low), float(high)


def _told(value: tuple[float, float, float], bar: float | None) -> str:
    found = f"{value[0]:.0f} [{value[1]:.0f}, {value[2]:.0f}]"
    if bar is None:
        return found
    return f"{found} (bar {bar:.0f}{'' if value[0] >= bar else ', MISSED'})"


def _name(sleep: float) -> str:
    return f"{sleep * 60:.0f} min" if sleep < 1 else f"{sleep:.0f} h"


class Run:
    """The thresholds of every horizon, and what is found against them."""

    def __init__(self, data: Path, seed: int, size: int) -> None:
        self.seed, self.count, self.copies = seed, (60, 250, 500)[size], (2, 6, 12)[size]
        self.pairs = background(data)
        self.tiles = Tiles(self.pairs)
        self.fleet = fleet(seed)
        self.limits: dict[tuple[str, int], Threshold] = {}
        self.ordinary: dict[int, tuple[list[Pair], Floats]] = {}

    def rng(self, *key: float | str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(repr(key).encode())])

    def set_limits(self, days: int) -> None:
        """Thresholds of all scores at this horizon."""
        rng = self.rng("background", days)
        chosen = [pair for _ in range(self.copies) for pair in self.pairs if not pair.periodic]
        series = [self.tiles.tiled(rng, pair, days) for pair in chosen]
        for pair in self.fleet:
            if not pair.periodic:
                weeks = list(spans(pair, days))
                series += weeks
                chosen += [pair] * len(weeks)
        clusters = [pair.destination for pair in chosen]
        for name, score in SCORES.items():
            if name != "Lodger" and days != 7:  # the others are compared at one horizon
                continue
            self.limits[name, days] = threshold(rng, score(series, days), clusters)
        known = [name for name in SCORES if (name, days) in self.limits]
        told = ", ".join(f"{name} {self.limits[name, days].value:.3g}" for name in known)
        above = ", ".join("{:.2f} [{:.1f}, {:.1f}]".format(*self.limits[name, days].false) for name in known)
        print(f"| {days} | {len(series)} | {sum(len(when) for when, _ in series):,} | {told} | {above} |", flush=True)
        self.ordinary[days] = chosen, lodger(series, days)

    def planted(self, sleep: Sleep, days: int, office: bool, key: str) -> list[Series]:
        rng = self.rng("planted", key, days, office)
        return [sized(rng, times(rng, Scenario(sleep, days, office))) for _ in range(self.count)]

    def cell(self, name: str, series: list[Series], days: int) -> tuple[float, float, float]:
        return share(self.rng("bootstrap"), SCORES[name](series, days), self.limits[name, days].value)


def main_table(run: Run) -> None:
    """The bars of regular contact, each with what was found."""
    print("\nPlanted programs found, in %, with 95 % interval, at no more than 1 false pair in 1,000:\n")
    print("| sleep | host | days | jitter 0 | 0.1 | 0.3 | 0.5 | 0.9 |\n|---|---|---|---|---|---|---|---|")
    claimed = missed = 0
    for (sleep, office, days), bars in BARS.items():
        cells = []
        for jitter, bar in zip(JITTERS, bars, strict=True):
            series = run.planted(jittered(sleep * HOUR, jitter), days, office, f"{sleep} {jitter}")
            found = run.cell("Lodger", series, days)
            cells.append(_told(found, bar))
            claimed += bar is not None
            missed += bar is not None and found[0] < bar
        where = "office hours" if office else "always on"
        print(f"| {_name(sleep)} | {where} | {days} | {' | '.join(cells)} |", flush=True)
    print(f"\nBars: {claimed - missed} of {claimed} hold.")


#: The product's thresholds, in nats: today's, and that of a stay of few units if a stay's own units are reckoned with.
PRODUCT: dict[str, Callable[[int], float]] = {
    "10": lambda days: max(10.0, 1 + 3 * float(np.log(days))),
    "6": lambda days: max(6.0, 1 + 3 * float(np.log(days))),
}


def product_table(run: Run) -> None:
    """What the product's own thresholds find, and how many ordinary pairs, and programs, are above them."""
    print("\nAt the product's thresholds of at least 10 nats / at least 6, in %:\n")
    print("| sleep | host | days | jitter 0 | 0.1 | 0.3 | 0.5 | 0.9 |\n|---|---|---|---|---|---|---|---|")
    for (sleep, office, days), bars in BARS.items():
        cells = []
        for jitter, bar in zip(JITTERS, bars, strict=True):
            series = run.planted(jittered(sleep * HOUR, jitter), days, office, f"{sleep} {jitter}")
            scores = lodger(series, days)
            found = [100 * float(np.mean(scores > least(days))) for least in PRODUCT.values()]
            marked = (f"{each:.0f}{'*' if bar is not None and each < bar else ''}" for each in found)
            cells.append(" / ".join(marked))
        where = "office hours" if office else "always on"
        print(f"| {_name(sleep)} | {where} | {days} | {' | '.join(cells)} |", flush=True)
    print(
        "\n*: below the bar.\n\n| days | ordinary pairs above, in 1,000 | programs | of them with a pair above 10 |",
        end="",
    )
    print(" above 6 | above 6 and the logarithm of their pairs |\n|---|---|---|---|---|---|")
    for days, (pairs, scores) in run.ordinary.items():
        names = np.array([pair.destination for pair in pairs])
        each = [false(run.rng("product"), scores, names, least(days)) for least in PRODUCT.values()]
        told = " / ".join("{:.2f} [{:.1f}, {:.1f}]".format(*rate) for rate in each)
        print(f"| {days} | {told} | {_by_program(pairs, scores, days)} |", flush=True)


def _by_program(pairs: list[Pair], scores: Floats, days: int) -> str:
    """How many programs have a pair above: all pairs of a host are one program's, as a browser's would be."""
    copies: dict[int, int] = defaultdict(int)
    programs: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for pair, score in zip(pairs, scores, strict=True):
        programs[pair.source, pair.host, copies[id(pair)]].append(score)
        copies[id(pair)] += 1
    best = np.array([max(each) for each in programs.values()])
    units = np.log([len(each) for each in programs.values()])
    ten, six = (least(days) for least in PRODUCT.values())
    return f"{len(best)} | {np.sum(best > ten)} | {np.sum(best > six)} | {np.sum(best > six + units)}"


def hours_table(run: Run) -> None:
    """Calls at random in working hours, by their number and the days: at the product's thresholds."""
    often = (2, 4, 6, 8, 12, 16)
    print("\nAt random in working hours, so many a day, at least 10 nats / at least 6, in %:\n")
    print(f"| days | {' | '.join(str(each) for each in often)} |\n|---|{'---|' * len(often)}")
    for days in (7, 14, 21, 36, 60, 90):
        rng, cells = run.rng("hours", days), []
        for each in often:
            scores = lodger([sized(rng, random_in_hours(rng, days, each)) for _ in range(run.count)], days)
            cells.append(" / ".join(f"{100 * np.mean(scores > least(days)):.0f}" for least in PRODUCT.values()))
        print(f"| {days} | {' | '.join(cells)} |", flush=True)


def baseline_table(run: Run, days: int = 7) -> None:
    """All scores side by side, at one horizon."""
    print(f"\nThe same after {days} days, by score (jitter 0/.1/.3/.5/.9):\n")
    print(f"| sleep | host | {' | '.join(SCORES)} |\n|---|---|" + "---|" * len(SCORES))
    for sleep, office in [(s, o) for o in (False, True) for s in (1 / 60, 1 / 6, 1, 4, 8)]:
        found: dict[str, list[str]] = {name: [] for name in SCORES}
        for jitter in JITTERS:
            series = run.planted(jittered(sleep * HOUR, jitter), days, office, f"{sleep} {jitter}")[: run.count // 3]
            for name in SCORES:
                found[name].append(f"{run.cell(name, series, days)[0]:.0f}")
        cells = " | ".join("/".join(each) for each in found.values())
        print(f"| {_name(sleep)} | {'office hours' if office else 'always on'} | {cells} |", flush=True)


def family_table(run: Run, days: int = 14) -> None:
    """Sleeps of other kinds, and calls that are spread over names of one address."""
    print(f"\nOther kinds of sleep, {days} days:\n\n| what | always on | office hours |\n|---|---|---|")
    kinds = {
        "exponential, 1 h (bar 80 always on)": memoryless(HOUR),
        "log-normal, 1 h, sigma .4": log_normal(HOUR, 0.4),
        "log-normal, 1 h, sigma .6": log_normal(HOUR, 0.6),
    }
    for name, sleep in kinds.items():
        cells = [
            _told(run.cell("Lodger", run.planted(sleep, days, office, name), days), None) for office in (False, True)
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    rng = run.rng("changed", days)
    for name, later in {"1 h, then 4 h from the middle on, jitter .3": 4 * HOUR, "1 h, then 10 min": HOUR / 6}.items():
        cells = []
        for office in (False, True):
            plan = Scenario(jittered(HOUR, 0.3), days, office, jittered(later, 0.3), days / 2)
            series = [sized(rng, times(rng, plan)) for _ in range(run.count)]
            cells.append(_told(run.cell("Lodger", series, days), None))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    for span in (7, 36):
        series = run.planted(memoryless(HOUR), span, False, "exponential")
        print(f"| exponential, 1 h, {span} days | {_told(run.cell('Lodger', series, span), None)} | |")
    merged = [
        sized(rng, np.sort(np.concatenate([calls, visits])))
        for calls, visits in zip(
            (when for when, _ in run.planted(jittered(4 * HOUR, 0.3), days, False, "merged")),
            (random_in_hours(rng, days, 1) for _ in range(run.count)),
            strict=True,
        )
    ]
    print(
        f"| 4 h, jitter .3, to a place visited once a day besides | {_told(run.cell('Lodger', merged, days), None)} | |"
    )
    spread_table(run, days)


def spread_table(run: Run, days: int) -> None:
    """One name against ten names of one address: the best of the names, and their union."""
    print(f"\nCalls every 1 h, jitter .3, spread over names of one address, always on, {days} days:\n")
    print("| one name | best of 10 names | union of 10 names |\n|---|---|---|")
    whole = run.planted(jittered(HOUR, 0.3), days, False, "spread")
    rng, limit = run.rng("spread"), run.limits["Lodger", days].value
    best = np.array(
        [lodger([sized(rng, part) for part in spread_over(rng, when, 10)], days).max() for when, _ in whole]
    )
    one, parts = share(rng, lodger(whole, days), limit), share(rng, best, limit)
    print(f"| {_told(one, None)} | {_told(parts, None)} | {_told(one, None)} |")


#: Sleep in hours, jitter, office host: what is planted into whole fleets.
PLANTED = (
    (1 / 60, 0.3, False),
    (1 / 6, 0.3, False),
    (1 / 6, 0.9, True),
    (1, 0.0, False),
    (1, 0.3, False),
    (1, 0.3, True),
    (4, 0.1, False),
    (4, 0.5, False),
    (4, 0.0, True),
    (8, 0.3, False),
)


def prevalence_table(run: Run, days: int = 7) -> None:
    """With periodic pairs, each background as one fleet: every planted program's place, by its factor alone and by
    prevalence too.
    """
    rita = [pair for pair in run.pairs if pair.source == "zeek/rita-24h/http.log.gz"]
    rng = run.rng("fleet", days)
    _prevalence(run, "rita-24h", rita, [run.tiles.tiled(rng, pair, days) for pair in rita], days)
    parts = [(pair, next(spans(pair, days), None)) for pair in run.fleet]
    there = [(pair, part) for pair, part in parts if part is not None]
    _prevalence(run, "a fleet of the lab", [pair for pair, _ in there], [part for _, part in there], days)


def _prevalence(run: Run, name: str, pairs: list[Pair], series: list[Series], days: int) -> None:
    hosts, scores = len({pair.host for pair in pairs}), lodger(series, days)
    regular: dict[str, set[str]] = defaultdict(set)
    for pair, value in zip(pairs, scores, strict=True):
        if value > run.limits["Lodger", days].value:
            regular[pair.destination].add(pair.host)
    rare = np.array([len(regular[pair.destination]) <= max(1, hosts / 20) for pair in pairs])
    top = sorted(zip(scores, pairs, strict=True), key=lambda each: -each[0])
    seen: dict[str, float] = {}
    for value, pair in top:
        seen.setdefault(pair.destination, value)
    listed = ", ".join(f"{place} ({seen[place]:.0f} nats, {len(regular[place])} hosts)" for place in list(seen)[:10])
    print(f"\nThe {hosts} hosts of {name} over {days} days, periodic pairs included. Most regular: {listed}.\n")
    print("| planted | its factor, lowest of all and middle | pairs above the middle |", end=" ")
    print("above the lowest, to what at most one host in 20 calls regularly |\n|---|---|---|---|")
    for sleep, jitter, office in PLANTED:
        found = lodger(run.planted(jittered(sleep * HOUR, jitter), days, office, "fleet"), days)
        lowest, middle = float(np.min(found)), float(np.median(found))
        above = f"{int(np.sum(scores > middle))} | {int(np.sum(scores[rare] > lowest))}"
        where = "office hours" if office else "always on"
        print(f"| {_name(sleep)}, jitter {jitter}, {where} | {lowest:.0f}, {middle:.0f} nats | {above} |")


def speed(run: Run) -> None:
    """Pairs and calls per second of processor time, compiled; of intervals with one pair in twenty regular. Beside it a
    plain loop of the coefficient of variation over the same pairs.
    """
    rng = run.rng("speed")
    print(
        "\n| calls of each pair | pairs/s (bar 100,000 up to 20) | calls/s (bar 1.5 M) | plain loop of the variation,",
        end="",
    )
    print(" pairs/s | ratio |\n|---|---|---|---|---|")
    for least, most in ((5, 5), (4, 20), (20, 20), (100, 100), (1000, 1000), (2000, 2000)):
        pairs = max(400_000 // most, 100)
        counts = rng.integers(least, most + 1, pairs)
        spread = np.where(rng.random((pairs, 1)) < 0.05, 0.2, rng.uniform(0.8, 2.8, (pairs, 1)))
        gaps = np.exp(rng.uniform(5, 10, (pairs, 1)) + spread * rng.standard_normal((pairs, most)))
        calls = np.cumsum(gaps, axis=1)[np.arange(most) < counts[:, None]]
        offsets = np.cumsum([0, *counts])
        _rate(calls, offsets, f"{least}" if least == most else f"{least} to {most}")
    chosen = [pair for pair in (*run.pairs, *run.fleet) if len(pair.times) <= 20]
    chosen = [chosen[int(i)] for i in rng.integers(len(chosen), size=40_000)]
    offsets = np.cumsum([0, *(len(pair.times) for pair in chosen)])
    _rate(np.concatenate([pair.times for pair in chosen]), offsets, "4 to 20, pairs of the logs and of the fleet")


def _rate(calls: Floats, offsets: npt.NDArray[np.int64], told: str) -> None:
    pairs, used = len(offsets) - 1, []
    for _ in range(3):
        begin = time.process_time()
        judge(calls, offsets)
        used.append(time.process_time() - begin)
    best, some = pairs / min(used), min(pairs, 2000)
    begin = time.process_time()
    for pair in range(some):
        baselines.steady(calls[offsets[pair] : offsets[pair + 1]])
    plain = some / (time.process_time() - begin)
    print(f"| {told} | {best:,.0f} | {len(calls) / min(used):,.0f} | {plain:,.0f} | {best / plain:.1f} |")


def daily_cost(run: Run, days: int = 400, pairs: int = 5) -> None:
    """What it costs to judge a pair that has called once more, early and late: its last calls are judged."""
    rng = run.rng("state")
    print(f"\n| sleep of {pairs} pairs | day | calls judged | to judge, ms a pair |")
    print("|---|---|---|---|")
    for sleep in (HOUR / 60, HOUR / 6, HOUR):
        calls = [times(rng, Scenario(jittered(sleep, 0.3), days)) for _ in range(pairs)]
        for day in (10, 100, days):
            last = [each[: int(np.searchsorted(each, day * DAY))][-MOST_CALLS:] for each in calls]
            begin = time.process_time()
            judge(np.concatenate(last), np.cumsum([0, *(len(each) for each in last)]))
            used = (time.process_time() - begin) / pairs
            print(f"| {sleep / 60:.0f} min | {day} | {len(last[0]):,} | {1000 * used:.2f} |", flush=True)


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="few planted programs and ordinary days, for a look")
    size.add_argument("--full", action="store_true", help="many of both")
    chosen = parser.parse_args()
    run = Run(chosen.data, chosen.seed, 0 if chosen.quick else 2 if chosen.full else 1)
    print(f"Seed {chosen.seed}; {run.count} planted programs a cell.")
    for name, pairs in (("the logs", run.pairs), (f"the lab's fleet ({HOSTS} hosts, {DAYS} days)", run.fleet)):
        periodic = [pair.destination for pair in pairs if pair.periodic]
        print(f"\n{len(pairs)} pairs of {name}; left out as periodic: {len(periodic)}, to:", end=" ")
        print(", ".join(sorted(set(periodic))))
    print("\n| days | ordinary pairs | calls | thresholds | false in 1,000 of the other part |\n|---|---|---|---|---|")
    for days in (3, 7, 14, 36):
        run.set_limits(days)
    main_table(run)
    product_table(run)
    hours_table(run)
    baseline_table(run)
    family_table(run)
    prevalence_table(run)
    speed(run)
    daily_cost(run)


if __name__ == "__main__":
    main()
