"""Fitting values as sensors write them into a column's type, a whole column at a time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import pyarrow as pa

from lodger.model import tables
from lodger.telemetry import times

#: Longer values are cut here, in characters, and the row says so: one field must not fill a batch.
LONGEST: Final = 1024 * 1024

_WHOLE: Final = re.compile(r"-?\d{1,19}", re.ASCII)
_FLAGS: Final[dict[object, bool]] = {"T": True, "F": False, "true": True, "false": False, "True": True, "False": False}
_NONE: Final = type(None)


class MisfitError(ValueError):
    """A value does not fit its column's type."""


def text(value: object) -> str | None:
    """A value as text: numbers and flags as JSON writes them, lists and objects as JSON."""
    if type(value) is int:
        return str(value) if value.bit_length() < 8192 else hex(value)  # Python refuses to write longer ones in decimal
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return msgspec.json.encode(value).decode()


def _texts(value: object) -> list[str | None] | None:
    if value is None:
        return None
    return [text(part) for part in value] if isinstance(value, list) else [text(value)]


def _whole(value: object, bits: int) -> int | None:
    if value is None:
        return None
    if (isinstance(value, str) and _WHOLE.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise MisfitError
    return value


def _real(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MisfitError
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise MisfitError from None
    if not math.isfinite(number):
        raise MisfitError
    return number


def _flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _FLAGS:
        return _FLAGS[value]
    raise MisfitError


def _time(value: object) -> int | None:
    if value is None:
        return None
    micros = times.moment(value)
    if micros is None:
        raise MisfitError
    return micros


_CONVERT: Final[dict[pa.DataType, Callable[[object], object]]] = {
    tables.TEXTS: _texts,
    tables.COUNT: lambda value: _whole(value, 64),
    pa.int32(): lambda value: _whole(value, 32),
    tables.SECONDS: _real,
    tables.FLAG: _flag,
    tables.TIME: _time,
}
_TEXT_ONLY: Final = frozenset({str, _NONE})
_WHOLE_ONLY: Final = frozenset({int, _NONE})
_NOTHING: Final = frozenset({_NONE})
#: What Arrow takes as it is, by the column's type.
_NATIVE: Final = {
    tables.COUNT: _WHOLE_ONLY,
    pa.int32(): _WHOLE_ONLY,
    tables.FLAG: frozenset({bool, _NONE}),
}
_MISFIT: Final = object()


def fit(kind: pa.DataType, column: Sequence[object]) -> tuple[pa.Array, list[int]]:
    """The column in its type, null where a value does not fit, and the positions of those that do not."""
    if kind == tables.TEXT:
        return _texted(column), []
    kinds = set(map(type, column))
    native = _NATIVE.get(kind, _NOTHING)
    try:
        return (pa.array(column, kind), []) if kinds <= native else _converted_where(kind, kinds - native, column)
    except (OverflowError, pa.ArrowInvalid):  # a number that is too large for its column
        return _converted_where(kind, kinds, column)


def _texted(column: Sequence[object]) -> pa.Array:
    try:
        return pa.array(column, tables.TEXT)  # which takes texts only, as most columns are
    except pa.ArrowTypeError:
        if _WHOLE_ONLY.issuperset(map(type, column)):
            try:
                return pa.array(column, tables.COUNT).cast(tables.TEXT)
            except OverflowError:
                pass  # longer than 64 bits
        return pa.array([value if type(value) is str else text(value) for value in column], tables.TEXT)


def _converted_where(kind: pa.DataType, kinds: set[type], column: Sequence[object]) -> tuple[pa.Array, list[int]]:
    """The column with the values of these kinds converted; Arrow gets the others as they are."""
    convert = _CONVERT[kind]
    if _TEXT_ONLY.issuperset(map(type, column)):  # the same few texts again and again: each is converted once
        converted = {value: _converted(convert, value) for value in set(column)}
        fitted = list(map(converted.__getitem__, column))
        all_fit = _MISFIT not in converted.values()
    else:
        fitted = [_converted(convert, value) if type(value) in kinds else value for value in column]
        all_fit = False
    misfits = [] if all_fit else [i for i, value in enumerate(fitted) if value is _MISFIT]
    for i in misfits:
        fitted[i] = None
    return pa.array(fitted, kind), misfits


def _converted(convert: Callable[[object], object], value: object) -> object:
    try:
        return convert(value)
    except MisfitError:
        return _MISFIT
