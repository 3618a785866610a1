"""The community's rules as others use them: hits are counted, or their risk is added up (risk-based alerting).

Risk-based alerting after its published description: each hit gives its entity the risk of its rule, and the sum over a
time is what alerts (Splunk Enterprise Security, "Default risk incident rules": a sum above 100 in 24 hours, tactics in
7 days; here the sum, over 7 days). A rule's risk is that of its level, as pySigma's Elastic backend maps levels to risk
scores: 1, 21, 47, 73, 99. A rule that hits an entity many times on one day counts once, as searches are throttled.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods.rules import Hit, archive, converted, hits
from benchmarks.lab.rankings import Ranking, Scored, ranking
from lodger.lake.tables import Lake

RISK: Final = {"informational": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}
WINDOW: Final = 7

Entity = tuple[str, str]


def run(fleet: Fleet) -> list[Ranking]:
    """Counts and sums of risk, of programs and of hosts."""
    rules = converted(archive())
    found = hits(rules, Lake(fleet.whole().path), fleet.truth.start)
    notes: dict[str, float | str] = {
        "rules for Windows": rules.windows,
        "rules run": len(rules.rules),
        "rules that hit": len({hit.rule.name for hit in found}),
        "hits": sum(hit.count for hit in found if not hit.program),
    }
    rankings = []
    for name, whole in (("program", False), ("host", True)):
        theirs = [hit for hit in found if (not hit.program) == whole]
        rankings += [
            ranking(fleet.truth, f"sigma-{name}", _scored(counted(theirs)), notes=notes),
            ranking(fleet.truth, f"risk-{name}", _scored(risk(theirs)), notes=notes),
        ]
    return rankings


def counted(found: Iterable[Hit]) -> Counter[Entity]:
    """Hits of each entity."""
    total = Counter[Entity]()
    for hit in found:
        total[hit.host, hit.program] += hit.count
    return total


def risk(found: Iterable[Hit], window: int = WINDOW) -> dict[Entity, float]:
    """The highest sum of risk that an entity has in any ``window`` days."""
    days: dict[Entity, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for entity, day, level in {((hit.host, hit.program), hit.day, (hit.rule.name, hit.rule.level)) for hit in found}:
        days[entity][day] += RISK.get(level[1], 0)
    return {
        entity: max(sum(score for day, score in its.items() if last - window < day <= last) for last in its)
        for entity, its in days.items()
    }


def _scored(scores: Mapping[Entity, float]) -> Iterator[Scored]:
    return (Scored(host, program, float(score)) for (host, program), score in scores.items() if score > 0)
