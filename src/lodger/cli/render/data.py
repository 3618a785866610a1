"""Results for other programs: JSON that is a promise, CSV that no spreadsheet executes.

The JSON's fields are described in ``docs/commands.md``; :data:`FORMAT_VERSION` grows when one changes or goes.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from lodger.model.findings import Case, Evidence, Life
from lodger.model.ingest import IngestSummary
from lodger.report.text import visible

FORMAT_VERSION: Final = 1

# A spreadsheet takes a cell that begins so for a formula (OWASP, 'CSV Injection'); the full-width forms count too.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def instant(when: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, to the microsecond where there are any; a time without a zone is UTC already."""
    if when is None:
        return None
    utc = when if when.tzinfo is None else when.astimezone(UTC)
    return f"{utc.replace(tzinfo=None).isoformat()}Z"


def case_fields(case: Case) -> dict[str, Any]:
    """One stay of the ranked table."""
    return {
        "format_version": FORMAT_VERSION,
        "rank": case.rank,
        "stay_id": case.stay_id,
        "came_with": case.came_with,
        "host": case.host,
        "program": case.program,
        "contacts": list(case.contacts),
        "arrival": instant(case.arrival),
        "departure": instant(case.departure),
        "first_seen": instant(case.first_seen),
        "last_seen": instant(case.last_seen),
        "weight_db": _number(case.weight_db),
        "odds": _number(case.odds),
        "lfdr": None if case.lfdr is None else _number(case.lfdr),
        "e_value": None if case.e_value is None else _number(case.e_value),
        "chosen": case.chosen,
        "facets": [facet.value for facet in case.facets],
        "story": case.story,
    }


def evidence_fields(evidence: Evidence) -> dict[str, Any]:
    """One finding of a stay."""
    return {
        "detector": evidence.detector,
        "title": evidence.title,
        "facet": evidence.facet.value,
        "technique": evidence.technique,
        "weight_db": _number(evidence.weight_db),
        "counted_db": _number(evidence.counted_db),
        "p_implant": _number(evidence.p_implant),
        "p_ordinary": _number(evidence.p_ordinary),
        "first": instant(evidence.first),
        "last": instant(evidence.last),
        "sentence": evidence.sentence,
        "records": [{"file": ref.file, "record": ref.record} for ref in evidence.records],
        "total_records": evidence.total_records,
    }


def life_fields(life: Life) -> dict[str, Any]:
    """A stay with its evidence and with what the sensors at hand could not have shown."""
    return {
        **case_fields(life.case),
        "prior_db": _number(life.prior_db),
        "shares": life.shares,
        "terms": [{"sentence": each.sentence, "weight_db": _number(each.weight_db)} for each in life.case.terms],
        "evidence": [evidence_fields(each) for each in life.evidence],
        "unseen": list(life.unseen),
        "trust": [
            {"time": instant(line.time), "sentence": line.sentence, "learned": line.learned} for line in life.trust
        ],
    }


def ingest_fields(summary: IngestSummary) -> dict[str, Any]:
    """What became of every file, and the paths that could not be opened."""
    sources = [
        {
            "name": source.name,
            "reader": source.reader,
            "read": source.read,
            "stored": source.stored,
            "aside": source.aside,
            "already": source.already,
            "earlier": source.earlier,
            "problem": source.problem,
        }
        for source in summary.sources
    ]
    return {"format_version": FORMAT_VERSION, "sources": sources, "problems": list(summary.problems)}


def as_json(value: Any) -> str:
    """``value`` as indented JSON in ASCII, so that it can be shown on a terminal as it is, and nothing is lost."""
    text = json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)
    return text.replace("\x7f", "\\u007f") + "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """``columns`` of ``rows`` as RFC 4180 CSV; lists are joined with ``; ``, formulas and what is hidden disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if value.lstrip().startswith(_FORMULA) or value.startswith(_FORMULA) else shown


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
