"""What one large day costs: rolled up to `contact_day`, and every pair of host and destination judged.

    python benchmarks/rollup.py [--connections 20] [--hosts 50000]

The connections (in millions) are made by SQL, heavy-tailed over hosts and over destinations, and lie in Parquet as
`stay_contact` has them; then the product's own SQL and kernel run on its own engine, with its own limit of memory.
Printed: seconds (on the wall and of processors) and the peak of resident memory, each step in a process of its own; and
what five times as many come to, if time grows in proportion.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from lodger.engine.duckdb import MEMORY_LIMIT, DuckDB
from lodger.evidence.rhythm import JUDGED, rhythms

MILLION = 1_000_000
#: Hosts talk as the cube of chance has it; nine in ten calls go to sixty places of the host's own, the first ones most,
#: and the rest anywhere.
CONNECTIONS = """
SELECT
    'host' || CAST(h AS VARCHAR) AS host,
    substr(md5(CAST(h AS VARCHAR) || '/' || CAST(d % 6 AS VARCHAR)), 1, 12) AS stay_id,
    'network: tls t13d' || CAST(d % 6 AS VARCHAR) AS program,
    'place' || CAST(d AS VARCHAR) || '.example' AS destination, 'abcdef:' || CAST(n AS VARCHAR) AS ref,
    make_timestamp(1711929600000000 + CAST(floor(86400000000 * random()) AS BIGINT)) AS time,
    '203.0.' || CAST(d % 250 AS VARCHAR) || '.' || CAST(d % 251 AS VARCHAR) AS dst_ip, CAST(443 AS INTEGER) AS dst_port,
    CAST(NULL AS VARCHAR) AS user_agent, 't13d' || CAST(d % 6 AS VARCHAR) AS fingerprint, 'place' AS name, TRUE AS own,
    CAST(2000 * random() AS BIGINT) AS bytes_out, CAST(20000 * random() AS BIGINT) AS bytes_in
FROM (
    SELECT n, h, CASE WHEN any_place < 0.9 THEN (h * 7919 + k * 104729) % 300000 ELSE anywhere END AS d
    FROM (
        SELECT range AS n, CAST(floor({hosts} * pow(random(), 3)) AS BIGINT) AS h, random() AS any_place,
            CAST(floor(60 * pow(random(), 3)) AS BIGINT) AS k, CAST(floor(300000 * random()) AS BIGINT) AS anywhere
        FROM range({first}, {last})
    )
)
"""
PAIRS = """
SELECT host, stay_id, 'destination' AS unit, destination AS name, CAST(sum(contacts) AS BIGINT) AS contacts,
    CAST(0 AS BIGINT) AS mark, '' AS judge, flatten(list(times)) AS times
FROM contact_day GROUP BY host, stay_id, destination HAVING sum(contacts) >= 4
"""


def make(folder: Path, millions: int, hosts: int) -> str:
    """Write the connections, a million to a file."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false; SET memory_limit = '2GB'; SELECT setseed(0.5)")
        for part in range(millions):
            select = CONNECTIONS.format(hosts=hosts, first=part * MILLION, last=(part + 1) * MILLION)
            connection.execute(f"COPY ({select}) TO '{folder}/part-{part:03}.parquet' (FORMAT parquet)")
    return ""


def roll_up(folder: Path) -> str:
    """Connections to `contact_day`, as the product does."""
    sql = (resources.files("lodger.stays") / "contact_day.sql").read_text(encoding="utf-8")
    engine = DuckDB(folder / "spool")
    files = sorted(str(path) for path in folder.glob("part-*.parquet"))
    engine.scan("stay_contact", files, pq.read_schema(files[0]))
    engine.create("contact_day", sql)
    rows = engine.query("SELECT COUNT(*) AS n, CAST(sum(contacts) AS BIGINT) AS calls FROM contact_day").to_pylist()[0]
    with pq.ParquetWriter(folder / "contact_day.parquet", engine.query("FROM contact_day LIMIT 0").schema) as writer:
        for batch in engine.stream("FROM contact_day"):
            writer.write_batch(batch)
    engine.close()
    return f"{rows['calls']:,} connections, {rows['n']:,} rows of contact_day"


def judge(folder: Path) -> str:
    """Every pair with four calls or more."""
    engine = DuckDB(folder / "spool")
    path = folder / "contact_day.parquet"
    engine.scan("contact_day", [str(path)], pq.read_schema(path))
    engine.map("rhythm", PAIRS, rhythms, JUDGED)
    row = engine.query(
        "SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE log_bayes_factor > 10) AS r FROM rhythm"
    ).to_pylist()
    engine.close()
    return f"{row[0]['n']:,} pairs judged, {row[0]['r']:,} above 10 nats"


def _timed(work: Callable[..., str], arguments: tuple[object, ...]) -> tuple[str, float, float, float]:
    begin, used = time.perf_counter(), time.process_time()
    told = work(*arguments)
    wall, used = time.perf_counter() - begin, time.process_time() - used
    return told, wall, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work: Callable[..., str], *arguments: object) -> tuple[str, float, float, float]:
    """What the work says, its seconds on the wall and of processors, and the peak of resident memory in MB."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_timed, work, arguments).result()


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--connections", type=int, default=20, help="in millions")
    parser.add_argument("--hosts", type=int, default=50_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        measured(make, folder, chosen.connections, chosen.hosts)
        print(f"{chosen.connections} M connections of {chosen.hosts:,} hosts; the engine's limit is {MEMORY_LIMIT}.\n")
        print("| step | what | seconds | of processors | peak memory, MB | seconds for five times as many |")
        print("|---|---|---|---|---|---|")
        for name, work in (("roll up", roll_up), ("judge", judge)):
            told, seconds, used, peak = measured(work, folder)
            cost = f"{seconds:.0f} | {used:.0f} | {peak:,.0f} | {5 * seconds:,.0f}"
            print(f"| {name} | {told} | {cost} |", flush=True)


if __name__ == "__main__":
    main()
