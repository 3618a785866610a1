"""Marks of calls: whether calls are still those that were judged, without looking at each."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from lodger.model.tables import COUNT, TEXT, TEXTS, TIME

_PAIR: Final = [(name, TEXT) for name in ("host", "stay_id", "program", "destination")]
_FLAGS: Final = [(name, pa.bool_()) for name in ("called", "own", "named", "told")]

#: The columns of ``contact_sum`` and ``lookup_sum``.
CONTACTS: Final = pa.schema(
    [
        *_PAIR, *_FLAGS, ("address", TEXT), ("first", TIME), ("last", TIME), ("days", COUNT), ("since", pa.date32()),
        ("contacts", COUNT), ("bytes_out", COUNT), ("bytes_in", COUNT), ("refs", TEXTS), ("times", pa.list_(TIME)),
        ("mark", COUNT),
    ]
)  # fmt: skip
LOOKUPS: Final = pa.schema(
    [
        ("host", TEXT), ("stay_id", TEXT), ("name", TEXT), ("lookups", COUNT), ("told", COUNT), ("refreshed", COUNT),
        ("refs", TEXTS), ("times", pa.list_(TIME)), ("mark", COUNT),
    ]
)  # fmt: skip


def mark_contacts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of :data:`CONTACTS` without ``mark`` -> with it."""
    return _marked(batch, CONTACTS)


def mark_lookups(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of :data:`LOOKUPS` without ``mark`` -> with it."""
    return _marked(batch, LOOKUPS)


def _marked(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [batch.column(field.name).cast(field.type) for field in schema if field.name != "mark"]
    return pa.RecordBatch.from_arrays([*columns, marks(batch.column("times"))], schema=schema)


def marks(lists: pa.ListArray) -> pa.Int64Array:
    """A number below 2^48 for the times of each row: the sum, modulo that, of 48 bits of each that look like chance.

    The mark of rows put together is the sum of theirs, so it depends neither on the order nor on the parts. Of two
    lists that are as long the same mark comes by chance once in 2^48; nothing is asked of it against whoever writes
    the records of a case anew. Mixing: Vigna's SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
    """
    offsets = lists.offsets.to_numpy().astype(np.int64)
    values = lists.values.cast(pa.int64()).to_numpy(zero_copy_only=False)[offsets[0] : offsets[-1]]
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed >> np.uint64(16), dtype=np.uint64)])
    places = offsets - offsets[0]
    found = (sums[places[1:]] - sums[places[:-1]]) & np.uint64(2**48 - 1)
    return pa.array(found.astype(np.int64), pa.int64())
