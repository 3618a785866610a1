"""The scenarios that are told: the 2011 life with its variants, a grid over every trait, and lives that know Lodger.

The 2011 life is that of Duqu as published (CrySyS Lab, "Duqu: A Stuxnet-like malware found in the wild", 2011;
Symantec, "W32.Duqu: The precursor to the next Stuxnet", 1.4, 2011): 30 or 36 days, one or two servers, and peers that
reach them through a neighbour over SMB.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any, Final

from lodger.errors import InputError
from lodger.lab.lives.scenario import Arrival, Blind, Channel, Leaves, Persistence, Place, Scenario, Signed

_MEMBERS: Final = 5  # of each family of the grid

#: What a life of the grid draws where its family does not say. Values that have a family of their own (a
#: signature bought or made, a stick, an update, a password, a loaded library, nothing) are not here; `crossed` has all.
_FREE: Final[dict[str, tuple[Any, ...]]] = {
    "signed": (Signed.STOLEN, Signed.NONE),
    "arrival": (Arrival.DOCUMENT, Arrival.DOWNLOAD),
    "persistence": (Persistence.DRIVER, Persistence.SERVICE, Persistence.TASK),
    "channel": (Channel.JPEG, Channel.TLS, Channel.PDF),
    "place": (Place.NAME, Place.EITHER),
    "sleep": (300.0, 1_800.0, 4 * 3600.0, 12 * 3600.0),
    "jitter": (0.0, 0.1, 0.3, 0.6),
    "days": (14, 36, 60, 120),
    "leaves": (Leaves.ITSELF, Leaves.ITSELF, Leaves.REMOVED, Leaves.STAYS),
    "servers": (1, 1, 2),
    "office": (False, False, True),
    "quiet": (False, True),
}
_CROSSED: Final[dict[str, tuple[Any, ...]]] = {
    "signed": (Signed.STOLEN, Signed.BOUGHT, Signed.OWN, Signed.NONE),
    "arrival": tuple(Arrival),
    "persistence": tuple(Persistence),
    "channel": tuple(Channel),
    "sleep": (60.0, 600.0, 3600.0, 4 * 3600.0, 24 * 3600.0),
    "jitter": (0.0, 0.2, 0.5, 0.9),
    "days": (3, 10, 36, 90, 300),
    "servers": (1, 2, 8),
    "blind": (Blind.NO, *tuple(Blind)),
}
#: The grid's families: the traits that make each. A tuple's values are taken in turn.
_GRID: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    "bought-certificate": {"signed": (Signed.BOUGHT,)},
    "own-certificate": {"signed": (Signed.OWN,)},
    "unsigned": {"signed": (Signed.NONE,)},
    "usb": {"arrival": (Arrival.USB,)},
    "update-server": {"arrival": (Arrival.UPDATE,)},
    "stolen-password": {"arrival": (Arrival.PASSWORD,)},
    "download": {"arrival": (Arrival.DOWNLOAD,)},
    "task": {"persistence": (Persistence.TASK,)},
    "sideload": {"persistence": (Persistence.SIDELOAD,)},
    "no-persistence": {"persistence": (Persistence.NONE,), "arrival": (Arrival.PASSWORD, Arrival.DOCUMENT)},
    "fast": {"sleep": (60.0, 120.0)},
    "slow": {"sleep": (16 * 3600.0, 24 * 3600.0)},
    "jitter": {"jitter": (0.8, 0.9)},
    "office-hours": {"office": (True,)},
    "many-names": {"servers": (8, 20, 40), "place": (Place.NAME,)},
    "long-lived": {"channel": (Channel.LONG,)},
    "pdf": {"channel": (Channel.PDF,)},
    "tls": {"channel": (Channel.TLS,)},
    "brief": {"days": (3, 5, 8)},
    "long-stay": {"days": (180, 300)},
    "removed": {"leaves": (Leaves.REMOVED,)},
    "stays": {"leaves": (Leaves.STAYS,)},
    "blind": {"blind": tuple(Blind)[1:]},
    "crossed": _CROSSED,
}


def duqu_variants() -> tuple[Scenario, ...]:
    """The 2011 life: 36 days or 30, one server or two, alone or with two peers; first the plain one."""
    return tuple(
        replace(
            Scenario("duqu2011", "duqu2011", days, servers=servers, hosts=hosts, peers=hosts > 1),
            name=f"duqu2011-{days}d-{servers}s" + ("-peers" if hosts > 1 else ""),
        )
        for hosts, servers, days in product((1, 3), (1, 2), (36, 30))
    )


def grid() -> tuple[Scenario, ...]:
    """Five lives of each family. Each value of each trait comes as often as the next, in an order of the family's own:
    a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979), not the product, which is millions.
    """
    return tuple(one for family in _GRID for one in _members(family))


def _members(family: str) -> list[Scenario]:
    rng, columns = random.Random(f"grid/{family}"), dict[str, list[Any]]()
    for trait, values in {**_FREE, **_GRID[family]}.items():
        columns[trait] = [values[number % len(values)] for number in range(_MEMBERS)]
        rng.shuffle(columns[trait])
    rows = [{trait: column[number] for trait, column in columns.items()} for number in range(_MEMBERS)]
    return [_possible(Scenario(f"{family}-{number}", family, **row)) for number, row in enumerate(rows, 1)]


def _possible(scenario: Scenario) -> Scenario:
    """Windows loads no driver that nobody signed whom Microsoft trusts: such a life has a service only."""
    if scenario.persistence is Persistence.DRIVER and scenario.signed in (Signed.NONE, Signed.OWN):
        return replace(scenario, persistence=Persistence.SERVICE)
    return scenario


def evasive() -> tuple[Scenario, ...]:
    """Lives planned by somebody who has read Lodger's sources: common names, a publisher's stolen certificate, a cloud
    that many visit, five hosts, ordinary folders, nothing that few programs do, and one of these at a time left out.
    """
    whole = Scenario(
        "evasive-all",
        "evasive",
        days=60,
        signed=Signed.MASS,
        arrival=Arrival.UPDATE,
        persistence=Persistence.SERVICE,
        channel=Channel.TLS,
        place=Place.CLOUD,
        sleep=6 * 3600.0,
        jitter=0.8,
        hosts=5,
        leaves=Leaves.STAYS,
        common=True,
        quiet=True,
        evasive=True,
    )
    return (
        whole,
        replace(whole, name="evasive-document", arrival=Arrival.DOCUMENT),
        replace(whole, name="evasive-alone", hosts=1),
        replace(whole, name="evasive-sideload", persistence=Persistence.SIDELOAD, arrival=Arrival.DOWNLOAD),
        replace(whole, name="evasive-own-name", place=Place.NAME),
        replace(whole, name="evasive-stolen-small", signed=Signed.STOLEN),
        replace(whole, name="evasive-leaves", days=30, leaves=Leaves.ITSELF),
        replace(whole, name="evasive-task", persistence=Persistence.TASK, sleep=24 * 3600.0, office=True),
    )


def scenarios() -> tuple[Scenario, ...]:
    """All that are told, each under its own name."""
    return (*duqu_variants(), *grid(), *evasive())


def named(name: str) -> Scenario:
    """The scenario of this name. Raises InputError where there is none."""
    found = next((one for one in scenarios() if one.name == name), None)
    if found is None:
        raise InputError(f"there is no scenario {name!r}", advice="`lodger lab scenarios` lists them")
    return found


def of_families(families: Iterable[str] | None) -> tuple[Scenario, ...]:
    """The scenarios of the families named, or all. Raises InputError for a family that there is not."""
    known = {one.family for one in scenarios()}
    wanted = known if families is None else set(families)
    for family in sorted(wanted - known):
        raise InputError(f"there is no family {family!r} of scenarios", advice="`lodger lab scenarios` lists them")
    return tuple(one for one in scenarios() if one.family in wanted)


def draw(seed: int, n: int, families: Iterable[str] | None = None) -> tuple[Scenario, ...]:
    """``n`` scenarios of the families named (all where none are): families in turn, in an order that the seed draws,
    and none twice before all were taken. Raises InputError for a family that there is not.
    """
    pool: dict[str, list[Scenario]] = {}
    for one in of_families(families):
        pool.setdefault(one.family, []).append(one)
    rng, turns = random.Random(f"{seed}/scenarios"), list(pool)
    rng.shuffle(turns)
    orders = {family: rng.sample(pool[family], len(pool[family])) for family in turns}
    drawn = []
    for number in range(n if turns else 0):
        order = orders[turns[number % len(turns)]]
        drawn.append(order[number // len(turns) % len(order)])
    return tuple(drawn)
