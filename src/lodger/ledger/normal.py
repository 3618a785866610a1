"""The one spelling of serial numbers, hashes, names and times in which statements and telemetry are compared."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from lodger.errors import InputError

#: Most characters of a name or a word about a statement.
_LONGEST: Final = 400
#: RFC 5280, 4.1.2.2, allows 20 octets; some authorities gave more.
_SERIAL: Final = re.compile(r"[0-9a-f]{1,80}")
_DIGITS: Final = re.compile(r"[0-9a-f]+")
_COMMON_NAME: Final = re.compile(r"CN=([^,]+)")


def serial_number(text: str | None) -> str | None:
    """A serial number in lower-case hexadecimal without leading zeros; colons, spaces and ``0x`` may be in it.

    Raises :class:`InputError` for anything else.
    """
    if text is None or not text.strip():
        return None
    digits = re.sub(r"[\s:]", "", text.lower()).removeprefix("0x")
    if not _SERIAL.fullmatch(digits):
        raise InputError(f"not a serial number in hexadecimal: {text[:60]!r}")
    return digits.lstrip("0") or "0"


def hexadecimal(text: str | None, what: str, lengths: tuple[int, ...]) -> str | None:
    """A hash in lower-case hexadecimal. Raises :class:`InputError` where it has not one of these lengths in digits."""
    if text is None or not text.strip():
        return None
    digits = re.sub(r"[\s:]", "", text.lower())
    if len(digits) not in lengths or not _DIGITS.fullmatch(digits):
        raise InputError(f"not {what}: {text[:80]!r}")
    return digits


def words(text: str | None) -> str | None:
    """Text in one line of bounded length; None for none."""
    return " ".join((text or "").split())[:_LONGEST] or None


def issuer_name(text: str | None) -> str | None:
    """The common name of an issuer, which most telemetry tells alone; up to a comma, as it is cut there too."""
    found = _COMMON_NAME.search(text or "")
    return words(found[1] if found else text)


def instant(text: str | None) -> datetime | None:
    """A day or time (ISO 8601; UTC where no zone is named), in UTC without a zone. Raises :class:`InputError`."""
    if text is None or not text.strip():
        return None
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            f"not a time: {text[:60]!r}", advice="write it as 2011-10-14 or 2011-10-14T08:00:00Z"
        ) from error
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
