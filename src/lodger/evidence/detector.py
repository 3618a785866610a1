"""What a detector declares, and how detectors are found."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from lodger.errors import PluginError
from lodger.model.findings import Facet

#: The columns that every detector's SELECT gives; what else it gives is there for its sentence.
#: ``first`` and ``last`` are UTC, ``refs`` at most :data:`MAX_REFS` records (``source:record``), ``records`` how
#: many there are.
COLUMNS: Final = ("stay_id", "first", "last", "refs", "records")

#: Records that a piece of evidence names; the rest is counted.
MAX_REFS: Final = 20

#: The kinds of record of the ``coverage`` table.
KINDS: Final = frozenset(
    {
        "launches",
        "accesses",
        "modules",
        "drivers",
        "files",
        "deletions",
        "registry",
        "connections",
        "traffic",
        "handshakes",
        "lookups",
    }
)


@dataclass(frozen=True)
class Detector:
    """One question put to every stay. Its SELECT lies beside it, in the ``.sql`` file of the same stem.

    Where the question is about single events, ``<stem>_rows.sql`` beside that gathers what there is to know of them, a
    row or few for each stay and UTC day (column ``day``), as table ``<stem>_rows``: from the events of some days, which
    is all that it sees, and without a thought of the fleet. The SELECT puts the rows of all days together, and weighs
    them against the fleet; it reads no events.

    ``facet`` and ``technique`` (ATT&CK id) say what the finding speaks of, ``question`` what is asked. ``p_implant``
    is P(finding | an implant's stay), ``because`` the reason for that number. ``p_ordinary`` is the shipped baseline
    of P(finding | an ordinary program), with which the fleet's own share is mixed. ``needs`` are the kinds of record
    without which the detector is blind on a host. ``sentence`` tells a finding, with the SELECT's own columns in
    braces. ``learns`` says that the answer changes with the trust ledger: it is asked again whenever a statement is
    added, and from ``stay``, ``signature``, ``host_span``, ``touched`` and ``trusted_signer`` alone.
    ``outside`` says that the finding is known from outside of the fleet: that the fleet is small does not bound its
    weight then, and the baseline does.
    """

    facet: Facet
    technique: str
    title: str
    question: str
    p_implant: float
    because: str
    p_ordinary: float
    needs: frozenset[str]
    sentence: str
    learns: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Loaded:
    """A detector as it was found: its id (the file's stem), its declaration, its SELECT, and that of its rows."""

    id: str
    detector: Detector
    select: str
    rows: str | None = None


_PACKAGE: Final = "lodger.evidence.detectors"


def _check(name: str, found: object) -> Detector:
    if not isinstance(found, Detector):
        raise PluginError(f"{_PACKAGE}.{name} declares no DETECTOR")
    if not (0 < found.p_implant < 1 and 0 < found.p_ordinary < 1):
        raise PluginError(f"{_PACKAGE}.{name}: probabilities lie strictly between 0 and 1")
    if not found.needs or not found.needs <= KINDS:
        raise PluginError(f"{_PACKAGE}.{name}: needs names no kind of record, or an unknown one")
    return found


@cache
def all_detectors() -> tuple[Loaded, ...]:
    """All detectors, by id. Raises PluginError, naming the file, for one that breaks the rules."""
    package = importlib.import_module(_PACKAGE)
    loaded = []
    for module in pkgutil.iter_modules(package.__path__):
        declared = _check(module.name, getattr(importlib.import_module(f"{_PACKAGE}.{module.name}"), "DETECTOR", None))
        file, rows = (resources.files(package) / f"{module.name}{end}.sql" for end in ("", "_rows"))
        if not file.is_file():
            raise PluginError(f"{_PACKAGE}.{module.name} has no {module.name}.sql beside it")
        gathered = rows.read_text(encoding="utf-8") if rows.is_file() else None
        loaded.append(Loaded(module.name, declared, file.read_text(encoding="utf-8"), gathered))
    return tuple(sorted(loaded, key=lambda each: each.id))


#: Text from logs is cut to this many characters inside a sentence; the records behind it have it whole.
_SHOWN = 160


def _words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return ", ".join(_words(each) for each in value[:5]) + (f" and {len(value) - 5} more" if len(value) > 5 else "")
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def tell(sentence: str, row: Mapping[str, object]) -> str:
    """The finding's sentence with the row's values; a value is put in as text and never interpreted."""
    parts = []
    for text, field, _, _ in string.Formatter().parse(sentence):
        parts.append(text)
        if field:
            parts.append(_words(row[field]) if row[field] is not None else "unknown")
    return "".join(parts)
