"""How the report writes what it is given: hostile text made visible and short, times, weights, odds, sizes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from lodger.model.findings import Case

#: Most characters of one field that a report keeps at all; what lies behind is counted, not shown.
KEEP: Final = 4000

# Letters and marks that draw nothing, though their Unicode category says that they should.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code)
    for start, end in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(start, end + 1)
}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_MARKS_IN_A_ROW: Final = 3

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MINUS: Final = "\u2212"
_SUPERSCRIPT: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def visible(text: str) -> str:
    """``text`` with everything that a page would hide or obey spelled out as ``[U+202E]``.

    That is: control, format (the bidirectional overrides among them), surrogate, private and unassigned characters,
    line and paragraph separators, spaces other than U+0020, letters that draw nothing, and combining marks after the
    third in a row, which could be stacked over the lines around (Unicode TR 36, 'Unicode Security Considerations').
    """
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        hidden = (category in _UNSEEN and char != " ") or char in _BLANK or marks > _MARKS_IN_A_ROW
        out.append(f"[U+{ord(char):04X}]" if hidden else char)
    return "".join(out)


def clip(text: str, limit: int) -> str:
    """``text`` made visible and cut to about ``limit`` characters: the middle goes, as ends tell most of a path."""
    if len(text) <= limit:
        return visible(text)
    head = limit * 2 // 3
    return f"{visible(text[:head])} … {visible(text[-(limit - head) :])}"


def name(program: str) -> str:
    """A program without its folders: what comes after the last separator, or all of it where nothing does."""
    return re.split(r"[\\/]", program.rstrip("\\/"))[-1] or program


def full(text: str) -> str:
    """``text`` made visible, whole up to :data:`KEEP` characters; then its length is told instead of the rest."""
    if len(text) <= KEEP:
        return visible(text)
    return f"{visible(text[:KEEP])} … ({len(text):,} characters in all)"


def utc(when: datetime) -> datetime:
    """``when`` in UTC; a time without a zone is UTC already."""
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def epoch_ms(when: datetime) -> int:
    """Milliseconds since 1970 UTC, as the charts count time."""
    return (utc(when) - _EPOCH) // _MILLISECOND


def stamp(when: datetime, unit: str = "seconds") -> str:
    """A time in UTC, to the second (``2011-09-01 08:14:05``) or to another ``unit`` that ``isoformat`` knows."""
    return utc(when).replace(tzinfo=None).isoformat(" ", unit)


def day(when: datetime) -> str:
    """The UTC day: ``2011-09-01``."""
    return utc(when).date().isoformat()


def span(first: datetime, last: datetime) -> str:
    """From when to when, without repeating the day: ``2011-09-01 08:14:05``, a dash, ``09:30:00``."""
    if stamp(first) == stamp(last):
        return stamp(first)
    end = stamp(last)
    return f"{stamp(first)} \u2013 {end[11:] if day(first) == day(last) else end}"


def lasting(first: datetime, last: datetime) -> str:
    """How long that is, in the two largest units: ``36 days``, ``3 h 20 min``, ``45 s``."""
    seconds = int((utc(last) - utc(first)).total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600, seconds // 60
    if days >= 2:
        return f"{days:,} days"
    if hours >= 1:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def decibans(value: float) -> str:
    """A weight of evidence with one decimal and a true minus sign; the unit is left to the place where it stands."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else f"{_MINUS}∞")
    return f"{value:.1f}".replace("-", _MINUS) if round(value, 1) else "0.0"


def _amount(value: float) -> str:
    if value >= 1e6:
        exponent = math.floor(math.log10(value)) if math.isfinite(value) else None
        return (
            "∞" if exponent is None else f"{value / 10**exponent:.1f} \u00d7 10{str(exponent).translate(_SUPERSCRIPT)}"
        )
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def odds(value: float) -> str:
    """Odds implant : ordinary with the smaller side as one: ``25 : 1``, ``1 : 3.2``."""
    if math.isnan(value) or value < 0:
        return "not a number"
    if value >= 1:
        return f"{_amount(value)} : 1"
    return f"1 : {_amount(1 / value if value else math.inf)}"


def false_cases(shown: Sequence[Case]) -> str:
    """How many of ``shown`` are ordinary after all, as an estimate: the sum of their local false-discovery rates."""
    rates = [case.lfdr for case in shown if case.lfdr is not None]
    if len(rates) < len(shown) or not shown:
        return "How many of these are false is not said: too few programs to measure it on."
    false = sum(rates)
    return f"Of these {len(shown):,}, {false:.1f} are expected to be false ({false / len(shown):.0%})."


def probability(value: float) -> str:
    """A probability with two figures that count: ``0.60``, ``0.012``."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def size(value: int | None) -> str:
    """Bytes for people, in powers of 1000; ``not counted`` where no sensor told."""
    if value is None:
        return "not counted"
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if abs(amount) < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} TB"
