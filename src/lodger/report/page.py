"""Writes the report: templates, style, script and the charts' JavaScript become one HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lodger.errors import LodgerError
from lodger.model.coverage import Coverage
from lodger.model.findings import Case, Facet, Life, RecordRef, parties
from lodger.model.ingest import AnalysisSummary
from lodger.report import charts, text, view
from lodger.report.unseen import unseen

# In a script element JSON may not end the element or open a comment; the separators end lines in old script engines.
_IN_SCRIPT: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

# What would end or confuse a script element from within a string of the charts' library; escaped it means the same.
_ENDS_SCRIPT: Final = re.compile(r"<(/script|script|!--)", re.IGNORECASE)


def write_report(
    out: Path,
    *,
    cases: Sequence[Case],
    lives: Sequence[Life],
    summary: AnalysisSummary,
    coverage: Coverage | None = None,
    title: str = "Lodger: ranked stays",
    written: datetime | None = None,
) -> None:
    """Write ``cases`` (all ranked stays; the table has those that head a case), ``lives`` (a section each) and
    ``coverage`` (one for what could not be seen; None: none) as one HTML file to ``out``.

    The file appears whole or not at all: it is written beside ``out`` and renamed. It holds no address that a browser
    would load; its content security policy admits only its own style and two scripts, by hash. ``written`` is the time
    in the header, by default now. Raises :class:`LodgerError` where ``out`` cannot be written.
    """
    now = written or datetime.now(UTC)
    page = render(cases=cases, lives=lives, summary=summary, title=title, written=now, coverage=coverage)
    try:
        _write_atomically(out, page.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LodgerError(f"cannot write the report to {out}: {reason}", advice="Name another file") from error


def render(
    *,
    cases: Sequence[Case],
    lives: Sequence[Life],
    summary: AnalysisSummary,
    title: str,
    written: datetime,
    coverage: Coverage | None = None,
) -> str:
    """The whole page as text; see :func:`write_report`."""
    found, places = parties(cases), view.sections(lives)
    seen = [when for case in cases for when in (case.first_seen, case.last_seen)]
    style, script, bundle = _own("report.css") + _bar_widths(), _own("report.js"), _bundle()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            written=written,
            seen=(min(seen, key=text.utc), max(seen, key=text.utc)) if seen else None,
            summary=summary,
            facets=list(Facet),
            rows=view.rows(found, places),
            cases=len(found),
            stays=view.stays(lives, found, places),
            unseen=unseen(coverage) if coverage else None,
            specs=charts.specs(),
            style=style,
            style_hash=_hash(style),
            script=script,
            bundle=bundle,
            script_hashes=[_hash(bundle), _hash(script)],
        )
    )


def _write_atomically(out: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{out.name[:40]}.", suffix=".part", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        part.chmod(0o644)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lodger.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        name: getattr(text, name)
        for name in ("clip", "full", "stamp", "day", "decibans", "odds", "probability", "size", "false_cases")
    }
    environment.filters |= {"by_file": _by_file, "in_script": in_script}
    environment.globals |= {"span": text.span, "lasting": text.lasting}
    return environment


def _by_file(records: Sequence[RecordRef]) -> list[tuple[str, list[int]]]:
    """References to the same file as one: the file and its record numbers, in the order in which they come."""
    numbers: dict[str, list[int]] = {}
    for ref in records:
        numbers.setdefault(ref.file, []).append(ref.record)
    return list(numbers.items())


def in_script(value: Any) -> Markup:
    """``value`` as JSON that is safe inside a script element."""
    json_text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(json_text.translate(_IN_SCRIPT))  # noqa: S704  # escaped in the line above


def _own(name: str) -> Markup:
    """One of this package's own files, as it goes into the page."""
    return Markup(resources.files("lodger.report").joinpath(name).read_text("utf-8"))  # noqa: S704  # no data in it


def _bar_widths() -> Markup:
    """A class per percent: with them no element needs a style attribute, so that the policy can forbid them all."""
    return Markup("").join(Markup(".w{0}{{width:{0}%}}").format(percent) for percent in range(101))


@cache
def _bundle() -> Markup:
    """Vega-Embed with Vega and that version of Vega-Lite which Altair writes, as one script (from vl-convert)."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    return Markup(_ENDS_SCRIPT.sub(r"<\\\1", bundle))  # noqa: S704  # no data in it


def _hash(script: str) -> str:
    """A script's name in a content security policy (CSP level 2, section 4.2.4)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
