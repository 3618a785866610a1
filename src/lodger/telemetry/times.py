"""Reading times: ISO 8601 and epoch seconds, to microseconds since 1970-01-01 UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NUMBER: Final = re.compile(r"(-?)(\d{1,12})(?:\.(\d*))?", re.ASCII)

#: What ``datetime`` can hold; anything outside cannot be shown to a person either.
_LEAST: Final = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_MOST: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND

#: A record's own time must lie here. From the second of the epoch on, because a replayed capture counts from there
#: (times of some seconds, in 1970); not the epoch itself, which is a time that nobody set. Beyond, a clock or a field
#: is broken (FILETIME 0 is the year 1601; an all-ones time is the year 9999).
SANE_FROM: Final = 1_000_000
SANE_TO: Final = (datetime(2100, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND


def iso(text: str) -> int | None:
    """Microseconds of an ISO 8601 time, None where it is none; digits beyond the sixth are cut, no zone means UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if not text.endswith(" UTC"):
            return None
        return iso(text.removesuffix(" UTC") + "Z")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    gap = moment - _EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def epoch(value: object) -> int | None:
    """Microseconds of epoch seconds, given as a number or as decimal text; None where it is none."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        if match is None:
            return None
        sign, whole, part = match.groups()
        micros = int(whole) * 1_000_000 + int(((part or "") + "000000")[:6])
        return _possible(-micros if sign else micros)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        return None
    return _possible(round(value * 1_000_000))


def moment(value: object) -> int | None:
    """Microseconds of a time in either form; None where it is none."""
    if isinstance(value, str) and not value.isdecimal():
        found = iso(value)
        return epoch(value) if found is None else found
    return epoch(value)


def why_not(value: object, micros: int | None) -> str | None:
    """Why a record with this time cannot be stored; None when it can. Few reasons: a summary groups by them."""
    if value is None:
        return "no time"
    if micros is None:
        return "time is not readable"
    if not SANE_FROM <= micros < SANE_TO:
        return f"time is outside 1970 to 2100 (year {(_EPOCH + micros * _MICROSECOND).year})"
    return None


def _possible(micros: int) -> int | None:
    return micros if _LEAST <= micros <= _MOST else None
