"""Registrable domains: the part of a name that somebody registered, by the public suffix list.

After publicsuffix.org's algorithm, with the list that comes with the library `publicsuffixlist`: nothing is fetched.
Names below suffixes that the list tells as private (`github.io`) are domains of their own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pyarrow as pa
from publicsuffixlist import PublicSuffixList

from lodger.model.tables import TEXT

#: What :func:`registrable` gives: one row per destination that has a registrable domain.
DOMAINS: Final = pa.schema([("destination", TEXT), ("domain", TEXT)])


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()


def domain(name: str) -> str | None:
    """The registrable domain of a name, in lower case; None for a suffix alone, one label, and what is no name."""
    found = _list().privatesuffix(name.strip("."))
    return None if found is None or found.replace(".", "").isdigit() else str(found).lower()


def registrable(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (destination) -> :data:`DOMAINS`."""
    told = [(name, domain(name)) for name in batch.column("destination").to_pylist()]
    kept = [(name, found) for name, found in told if found is not None]
    columns = [pa.array([row[i] for row in kept], TEXT) for i in range(2)]
    return pa.RecordBatch.from_arrays(columns, schema=DOMAINS)
