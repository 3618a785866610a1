"""How likely is it, all things weighed: weights of evidence, their sum over a life, and the order of the cases.

Method: I. J. Good, "Weight of evidence: a brief survey", Bayesian Statistics 2 (1985); shrinkage of shares by a
beta-binomial model.
Every number that goes into a sum is kept, so that a person can do it again on paper.
"""

from __future__ import annotations

import math
from importlib import resources
from typing import Final

import pyarrow as pa

from lodger.engine import Engine
from lodger.evidence import all_detectors
from lodger.model.findings import Facet
from lodger.model.ingest import Progress
from lodger.model.tables import COUNT, TEXT, TEXTS, TIME

#: Before any evidence: one implant in ten thousand programs.
PRIOR_ODDS: Final = 1e-4
PRIOR_DB: Final = 10 * math.log10(PRIOR_ODDS)

#: The shipped baseline counts as much as this many of the fleet's own programs.
BASELINE_PROGRAMS: Final = 50.0

#: A story in the table is cut to this many characters; `show` tells it whole.
STORY: Final = 400

#: The table of cases, as it is kept and handed out.
CASES: Final = pa.schema(
    [
        ("rank", COUNT),
        ("stay_id", TEXT),
        ("host", TEXT),
        ("program", TEXT),
        ("contacts", TEXTS),
        ("arrival", TIME),
        ("departure", TIME),
        ("first_seen", TIME),
        ("last_seen", TIME),
        ("weight_db", pa.float64()),
        ("odds", pa.float64()),
        ("lfdr", pa.float64()),
        ("facets", TEXTS),
        ("story", TEXT),
    ]
)


def weigh(engine: Engine, progress: Progress) -> None:
    """From ``finding``, ``stay``, ``coverage``, ``contact_day`` and ``call_day`` to ``weighed`` (evidence) and
    ``ranked`` (cases).
    """
    progress.phase("verdict", 2)
    engine.create("main_contact", _sql("main_contact"))
    progress.advance(1)
    rank(engine)
    progress.advance(1)


def rank(engine: Engine) -> None:
    """From ``finding``, ``stay``, ``coverage`` and ``main_contact`` to ``weighed`` and ``ranked``."""
    _declare(engine)
    for step in ("eligible", "weighed"):
        engine.create(step, _sql(step))
    engine.map("ranked", _sql("ranked"), _cases, CASES)


def _sql(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def _declare(engine: Engine) -> None:
    found = all_detectors()
    order = {facet: number for number, facet in enumerate(Facet, 1)}
    rows = [
        {
            "id": each.id,
            "title": each.detector.title,
            "facet": each.detector.facet.value,
            "facet_order": order[each.detector.facet],
            "technique": each.detector.technique,
            "p_implant": each.detector.p_implant,
            "p_ordinary": each.detector.p_ordinary,
            "outside": each.detector.outside,
            "sight": " ".join(sorted(each.detector.needs)),
            # programs that only the network saw can show what the network can show, and nothing else
            "network": each.detector.needs <= {"connections", "traffic", "lookups"},
        }
        for each in found
    ]
    needs = [
        {"detector": each.id, "kind": kind, "needs": len(each.detector.needs)}
        for each in found
        for kind in sorted(each.detector.needs)
    ]
    engine.load("detector", pa.Table.from_pylist(rows))
    engine.load("detector_need", pa.Table.from_pylist(needs))
    engine.load("setting", pa.table({"prior_odds": [PRIOR_ODDS], "baseline_programs": [BASELINE_PROGRAMS]}))


def _told(arrival_how: str | None, parts: list[str] | None) -> str:
    sentences = [part[1:] for part in parts or []]
    if arrival_how and not any(part.startswith("1") for part in parts or []):
        sentences.insert(0, arrival_how)
    story = "; ".join(sentences)
    return story if len(story) <= STORY else story[: STORY - 1] + "…"


def _cases(batch: pa.RecordBatch) -> pa.RecordBatch:
    facets = [[facet[1:] for facet in each] for each in batch.column("facets").to_pylist()]
    told = zip(batch.column("arrival_how").to_pylist(), batch.column("parts").to_pylist(), strict=True)
    made = {
        "facets": pa.array(facets, TEXTS),
        "story": pa.array([_told(how, parts) for how, parts in told], TEXT),
        "contacts": pa.array([[to[1:] for to in each or []] for each in batch.column("contacts").to_pylist()], TEXTS),
    }
    columns = [made[field.name] if field.name in made else batch.column(field.name).cast(field.type) for field in CASES]
    return pa.RecordBatch.from_arrays(columns, schema=CASES)
