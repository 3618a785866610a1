"""The place of a program that waits among all programs of a real network, by the product's whole ranking.

    python benchmarks/planted.py DATA [--seed 1] [--browser | --address] [--sleeps HOURS ...]

DATA is a folder that holds `zeek/rita-24h/http.log.gz`, a day of ten scripted hosts and three others. For each sleep
and jitter the requests of one program that waits (`lodger.lab.checkins`) are added to the log of one of the scripted
hosts: by an agent of its own to a name, or (--address) to a bare address, or (--browser) by the agent of the host's
browser, whose stay then bears both. The whole is ingested, analysed and ranked as `lodger hunt` does. Told are the
program's weight and rank, and who of the network's own is above it or level with it. A program of fewer than four calls
in the log cannot be judged by its times at all.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lodger.lab.checkins import DAY, HOUR, Scenario, jittered, times
from lodger.workspace import Workspace

SLEEPS = (1 / 60, 1 / 6, 1.0, 2.0, 4.0, 6.0)
JITTERS = (0.0, 0.1, 0.3, 0.5, 0.9)
HOST = "10.55.100.105"
PLACE = "sync.planted.example"
ADDRESS = "203.0.113.80"
AGENT = "Mozilla/5.0 (compatible; planted)"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"


@dataclass(frozen=True)
class Ranked:
    """A program's place: its rank (0 where it has none), weight, and the others that are not below it."""

    rank: int
    weight: float
    others: tuple[str, ...]
    told: str


def requests(
    rng: np.random.Generator, fields: list[str], begin: float, calls: np.ndarray, *, agent: str, place: str
) -> list[str]:
    """Lines of the log, of requests at these seconds after its beginning."""
    lines = []
    for number, call in enumerate(calls):
        values = {
            "ts": f"{begin + call:.6f}", "uid": f"CPlanted{number:09d}", "id.orig_h": HOST,
            "id.orig_p": str(50_000 + number % 15_000), "id.resp_h": ADDRESS, "id.resp_p": "80", "trans_depth": "1",
            "method": "GET", "host": place, "uri": "/news/index", "version": "1.1", "user_agent": agent,
            "request_body_len": "0", "response_body_len": str(int(rng.normal(400, 8))), "status_code": "200",
            "status_msg": "OK", "tags": "(empty)",
        }  # fmt: skip
        lines.append("\t".join(values.get(field, "-") for field in fields) + "\n")
    return lines


def _log(path: Path) -> tuple[list[str], list[str]]:
    """The lines above the records, and the records, of a log of Zeek's."""
    with gzip.open(path, "rt") as file:
        lines = file.readlines()
    return [line for line in lines if line.startswith("#")], [line for line in lines if not line.startswith("#")]


def ranked(folder: Path, head: list[str], records: list[str], agent: str) -> Ranked:
    """Ingest, analyse and rank one log."""
    folder.mkdir()
    with gzip.open(folder / "http.log.gz", "wt", compresslevel=1) as file:
        file.writelines(head[:-1] if head[-1].startswith("#close") else head)
        file.writelines(sorted(records, key=lambda line: float(line.split("\t", 1)[0])))
    workspace = Workspace.create_or_open(folder / "case")
    workspace.ingest([folder / "http.log.gz"])
    workspace.analyse()
    cases = workspace.cases().to_pylist()
    own = next((each for each in cases if each["host"] == HOST and each["program"].endswith(agent)), None)
    if own is None:
        return Ranked(0, 0.0, (), "")
    others = [each for each in cases if each is not own and each["weight_db"] >= own["weight_db"]]
    return Ranked(
        own["rank"],
        own["weight_db"],
        tuple(f"{each['host']} {each['program'][-30:]} {each['weight_db']:.1f} dB" for each in others),
        own["story"],
    )


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--address", action="store_true")
    parser.add_argument("--jitters", type=float, nargs="+", default=JITTERS)
    parser.add_argument("--sleeps", type=float, nargs="+", default=SLEEPS, help="hours")
    chosen = parser.parse_args()
    head, records = _log(chosen.data / "zeek" / "rita-24h" / "http.log.gz")
    fields = next(line for line in head if line.startswith("#fields")).rstrip("\n").split("\t")[1:]
    begin = min(float(line.split("\t", 1)[0]) for line in records)
    place = ADDRESS if chosen.address else PLACE
    agent = BROWSER if chosen.browser else AGENT
    print("| sleep | jitter | calls | rank | weight, dB | others not below | told |\n|---|---|---|---|---|---|---|")
    for sleep in chosen.sleeps:
        for jitter in chosen.jitters:
            rng = np.random.default_rng([chosen.seed, zlib.crc32(f"{sleep} {jitter}".encode())])
            calls = times(rng, Scenario(jittered(sleep * HOUR, jitter), 1))
            calls = calls[calls < DAY]
            with tempfile.TemporaryDirectory() as scratch:
                planted = requests(rng, fields, begin, calls, agent=agent, place=place)
                found = ranked(Path(scratch) / "log", head, records + planted, agent)
            told = "; ".join(found.others[:4]) or "none"
            numbers = f"{len(calls)} | {found.rank} | {found.weight:.1f}"
            print(f"| {sleep * 60:.0f} min | {jitter} | {numbers} | {told} | {found.told[:160]} |", flush=True)


if __name__ == "__main__":
    main()
