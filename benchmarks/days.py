"""What a day more costs the regular-contact step: units judged from all of their calls, or from those of the new day.

    python benchmarks/days.py [--pairs 200] [--sleep 300] [--days 10 100 400] [--keep-from 2000]

Pairs of a fleet whose hosts are always on, each with a program that waits (jitter 0.3), lie in `contact_day` as the
product makes it. For each day: the step (the product's own SQL and kernel, on its own engine) over all calls up to that
day without any state, and with the states that the same step kept the day before. Both must give the same rows. Told
are seconds of processor time, because they depend less on what else the machine does, the best of three runs.

With --keep-from 0 states are kept of every pair: by the number of calls (--sleep, --days) the table then tells from
where on that pays, which is `lodger.evidence.rhythm.KEEP_FROM`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lodger.engine.duckdb import DuckDB
from lodger.evidence import rhythm
from lodger.evidence.registrable import DOMAINS
from lodger.evidence.regular import judge_units

DAY = 86_400_000_000
ROUNDS = 3
ORIGIN = 1_711_929_600_000_000
TEXTS = pa.list_(pa.string())
CALLS = pa.schema(
    [
        ("host", pa.string()), ("stay_id", pa.string()), ("destination", pa.string()), ("day", pa.date32()),
        ("times", pa.list_(pa.timestamp("us"))), ("contacts", pa.int64()), ("addresses", TEXTS), ("named", pa.bool_()),
        ("ref", pa.string()),
    ]
)  # fmt: skip
LOOKUPS = pa.schema(
    [
        ("host", pa.string()), ("stay_id", pa.string()), ("name", pa.string()), ("day", pa.date32()),
        ("times", pa.list_(pa.timestamp("us"))), ("lookups", pa.int64()), ("told", pa.int64()),
        ("refreshed", pa.int64()), ("ref", pa.string()),
    ]
)  # fmt: skip
CERTIFICATES = pa.schema([("destination", pa.string()), ("certificate", pa.string())])


def contact_days(rng: np.random.Generator, pairs: int, sleep: float, days: int) -> pa.Table:
    """Rows of `contact_day` of pairs that wait ``sleep`` seconds."""
    tables = []
    for pair in range(pairs):
        gaps = rng.uniform(0.7 * sleep, 1.3 * sleep, int(1.05 * days * 86400 / sleep) + 10)
        times = ORIGIN + np.cumsum(gaps * 1e6).astype(np.int64)
        ends = np.searchsorted(times, ORIGIN + DAY * np.arange(days + 1))
        rows = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(times[: ends[-1]]).cast("timestamp[us]"))
        names = [pa.array([text] * days) for text in (f"ws{pair}", f"stay{pair}", f"place{pair}.example")]
        day = pa.array(ORIGIN // DAY + np.arange(days), pa.int32()).cast(pa.date32())
        lists = pa.array([[f"203.0.113.{pair % 250}"]] * days, TEXTS)
        named, ref = pa.array([True] * days), pa.array([f"log:{number}" for number in range(days)])
        tables.append(
            pa.Table.from_arrays([*names, day, rows, pa.array(np.diff(ends)), lists, named, ref], schema=CALLS)
        )
    return pa.concat_tables(tables)


def step(folder: Path, calls: pa.Table, earlier: list[str]) -> tuple[float, pa.Table, pa.Table]:
    """Seconds (of processors) of the step over these calls, the rhythms, and what is kept."""
    engine = DuckDB(folder)
    engine.load("contact_day", calls)
    engine.load("call_day", calls.slice(0, 0))
    engine.load("lookup_day", LOOKUPS.empty_table())
    engine.load("destination_domain", DOMAINS.empty_table())
    engine.load("certificate_place", CERTIFICATES.empty_table())
    engine.create("host_span", "SELECT DISTINCT host FROM contact_day")
    begin = time.process_time()
    judge_units(engine, earlier)
    kept = engine.query("SELECT * FROM kept_state ORDER BY host, unit, name")
    used = time.process_time() - begin
    found = engine.query("SELECT * FROM rhythm ORDER BY host, destination")
    engine.close()
    return used, found, kept


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--sleep", type=float, default=300.0, help="seconds")
    parser.add_argument("--days", type=int, nargs="+", default=[10, 100, 400])
    parser.add_argument("--keep-from", type=int, default=rhythm.KEEP_FROM, help="calls from which states are kept")
    chosen = parser.parse_args()
    rhythm.KEEP_FROM = chosen.keep_from  # type: ignore[misc]
    rng = np.random.default_rng(1)
    calls = contact_days(rng, chosen.pairs, chosen.sleep, max(chosen.days))
    day = calls["day"].cast(pa.int32()).to_numpy() - ORIGIN // DAY
    print(f"{chosen.pairs} pairs, a call every {chosen.sleep:g} s.\n")
    print("| day | calls of a pair | from all calls, s | from that day's, s | states kept | MB on disk |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        step(folder, calls.filter(pa.array(day < 2)), [])  # numba loads what it compiled
        for number in chosen.days:
            before, after = (calls.filter(pa.array(day < last)) for last in (number - 1, number))
            file = folder / "kept.parquet"
            pq.write_table(step(folder, before, [])[2], file, compression="zstd")
            all_calls = [step(folder, after, []) for _ in range(ROUNDS)]
            newer = [step(folder, after, [str(file)]) for _ in range(ROUNDS)]
            if not all_calls[0][1].equals(newer[0][1]):
                raise SystemExit(f"day {number}: the rows differ")
            whole, new, kept = min(each[0] for each in all_calls), min(each[0] for each in newer), newer[0][2]
            size = file.stat().st_size / 1e6
            a_pair = after.num_rows and sum(after["contacts"].to_pylist()) / chosen.pairs
            print(f"| {number} | {a_pair:,.0f} | {whole:.2f} | {new:.2f} | {kept.num_rows} | {size:.1f} |", flush=True)


if __name__ == "__main__":
    main()
