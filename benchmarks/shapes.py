"""What a fleet of the lab is made of, beside real records: event ids, ports, MIME types, sizes of bodies.

    python benchmarks/shapes.py DATA [--hosts 10] [--days 5]

DATA is the folder of test data: Windows events of its otrf/LSASS_campaign_* (a quarter of an hour each, of a
laboratory's host that is attacked) and HTTP of zeek/rita-24h (a laboratory's 24 hours). Shares are percent of all rows
of a kind.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import quantiles

import msgspec

from lodger.lab import write_fleet

_WANTED = 12


class _Event(msgspec.Struct):
    EventID: int
    Channel: str = ""
    DestinationPort: str = ""


def _events(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Each event's log and id, and the port where it is a connection of Sysmon's."""
    decode = msgspec.json.Decoder(_Event).decode
    for line in lines:
        event = decode(line)
        log = event.Channel.partition("/")[0].replace("Microsoft-Windows-", "")
        if log in {"Sysmon", "Security", "System"}:
            yield f"{log} {event.EventID}", event.DestinationPort if log == "Sysmon" and event.EventID == 3 else ""


def _real(data: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(data.glob("otrf/LSASS_campaign_0*/**/*.zip")):
        with zipfile.ZipFile(path) as packed:
            for name in (name for name in packed.namelist() if name.endswith(".json")):
                yield from _events(packed.open(name))


def _made(fleet: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((fleet / "hosts").rglob("*.jsonl.gz")):
        with gzip.open(path) as file:
            yield from _events(file)


def _http(paths: Iterable[Path]) -> Iterator[Mapping[str, str]]:
    """Rows of Zeek's http.log."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            fields: list[str] = []
            for line in file:
                if line.startswith("#fields"):
                    fields = line.rstrip("\n").split("\t")[1:]
                elif not line.startswith("#"):
                    yield dict(zip(fields, line.rstrip("\n").split("\t"), strict=False))


def _table(title: str, real: Counter[str], made: Counter[str]) -> None:
    print(f"\n| {title} | real % | lab % |\n|---|---|---|")
    sums = real.total() or 1, made.total() or 1
    kinds = {kind for count in (real, made) for kind, _ in count.most_common(_WANTED)}
    for kind in sorted(kinds, key=lambda kind: -real[kind] / sums[0] - made[kind] / sums[1]):
        print(f"| {kind} | {100 * real[kind] / sums[0]:.1f} | {100 * made[kind] / sums[1]:.1f} |")


def _sizes(rows: list[Mapping[str, str]]) -> str:
    sizes = [int(row["response_body_len"]) for row in rows if row.get("response_body_len", "-").isdigit()]
    return " / ".join(f"{cut:,.0f}" for cut in quantiles(sizes, n=4))


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--hosts", type=int, default=10)
    parser.add_argument("--days", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        fleet = Path(scratch) / "fleet"
        write_fleet(fleet, seed=1, hosts=chosen.hosts, days=chosen.days, intruders=(), packed=True)
        real, made = list(_real(chosen.data)), list(_made(fleet))
        seen = list(_http(sorted((chosen.data / "zeek" / "rita-24h").glob("http.log.gz"))))
        shown = list(_http(sorted((fleet / "zeek").rglob("http.log.gz"))))
    _table("event", Counter(kind for kind, _ in real), Counter(kind for kind, _ in made))
    _table("port of Sysmon 3", *(Counter(port for _, port in rows if port) for rows in (real, made)))
    _table("MIME type of an answer", *(Counter(row["resp_mime_types"] for row in rows) for rows in (seen, shown)))
    print(f"\nquartiles of answers' bytes: real {_sizes(seen)}, lab {_sizes(shown)}")


if __name__ == "__main__":
    main()
