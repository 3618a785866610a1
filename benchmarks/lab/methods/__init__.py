"""The methods, each from a fleet to its rankings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods import ablations, calibrated, forest, lodger, rita, sigma
from benchmarks.lab.rankings import Ranking


@dataclass(frozen=True)
class Method:
    """One ranking's row in the tables: its name there, and a group of three."""

    title: str
    group: str


@dataclass(frozen=True)
class Runner:
    """What makes one or more rankings of a fleet in one go. A ``costly`` one takes about as long as all that Lodger
    does at its looks, or longer, and is for some of the seeds.
    """

    methods: Mapping[str, Method]
    run: Callable[[Fleet], list[Ranking]]
    costly: bool = False


#: In this order: the first one grows the fleet's case day by day, the others read it, the last changes it.
RUNNERS: Final = (
    Runner(
        {
            "lodger": Method("Lodger, looked at again and again", "Lodger"),
            "lodger-end": Method("Lodger, looked at once, at the end", "Lodger"),
        },
        lodger.run,
    ),
    Runner(
        {
            "no-prevalence": Method("Lodger without prevalence: shipped shares alone", "ablation"),
            "no-absence": Method("Lodger, silence of a facet unweighed", "ablation"),
            "no-dependence": Method("Lodger, facets taken for independent", "ablation"),
        },
        ablations.reweighed,
    ),
    Runner(
        {"lodger-calibrated": Method("Lodger, at the end, calibrated on other families", "Lodger")},
        calibrated.run,
    ),
    Runner(
        {
            "forest": Method("isolation forest on the same stays and findings", "baseline"),
            "forest-plain": Method("isolation forest on the same stays, without findings", "baseline"),
        },
        forest.run,
    ),
    Runner(
        {
            "rita": Method("RITA's score of a host's best contact", "baseline"),
        },
        rita.run,
    ),
    Runner(
        {
            "sigma-program": Method("Sigma: hits of a program", "baseline"),
            "sigma-host": Method("Sigma: hits of a host", "baseline"),
            "risk-program": Method("risk-based alerting: a program's 7 days", "baseline"),
            "risk-host": Method("risk-based alerting: a host's 7 days", "baseline"),
        },
        sigma.run,
        costly=True,
    ),
    Runner(
        {
            "hosts-alone": Method("Lodger, host records alone", "ablation"),
            "network-alone": Method("Lodger, network records alone", "ablation"),
        },
        ablations.apart,
        costly=True,
    ),
    Runner(
        {"no-memory": Method("Lodger without memory: each day alone", "ablation")}, ablations.forgetful, costly=True
    ),
    Runner({"lodger-revoked": Method("Lodger, at the end, the intruders' signers revoked", "Lodger")}, lodger.revoked),
)

METHODS: Final = {name: method for runner in RUNNERS for name, method in runner.methods.items()}

#: The methods that are for some of the seeds.
COSTLY: Final = tuple(name for runner in RUNNERS if runner.costly for name in runner.methods)
