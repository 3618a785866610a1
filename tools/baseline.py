#!/usr/bin/env python3
"""Makes the shipped baseline of P(finding | ordinary), and the table of it in docs/verdict.md.

    python tools/baseline.py DATA --work DIR [--without SET]... [--out FILE]
    python tools/baseline.py

DATA is a folder with the public recordings that :data:`SETS` names; every set is analysed by itself, in a case below
DIR that a later run takes as it is. Of every detector are counted the program families whose host's sensors could have
shown it, and those that did: a family once, in however many recordings. Left out are the programs that took part in
what was staged in a recording (:data:`STAGED`), and questions of rarity (:data:`RARITY`) but in networks of
:data:`HOSTS` hosts or more: among few hosts everything is rare. The numbers are committed, the recordings are not.

Without DATA, the table is written anew of what is shipped, and detectors that are not in it come in with 0 of 0.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from lodger.evidence import all_detectors
from lodger.lake.tables import Lake
from lodger.verdict.baseline import FORMAT, HEADER_PROGRAMS, Baseline, Counts, Source, encoded, parsed, share
from lodger.workspace import Workspace

ROOT: Final = Path(__file__).parents[1]
BASELINE: Final = ROOT / "src" / "lodger" / "verdict" / "baseline.json"
PAGE: Final = ROOT / "docs" / "verdict.md"
MARKS: Final = ("<!-- shares: written by tools/baseline.py -->\n", "<!-- end of shares -->\n")


@dataclass(frozen=True)
class Set:
    """Recordings of one origin, below DATA at ``name``. ``network`` says that they are of a whole network."""

    name: str
    origin: str
    licence: str
    network: bool = False


_OTRF: Final = ("github.com/OTRF/Security-Datasets", "MIT")
_RITA: Final = ("github.com/activecm/rita", "GPL-3.0")

SETS: Final = (
    *(Set(f"otrf/LSASS_campaign_0{n}", *_OTRF) for n in range(1, 5)),
    # 67 archives of minutes each, of hosts that come again: analysed together, as they lie there
    Set("otrf/atomic", *_OTRF),
    Set("zeek/rita-24h", *_RITA, network=True),
    Set("zeek/rita-json_with_all_fields", *_RITA, network=True),
    Set("zeek/brim-sample", "github.com/brimdata/zed-sample-data", "CC-BY-SA-4.0", network=True),
)

#: Who took part, by the beginning of a set's name, as regular expressions of a program family's name.
STAGED: Final = {
    # ground_truth.yaml, `adversary_view`: the program, what it was unpacked from and loaded, whom it moved into
    # (`migrate`, `getsystem`), the tools that it ran, and the browser that was made to fetch it from its server.
    "otrf/LSASS": (
        r"winx64_payload\.exe$|happy_image\.jpeg\.exe$|\\temp\\[a-z]{6}\.dll$",
        r"\\procdump(64)?\.exe$|\\comsvcs\.dll$|\\svchost\.exe( \((wpnservice|seclogon)\))?$|\\cmd\.exe$",
        r"\\net\.exe$|\\sc\.exe$|\\msedge\.exe$|^network: tcp/(ssl|80|1234|5678)$",
    ),
    # The file names tell the technique and the tool (Empire, Covenant, Metasploit, PurpleSharp, mimikatz, APTSimulator
    # and scripts). They came as files of the user, and used what the system has: shells, script hosts, tools of
    # administrators, and who starts things on the word of another machine. What speaks on the wire is not told apart.
    "otrf/atomic": (
        r"^\\users\\[^\\]*\\(desktop|documents|downloads)\\|\\startup\\|^\\tmp\\|wardog\.exe$|grunthttp2\.exe$|\.vbs$",
        r"\\windows\\[0-9a-f]{11}\.exe$|psexesvc\.exe$|python\.exe$|raccine\.exe$|excel\.exe$|^owershell|csc\.exe$",
        r"\\(powershell|powershell_ise|cmd|mshta|wscript|cscript|rundll32|regsvr32|wmic|bitsadmin|cmstp)\.exe$",
        r"\\(reg|regedit|sc|net|netsh|schtasks|vssadmin|fodhelper|notepad|mmc|taskkill|timeout|ping|whoami)\.exe$",
        r"\\(wmiprvse|wsmprovhost|w3wp|svchost|services|lsass)\.exe$|^system$|^network: ",
    ),
}

#: Hosts that are the staged attacker's own.
ATTACKERS: Final = {"otrf/LSASS": {"10.0.5.13"}}

#: Questions whose answer is how few have it.
RARITY: Final = frozenset(
    {
        "few_go_there",
        "first_in_fleet",
        "new_destination",
        "rare_destination",
        "rare_fingerprint",
        "rare_issuer",
        "rare_signer",
    }
    | {"rare_user_agent", "signer_new_to_fleet", "speaks_unlike_peers", "uploads_unlike_peers"}
)
HOSTS: Final = 5
#: Questions that are silent in fleets of fewer hosts than the number.
SILENT_BELOW: Final = {"autostart_on_few": 20, "unlike_its_signer": 20}

#: The kinds of record of programs that only the network saw.
_NETWORK: Final = frozenset({"connections", "traffic", "handshakes", "lookups"})
#: A version in a path is another version of the same family.
_VERSION: Final = re.compile(r"\d+(?:[._-]\d+)+")

#: By detector: families.
Families = dict[str, set[str]]


@dataclass
class Tally:
    """What a set's recordings told."""

    able: Families = field(default_factory=lambda: defaultdict(set))
    shown: Families = field(default_factory=lambda: defaultdict(set))
    programs: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)


def tallies(data: Path, work: Path, chosen: Sequence[Set] = SETS) -> dict[str, Tally]:
    """Every set's tally, by its name; recordings are analysed below ``work`` where they are not yet."""
    found = {}
    for each in chosen:
        if not (data / each.name).is_dir():
            raise SystemExit(f"{data} has nothing at {each.name}")
        case = work / each.name.replace("/", "-")
        _analyse(data / each.name, case)
        found[each.name] = _tally(each, Lake(case))
    return found


def _analyse(recordings: Path, case: Path) -> None:
    done = case.with_name(f"{case.name}.done")
    if not done.exists():
        workspace = Workspace.create_or_open(case)
        workspace.ingest([recordings])
        workspace.analyse()
        done.touch()


def _kept(lake: Lake, name: str, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(lake.findings_files(name), columns=list(columns)).to_pylist()
    return rows


def _tally(of: Set, lake: Lake) -> Tally:
    stays = _kept(lake, "stay", "stay_id", "host", "program", "kind")
    kinds = _by((row["host"], row["kind"]) for row in _kept(lake, "coverage", "host", "kind"))
    weighed = _kept(lake, "evidence", "stay_id", "detector", "kin")
    found = _by((row["stay_id"], row["detector"]) for row in weighed if row["kin"] is None)  # its own, not its kin's
    hosts = {stay["host"] for stay in stays}
    fewest = dict.fromkeys(RARITY, HOSTS) | SILENT_BELOW
    asked = [
        each
        for each in all_detectors()
        if not each.detector.outside
        if each.id not in fewest or (of.network and len(hosts) >= fewest[each.id])
    ]
    tally = Tally(hosts=hosts)
    for stay in stays:
        if stay["program"] is None:  # only the network saw something there
            continue
        family = _VERSION.sub("*", stay["program"])
        tally.programs.add(family)
        if staged(of.name, stay["host"], family):
            tally.left_out.add(family)
            continue
        for each in asked:
            needs, network = each.detector.needs, stay["kind"] == "network"
            if needs <= kinds[stay["host"]] and (not network or needs <= _NETWORK):
                tally.able[each.id].add(family)
                if each.id in found[stay["stay_id"]]:
                    tally.shown[each.id].add(family)
    return tally


def _by(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    sets: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        sets[key].add(value)
    return sets


def staged(name: str, host: str, family: str) -> bool:
    """Whether a program of a set took part in what was staged there."""
    hosts = next((there for start, there in ATTACKERS.items() if name.startswith(start)), set())
    parts = next((parts for start, parts in STAGED.items() if name.startswith(start)), ())
    return host in hosts or any(re.search(part, family) for part in parts)


def made(found: Mapping[str, Tally], chosen: Sequence[Set] = SETS) -> Baseline:
    """The baseline of these sets."""
    counts = {}
    for each in all_detectors():
        able = set[str]().union(*(tally.able[each.id] for tally in found.values()))
        shown = set[str]().union(*(tally.shown[each.id] for tally in found.values()))
        counts[each.id] = Counts(len(able), len(shown))
    sources = [_source(each, found[each.name]) for each in chosen]
    return Baseline(FORMAT, "tools/baseline.py", tuple(sources), counts)


def _source(of: Set, tally: Tally) -> Source:
    return Source(of.name, of.origin, of.licence, len(tally.hosts), len(tally.programs), len(tally.left_out))


def completed(content: Baseline) -> Baseline:
    """``content`` with 0 of 0 for detectors that it does not have, and without those that are gone."""
    counts = {each.id: content.detectors.get(each.id, Counts()) for each in all_detectors()}
    return Baseline(content.lodger_baseline, content.made_by, content.sets, counts)


def table(content: Baseline) -> Iterator[str]:
    """Markdown: the sets, then every detector of which there are public counts."""
    yield "| public recordings | from (licence) | hosts | program families | of them left out |"
    yield "|---|---|---|---|---|"
    for each in content.sets:
        yield f"| {each.name} | {each.origin} ({each.licence}) | {each.hosts} | {each.programs} | {each.left_out} |"
    yield ""
    yield "| detector | header | public programs | (header · 50 + shown) / (50 + programs) | shipped |"
    yield "|---|---|---|---|---|"
    for found in all_detectors():
        header, counts = found.detector.p_ordinary, content.detectors[found.id]
        if counts.programs:
            learned = (header * HEADER_PROGRAMS + counts.shown) / (HEADER_PROGRAMS + counts.programs)
            told = f"{counts.shown} of {counts.programs}"
            yield f"| `{found.id}` | {header:g} | {told} | {learned:.3g} | {share(header, counts):.3g} |"
    silent = [f"`{found.id}`" for found in all_detectors() if not content.detectors[found.id].programs]
    yield ""
    yield f"The headers alone stand for {', '.join(silent)}."


def page(content: Baseline) -> str:
    """docs/verdict.md with the table of ``content`` in its place."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return "".join((before, MARKS[0], "\n".join(table(content)), "\n", MARKS[1], after))


def main() -> None:
    """Make the baseline, or the table of the shipped one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", help="the folder of public recordings")
    parser.add_argument("--work", type=Path, help="a directory for the cases")
    parser.add_argument("--without", action="append", default=[], metavar="SET", help="leave this set out")
    parser.add_argument("--out", type=Path, default=BASELINE, help="where to write it; else where it is shipped")
    given = parser.parse_args()
    if given.data is None:
        content = completed(parsed(BASELINE.read_bytes(), BASELINE.name))
    elif given.work is None:
        parser.error("DATA needs --work DIR")
    else:
        chosen = [each for each in SETS if each.name not in given.without]
        content = made(tallies(given.data, given.work, chosen), chosen)
    given.out.write_bytes(encoded(content))
    if given.out == BASELINE:
        PAGE.write_text(page(content), encoding="utf-8")


if __name__ == "__main__":
    main()
