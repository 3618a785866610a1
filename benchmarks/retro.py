"""How long a new statement takes to find what it touches, on a lake of many signature observations.

``python benchmarks/retro.py [--observations 10000000] [--folder DIR]`` writes what a fleet's sensors say of loaded
programs, rolls it up with the analysis's own step, and asks ``touched`` for one statement at a time: by name, by
thumbprint, by file hash, by a name that nobody has, and for a list of 3,500 certificates of which five are met here.
Then all that ``lodger trust revoke`` does in memory: touch, ask the ledger's questions of 400,000 stays again, rank.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lodger import evidence, ledger
from lodger.engine.duckdb import DuckDB
from lodger.model.trust import Kind, Statement
from lodger.workspace import learning

T = TypeVar("T")
START: Final = datetime(2024, 1, 1)  # noqa: DTZ001 (UTC, as in the lake)
HOSTS: Final = 1000
PROGRAMS: Final = 1500  # files in the whole fleet; each host has 400 of them
ON_HOST: Final = 400
SIGNERS: Final = 300
BATCH: Final = 500_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--observations", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        engine = DuckDB(Path(folder))
        files = timed("write observations", lambda: list(_observations(Path(folder), arguments.observations)))
        engine.scan("heard", files, pq.read_schema(files[0]))
        timed("roll up, once an analysis", lambda: _roll_up(engine))
        (rows,) = engine.query("SELECT COUNT(*) AS rows FROM signature").to_pylist()
        print(f"{arguments.observations:,} observations -> {rows['rows']:,} rows of signature")
        for what, statements in _questions():
            engine.load("statement", ledger.rows([ledger.identified(each) for each in statements]))
            timed(what, lambda: evidence.touch(engine))
            (found,) = engine.query(
                "SELECT COUNT(DISTINCT host) AS hosts, COUNT(stay_id) AS stays FROM touched"
            ).to_pylist()
            print(f"    touches {found['stays']:,} stays on {found['hosts']:,} hosts")
        _keep(engine)
        statements = ledger.rows([ledger.identified(each) for each in next(_questions())[1]])
        timed("one signer revoked, and all ranked anew", lambda: learning.again(engine, statements))
        engine.close()


def timed(what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = work()
    print(f"{what:45} {time.perf_counter() - began:7.2f} s", flush=True)
    return result


def _observations(folder: Path, count: int) -> Iterator[str]:
    """Loads as the analysis sees them before its roll-up: host, program, file, what was said, when."""
    rng = np.random.default_rng(1)
    names = pa.array([f"\\program files\\vendor{n % SIGNERS}\\program{n}.exe" for n in range(PROGRAMS)])
    hashes = pa.array([f"SHA1={n:040X},MD5={n:032X},SHA256={n:064X}" for n in range(PROGRAMS)])
    signers = pa.array([f"Vendor {n % SIGNERS} Ltd" for n in range(PROGRAMS)])
    hosts = pa.array([f"host{n:04}.example" for n in range(HOSTS)])
    begin = np.datetime64(START, "us")
    for number, first in enumerate(range(0, count, BATCH)):
        size = min(BATCH, count - first)
        host = rng.integers(0, HOSTS, size)
        program = (host * 7 + rng.integers(0, ON_HOST, size)) % PROGRAMS
        when = begin + rng.integers(0, 14 * 86_400, size).astype("timedelta64[s]")
        table = pa.table(
            {
                "host": hosts.take(pa.array(host)),
                "program": names.take(pa.array(program)),
                "hashes": hashes.take(pa.array(program)),
                "signer": signers.take(pa.array(program)),
                "time": pa.array(when, pa.timestamp("us")),
                "ref": pa.array([f"log:{n}" for n in range(first, first + size)]),
            }
        )
        path = folder / f"{number}.parquet"
        pq.write_table(table, path, compression="zstd")
        yield str(path)


def _roll_up(engine: DuckDB) -> None:
    """The second half of the analysis's step; the first joins each load with the name of its program."""
    step = (resources.files("lodger.stays") / "signature.sql").read_text(encoding="utf-8")
    rolled = step[step.index("rolled AS (") :]
    texts = ("by_program", "issuer", "serial", "authentihash")
    nulls = [*(f"CAST(NULL AS VARCHAR) AS {name}" for name in texts)]
    nulls += [f"CAST(NULL AS TIMESTAMP) AS {name}" for name in ("compiled", "signed_at")]
    told = ["'programs' AS place", "'image' AS role", "TRUE AS is_signed", "'Valid' AS status", "'sysmon' AS sensor"]
    read = ["host", "program", "program AS path", "hashes", "signer", "time", "ref"]
    columns = ", ".join([*read, *told, *nulls, "lower(substr(hashes, 6, 40)) AS thumbprint"])
    select = f"WITH said AS (SELECT {columns} FROM heard), "  # noqa: S608
    engine.create("signature", select + rolled.replace("FROM heard", "FROM said"))
    engine.create(
        "stay",
        "SELECT DISTINCT host, program, substr(sha256(host || '|' || program), 1, 12) AS stay_id FROM signature",
    )


def _keep(engine: DuckDB) -> None:
    """What an analysis keeps beside: lives, hosts, and a piece of evidence on every tenth stay."""
    engine.create(
        "stay",
        "SELECT stay_id, host, program, program AS path, 'process' AS kind, 'programs' AS place, 'plain' AS role,"
        " CAST(NULL AS VARCHAR) AS company_name, CAST(NULL AS TIMESTAMP) AS arrival,"
        " CAST(NULL AS TIMESTAMP) AS departure, CAST(NULL AS VARCHAR) AS arrival_how,"
        " TIMESTAMP '2024-01-01' AS first_seen, TIMESTAMP '2024-01-14' AS last_seen"
        " FROM stay",
    )
    engine.create(
        "host_span",
        "SELECT host, min(first_seen) AS first_heard, max(last_seen) AS last_heard FROM stay GROUP BY host",
    )
    engine.create(
        "coverage", "SELECT host, 'modules' AS kind FROM host_span UNION ALL SELECT host, 'launches' FROM host_span"
    )
    engine.load(
        "main_contact",
        pa.table({"stay_id": pa.array([], pa.string()), "contacts": pa.array([], pa.list_(pa.string()))}),
    )
    engine.create(
        "kept_evidence",
        "SELECT stay_id, 'set_up_autostart' AS detector, first_seen AS first, last_seen AS last, 'set up' AS sentence,"
        " list_value('log:1') AS refs, CAST(1 AS BIGINT) AS records FROM stay WHERE stay_id LIKE '0%'",
    )


def _questions() -> Iterator[tuple[str, list[Statement]]]:
    known = START + timedelta(days=50)

    def one(what: str, kind: Kind, **about: str) -> tuple[str, list[Statement]]:
        return what, [Statement(kind, "benchmark", known, START, **about)]  # type: ignore[arg-type]

    yield one("one signer revoked, by name", Kind.REVOKED, signer="Vendor 7 Ltd")
    yield one("one certificate revoked, by thumbprint", Kind.REVOKED, thumbprint=f"{7:040x}")
    yield one("one file malicious, by hash", Kind.MALICIOUS, sha256=f"{7:064x}")
    yield one("one signer whom nobody has", Kind.ABUSED, signer="Nobody Ltd")
    names = [f"Vendor {n} Ltd" if n < 5 else f"Firm {n} Ltd" for n in range(3500)]
    many = [
        Statement(Kind.ABUSED, "a list", known, START, serial=f"{n:x}", signer=name) for n, name in enumerate(names)
    ]
    yield "a list of 3,500 certificates", many


if __name__ == "__main__":
    main()
