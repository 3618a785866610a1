"""Lists of certificates that signed malware: objects with ``serial``, ``subject``, ``issuer``, ``valid_from`` (of the
certificate), ``used_by`` and ``source``, as certgraveyard and other public lists have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lodger.errors import InputError
from lodger.ledger.normal import instant
from lodger.model.trust import Kind, Statement


def fits(entry: dict[str, Any]) -> bool:
    """Whether an entry is of such a list."""
    return "serial" in entry and "subject" in entry


def statements(entry: Any, known_from: datetime) -> Iterator[Statement]:
    """What one entry says. Raises :class:`InputError`.

    It holds from the certificate's own beginning: nothing that it ever signed can be believed.
    """
    if not isinstance(entry, dict):
        raise InputError("not an object")
    serial = text(entry, "serial")
    if not serial:
        raise InputError("no serial number")
    yield Statement(
        kind=Kind.ABUSED,
        source=text(entry, "source") or "a list of certificates",
        known_from=known_from,
        valid_from=instant(text(entry, "valid_from")),
        detail=text(entry, "used_by"),
        serial=serial,
        issuer=text(entry, "issuer"),
        signer=text(entry, "subject"),
    )


def text(entry: dict[str, Any], name: str) -> str | None:
    """A field that is text or missing. Raises :class:`InputError` for anything else."""
    value = entry.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{name} is not text")
    return value
