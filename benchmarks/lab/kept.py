"""What is kept of a measurement: one JSON file per seed, small and with a line for each thing, so that it can live in
the repository and a change of it can be read.

Of a fleet that is its lives and a digest of the truth about it; of each method the scores of the lives and the highest
of what is nobody's, and what the tables and curves need besides. Which state of the code measured each method, with
which libraries, stands with it. What one seed's lives teach the next ones is bulkier, and lies in ``labelled/``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.lab.rankings import HEAD, Bin, Entity, Ranking, unique
from lodger.lab.calibrate import Labelled
from lodger.lab.truth import Intruder, Truth

#: The method whose last look is told row by row; of the others scores are enough.
NAMED: Final = "lodger-end"
#: The method that looks again and again: what it bets on is kept.
LOOKS: Final = "lodger"
#: Of what is nobody's so many are named.
_TOP: Final = 3


@dataclass(frozen=True)
class Life:
    """One life: what is told of it in the tables. ``day`` is that of its arrival, from 0."""

    name: str
    family: str
    day: int
    evasive: bool
    signed: bool
    traits: dict[str, str]


@dataclass(frozen=True)
class Build:
    """The state of the code that measured: its last commit, whether there was nothing else in the checkout before and
    after, and the versions of what it was run with.
    """

    commit: str
    clean: bool
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What is kept of a :class:`Ranking`; ``build`` is the number of what measured it."""

    build: int
    hosts: int
    length: int
    entities: int
    seconds: float
    lives: dict[str, float | None]
    ordinary: tuple[float, ...]
    days: dict[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    e_values: tuple[float | None, ...] = ()
    bins: tuple[tuple[int, int, int, float], ...] = ()
    notes: dict[str, float | str] = field(default_factory=dict)
    top: tuple[Entity, ...] = ()
    head: tuple[Entity, ...] = ()


@dataclass(frozen=True)
class Kept:
    """One seed's file. ``fleet`` is a digest of the truth, by which another fleet of the same seed is known."""

    seed: int
    fleet: str
    lives: tuple[Life, ...]
    builds: tuple[Build, ...] = ()
    methods: dict[str, Told] = field(default_factory=dict)

    def rankings(self) -> dict[str, Ranking]:
        """Every method's ranking, as far as it was kept: what has no name here was not named."""
        return {name: _ranking(self.seed, name, told) for name, told in self.methods.items()}

    def built(self, method: str) -> Build:
        """What measured a method."""
        return self.builds[self.methods[method].build]

    def of(self, truth: Truth) -> bool:
        """Whether it is of this fleet."""
        return self.fleet == digest(truth)


def path_of(out: Path, seed: int) -> Path:
    """Where the results of one seed lie."""
    return out / f"seed-{seed:04}.json"


def begun(truth: Truth) -> Kept:
    """A seed of which nothing was measured yet."""
    return Kept(truth.seed, digest(truth), tuple(_life(truth, one) for one in unique(truth.intruders)))


def digest(truth: Truth) -> str:
    """Of all that is true of a fleet."""
    return hashlib.sha256(msgspec.json.encode(asdict(truth))).hexdigest()[:16]


def _life(truth: Truth, one: Intruder) -> Life:
    day = (datetime.fromisoformat(one.arrival).date() - datetime.fromisoformat(truth.start).date()).days
    return Life(one.name, one.family, day, one.evasive, bool(one.signer), one.traits)


def added(kept: Kept, rankings: Sequence[Ranking], build: Build) -> Kept:
    """A seed with the rankings of some more methods, or of the same ones anew."""
    builds = kept.builds if build in kept.builds else (*kept.builds, build)
    methods = kept.methods | {each.method: _told(each, builds.index(build)) for each in rankings}
    return Kept(kept.seed, kept.fleet, kept.lives, builds, methods)


def _told(each: Ranking, build: int) -> Told:
    named, looks = each.method == NAMED, each.method == LOOKS
    stated = looks and any(entity.e_value is not None for entity in each.ordinary)
    return Told(
        build,
        each.hosts,
        each.length,
        each.entities,
        each.seconds,
        {name: None if score is None else _short(score) for name, score in each.lives.items()},
        tuple(_short(entity.score) for entity in each.ordinary),
        {life: tuple((day, _short(score)) for day, score in found) for life, found in each.days.items()},
        tuple(_maybe(entity.e_value) for entity in each.ordinary) if stated else (),
        tuple((one.low, one.entities, one.intruders, _short(one.stated)) for one in each.bins) if named else (),
        each.notes,
        each.ordinary[:_TOP] if named else (),
        each.head[:HEAD] if named else (),
    )


def _short(value: float) -> float:
    """Six digits: more than any table has, and as many as a curve can show."""
    return float(f"{value:.6g}")


def _maybe(value: float | None) -> float | None:
    return None if value is None else _short(value)


def _ranking(seed: int, method: str, told: Told) -> Ranking:
    e_values = told.e_values or (None,) * len(told.ordinary)
    scores = [Entity("", "", score, e_value=e_value) for score, e_value in zip(told.ordinary, e_values, strict=True)]
    return Ranking(
        seed,
        method,
        told.hosts,
        told.length,
        told.entities,
        told.lives,
        (*told.top, *scores[len(told.top) :]),
        told.head,
        tuple(Bin(*one) for one in told.bins),
        told.days,
        told.notes,
        (),
        told.seconds,
    )


def keep(kept: Kept, out: Path) -> None:
    """Write a seed's file; whoever finds it finds the whole of it."""
    out.mkdir(parents=True, exist_ok=True)
    path = path_of(out, kept.seed)
    draft = path.with_suffix(".part")
    draft.write_text(_text(kept), encoding="utf-8")
    draft.replace(path)


def _text(kept: Kept) -> str:
    """JSON with a line for every life, and of every method one for each kind of thing, or for each row of a table."""
    methods = [f"{_json(name)}: {{\n   {_lines(told)}\n  }}" for name, told in sorted(kept.methods.items())]
    parts = {
        "seed": _json(kept.seed),
        "fleet": _json(kept.fleet),
        "lives": _list([asdict(one) for one in kept.lives]),
        "builds": _list([asdict(one) for one in kept.builds]),
        "methods": "{\n  " + ",\n  ".join(methods) + "\n }" if methods else "{}",
    }
    return "{\n " + ",\n ".join(f"{_json(name)}: {text}" for name, text in parts.items()) + "\n}\n"


def _lines(told: Told) -> str:
    needed = {each.name for each in fields(told) if each.default_factory is MISSING and each.default is MISSING}
    said = {name: value for name, value in asdict(told).items() if value or name in needed}
    plain = {name: value for name, value in said.items() if not isinstance(value, (dict, tuple))}
    lines = [_json(plain)[1:-1]]
    for name, value in said.items():
        if name in ("top", "head"):
            lines.append(f"{_json(name)}: {_list([_entity(one) for one in value], '    ')}")
        elif name not in plain:
            lines.append(f"{_json(name)}: {_json(value)}")
    return ",\n   ".join(lines)


def _entity(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is not stated of it, and figures as short as the others."""
    said = {name: value for name, value in told.items() if value is not None and value not in ("", ())}
    return {name: _short(value) if isinstance(value, float) else value for name, value in said.items()}


def _list(rows: Sequence[Any], indent: str = "  ") -> str:
    if not rows:
        return "[]"
    return f"[\n{indent}" + f",\n{indent}".join(_json(row) for row in rows) + f"\n{indent[:-1]}]"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def read(path: Path) -> Kept:
    """Read what :func:`keep` wrote. Raises ValueError for another file."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{path} is not what a seed's measurement found: {error}") from error


def all_kept(out: Path) -> list[Kept]:
    """All seeds of which something was measured, in their order."""
    return sorted((read(path) for path in out.glob("seed-*.json")), key=lambda each: each.seed)


def keep_labelled(lives: Sequence[Labelled], out: Path, seed: int) -> None:
    """Keep what the calibration of later seeds may learn of this one's lives."""
    folder = out / "labelled"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{seed:04}.json"
    draft = path.with_suffix(".part")
    draft.write_bytes(msgspec.json.encode(lives) + b"\n")
    draft.replace(path)


def labelled_before(out: Path, seed: int) -> list[Labelled]:
    """The labelled lives of the seeds before this one, as far as they were measured here."""
    paths = (out / "labelled" / f"seed-{each:04}.json" for each in range(1, seed))
    return [
        life for path in paths if path.exists() for life in msgspec.json.decode(path.read_bytes(), type=list[Labelled])
    ]
