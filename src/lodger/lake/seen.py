"""Which times the rows of the lake have, by host where they name one: most files are found new without a look.

A time and a host are kept as four bytes, by table and day. Where they are not among those, no row of the lake is the
same; where they are, one may be.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lodger.telemetry.rows import DAY

#: The column that tells hosts apart, in the tables that have it.
HOST: Final = "Computer"

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing, by the golden ratio
_HIGH: Final = np.uint64(32)

_Keys = npt.NDArray[np.uint32]


class Seen:
    """Times and hosts of rows, by table and day.

    ``earlier`` gives the rows, ``time`` and :data:`HOST` at least, that a table had on a day (counted from 1970) before
    any was added here; it is asked once for a day, and may give added ones too.
    """

    def __init__(self, earlier: Callable[[str, int], Iterable[pa.RecordBatch]]) -> None:
        self._earlier = earlier
        self._levels: dict[tuple[str, int], list[_Keys]] = defaultdict(list)
        self._asked: set[tuple[str, int]] = set()

    def add(self, table: str, data: pa.RecordBatch) -> None:
        """More rows of a table."""
        days, keys = _keys(data)
        if len(days) and (days == days[0]).all():  # as in most files
            self._add(table, int(days[0]), keys)
            return
        order = np.argsort(days, kind="stable")
        days, keys = days[order], keys[order]
        borders = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
        for start, end in pairwise(borders):
            if end > start:
                self._add(table, int(days[start]), keys[start:end])

    def may_have(self, table: str, row: pa.RecordBatch) -> bool:
        """Whether a row of the table may be the same as this one."""
        days, keys = _keys(row)
        place = table, int(days[0])
        if place not in self._asked:
            self._asked.add(place)
            for batch in self._earlier(*place):
                self._add(*place, _keys(batch)[1])
        return any(_has(level, keys[0]) for level in self._levels[place])

    def _add(self, table: str, day: int, keys: _Keys) -> None:
        """One more level; those that are hardly longer than what is behind them become one with it."""
        levels = self._levels[table, day]
        parts = [keys]
        while levels and len(levels[-1]) <= 2 * sum(map(len, parts)):
            parts.append(levels.pop())
        levels.append(np.sort(np.concatenate(parts)))


def _has(keys: _Keys, key: np.uint32) -> bool:
    place = int(np.searchsorted(keys, key))
    return place < len(keys) and bool(keys[place] == key)


def _keys(data: pa.RecordBatch) -> tuple[npt.NDArray[np.int64], _Keys]:
    """Each row's day, and its key."""
    micros = data["time"].cast(pa.int64()).to_numpy()
    mixed = micros.astype(np.uint64)
    if HOST in data.schema.names:
        encoded = data[HOST].dictionary_encode()
        hosts = np.array([zlib.crc32(name.encode()) for name in encoded.dictionary.to_pylist()] + [0], dtype=np.uint64)
        mixed += hosts[encoded.indices.fill_null(len(hosts) - 1).to_numpy(zero_copy_only=False)] << _HIGH
    return micros // DAY, ((mixed * _ODD) >> _HIGH).astype(np.uint32)
