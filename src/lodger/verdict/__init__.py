"""How likely is it, all things weighed: weights of evidence, their sum over a life, and the order of the cases.

Method: I. J. Good, "Weight of evidence: a brief survey", Bayesian Statistics 2 (1985); shrinkage of shares by a
beta-binomial model.
Every number that goes into a sum is kept, so that a person can do it again on paper.
"""

from __future__ import annotations

import math
from dataclasses import replace
from importlib import resources
from typing import Final

import pyarrow as pa

from lodger.engine import Engine
from lodger.evidence import all_detectors
from lodger.model.findings import Facet
from lodger.model.ingest import Progress
from lodger.model.tables import COUNT, TEXT, TEXTS, TIME
from lodger.verdict.anytime import e_bh
from lodger.verdict.null import Null, fit
from lodger.verdict.settings import BASELINE_PROGRAMS, PRIOR_DB, PRIOR_ODDS, Settings, Shares, read_shares

#: A story in the table is cut to this many characters; `show` tells it whole.
STORY: Final = 400

#: Days that a stay must have been seen before the silence of a facet says anything; None: it never does. (Of the
#: arrival it does where the arrival was seen; a departure that has not come may come yet.)
PATIENCE: Final = {
    Facet.ARRIVAL: 0.0,
    Facet.TRUST: 0.0,
    Facet.RESIDENCE: 7.0,
    Facet.CONTACT: 7.0,
    Facet.DISGUISE: 7.0,
    Facet.DEPARTURE: None,
}

#: Of the programs that are chosen on any day, however often one looks, at most this share is ordinary.
CHOSEN: Final = 0.1

#: So often is it told anew who counts as ordinary software, once from the shipped shares and then from the fleet's.
ROUNDS: Final = 3

#: The table of cases, as it is kept and handed out. ``terms`` and ``terms_db`` are what the sum has beside findings;
#: ``came_with`` is the stay that heads the case, null where that is this one (:class:`lodger.model.findings.Case`).
CASES: Final = pa.schema(
    [
        ("rank", COUNT),
        ("stay_id", TEXT),
        ("came_with", TEXT),
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
        ("terms", TEXTS),
        ("terms_db", pa.list_(pa.float64())),
        ("e_value", pa.float64()),
        ("chosen", pa.bool_()),
    ]
)


def weigh(engine: Engine, progress: Progress, settings: Settings | None = None) -> None:
    """From ``finding``, ``stay``, ``kin``, ``coverage``, ``contact_pair`` to ``weighed`` (evidence)
    and ``ranked`` (cases); ``settings`` as for :func:`rank`.
    """
    progress.phase("verdict", 2)
    engine.create("main_contact", _sql("main_contact"))
    progress.advance(1)
    rank(engine, settings)
    progress.advance(1)


def rank(engine: Engine, settings: Settings | None = None) -> None:
    """From ``finding``, ``stay``, ``kin``, ``coverage`` and ``main_contact`` to ``weighed`` and ``ranked``.

    ``settings`` are the shipped ones where there are none.
    """
    chosen = settings or Settings()
    _declare(engine, chosen)
    engine.create("told", _sql("told"))
    engine.create("sensed", _sql("sensed"))
    engine.create("family", _sql("family"))
    engine.create("ordinary", "SELECT program, family, 1 AS own FROM family")
    _sum(engine, replace(chosen, prevalence=False))
    for _ in range(ROUNDS if chosen.prevalence else 0):
        engine.create("ordinary", _sql("ordinary"))
        _sum(engine, chosen)
    engine.create("placed", _sql("placed"))
    null, line = _null(engine)
    engine.map("ranked", _sql("ranked"), lambda batch: _cases(batch, null, line), CASES)


def _sum(engine: Engine, settings: Settings) -> None:
    """Weights, and the sum of every stay, with the shares among what counts as ordinary (table ``ordinary``)."""
    _set(engine, settings)
    for step in ("eligible", "weight", "beside", "weighed", "facet_silence", "absent", "summed"):
        engine.create(step, _sql(step))


def _sql(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def _declare(engine: Engine, settings: Settings) -> None:
    found = all_detectors()
    order = {facet: number for number, facet in enumerate(Facet, 1)}
    given = [settings.shares.get(each.id, Shares()) for each in found]
    rows = [
        {
            "id": each.id,
            "title": each.detector.title,
            "facet": each.detector.facet.value,
            "facet_order": order[each.detector.facet],
            "technique": each.detector.technique,
            "p_implant": shares.p_implant or each.detector.p_implant,
            "baseline": shares.p_ordinary or each.detector.p_ordinary,
            "outside": each.detector.outside,
            # that nothing is known from outside says nothing
            "patience_days": None if each.detector.outside else PATIENCE[each.detector.facet],
            "sight": " ".join(sorted(each.detector.needs)),
            # programs that only the network saw can show what the network can show, and nothing else
            "network": each.detector.needs <= {"connections", "traffic", "handshakes", "lookups"},
        }
        for each, shares in zip(found, given, strict=True)
    ]
    needs = [
        {"detector": each.id, "kind": kind, "needs": len(each.detector.needs)}
        for each in found
        for kind in sorted(each.detector.needs)
    ]
    engine.load("detector", pa.Table.from_pylist(rows, schema=_DETECTOR))
    engine.load("detector_need", pa.Table.from_pylist(needs))


def _set(engine: Engine, settings: Settings) -> None:
    names = ("prior_odds", "baseline_programs", "prevalence", "absence", "dependence")
    engine.load("setting", pa.table({name: [getattr(settings, name)] for name in names}))


_DETECTOR: Final = pa.schema(
    [(name, TEXT) for name in ("id", "title", "facet", "technique", "sight")]
    + [("facet_order", COUNT), ("outside", pa.bool_()), ("network", pa.bool_())]
    + [(name, pa.float64()) for name in ("p_implant", "baseline", "patience_days")]
)


def _null(engine: Engine) -> tuple[Null | None, float]:
    """The fleet's tail, and the e-value from which on a program is chosen."""
    best = engine.query(_sql("best")).to_pylist()
    sums, aside = (
        [row["weight_db"] for row in best if row["own"] == own and row["weight_db"] is not None] for own in (1, 0)
    )
    null = fit(sums, len(best), aside)
    return null, e_bh([null.e_value(each) for each in (*sums, *aside)], len(best), CHOSEN) if null else math.inf


def _told(arrival_how: str | None, parts: list[str] | None) -> str:
    sentences = [part[1:] for part in parts or []]
    if arrival_how and not any(part.startswith("1") for part in parts or []):
        sentences.insert(0, arrival_how)
    story = "; ".join(sentences)
    return story if len(story) <= STORY else story[: STORY - 1] + "…"


def _terms(absent: list[str] | None) -> tuple[list[str], list[float]]:
    """What a sum has beside its findings: sentences, and decibans."""
    sentences, weights = [], []
    for each in absent or []:
        facet, questions, hundredths = each[1:].split(":")
        sentences.append(f"{facet}: nothing, though {questions} question(s) could have been answered")
        weights.append(int(hundredths) / 100)
    return sentences, weights


def _cases(batch: pa.RecordBatch, null: Null | None, line: float) -> pa.RecordBatch:
    rows = batch.select(["arrival_how", "parts", "absent"]).to_pylist()
    terms = [_terms(row["absent"]) for row in rows]
    sums = batch.column("weight_db").to_pylist()
    made = {
        "facets": pa.array([[facet[1:] for facet in each] for each in batch.column("facets").to_pylist()], TEXTS),
        "story": pa.array([_told(row["arrival_how"], row["parts"]) for row in rows], TEXT),
        "contacts": pa.array([[to[1:] for to in each or []] for each in batch.column("contacts").to_pylist()], TEXTS),
        "lfdr": pa.array([null and null.lfdr(each) for each in sums], pa.float64()),
        "e_value": pa.array([null and null.e_value(each) for each in sums], pa.float64()),
        "chosen": pa.array([null and null.e_value(each) >= line for each in sums], pa.bool_()),
        "terms": pa.array([sentences for sentences, _ in terms], TEXTS),
        "terms_db": pa.array([weights for _, weights in terms], pa.list_(pa.float64())),
    }
    columns = [made[field.name] if field.name in made else batch.column(field.name).cast(field.type) for field in CASES]
    return pa.RecordBatch.from_arrays(columns, schema=CASES)


__all__ = ["BASELINE_PROGRAMS", "CASES", "PRIOR_DB", "PRIOR_ODDS", "Settings", "Shares", "rank", "read_shares", "weigh"]
