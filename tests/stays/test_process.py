"""Who ran, whose child it was, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.analysis.records import (
    CHROME,
    CMD,
    EXPLORER,
    POWERSHELL,
    SERVICES,
    SVCHOST,
    Process,
    Record,
    analysed,
    at,
    audited_connection,
    audited_launch,
    ended,
    launched,
    rows_of,
    wrote,
)

from lodger.engine.duckdb import DuckDB

WHOAMI = r"C:\Windows\System32\whoami.exe"
A = r"C:\Users\ann\Downloads\a.exe"
NOBODY = "{00000000-0000-0000-0000-000000000000}"


def uid(process: Process) -> str:
    return process.guid.strip("{}")


# Instances


def _instances() -> list[Record]:
    rows = []
    for host in ("sysmon", "both"):
        rows += [launched(Process(host, A), at(hours=1), line="a.exe -x"), ended(Process(host, A), at(hours=2))]
    rows += [audited_launch(Process("both", A), at(hours=1, seconds=3), line="a.exe -x")]
    rows += [audited_launch(Process("both", A), at(hours=5), line="again")]  # the number was given again
    for hour in (1, 3):  # a parent, and later another with the same number
        rows += [audited_launch(Process("audit", CMD), at(hours=hour))]
        rows += [audited_launch(Process("audit", A), at(hours=hour, minutes=5), parent=Process("audit", CMD))]
    bare = uid(Process("spelling", A)).lower()
    rows += [
        launched(Process("spelling", A), at(hours=1)),
        ended(Process("spelling", A), at(hours=2), ProcessGuid=bare),
    ]
    rows += [wrote(Process("running", A), at(hours=4), r"C:\x"), wrote(Process("running", A), at(hours=6), r"C:\y")]
    rows += [launched(Process("running", CMD), at(hours=5), Process("running", A), ParentCommandLine="a.exe -y")]
    rows += [wrote(Process("nobody", A), at(hours=4), r"C:\x", ProcessGuid=NOBODY)]
    return rows


@pytest.fixture(scope="module")
def instances() -> Iterator[DuckDB]:
    engine = analysed(_instances(), "stays")
    yield engine
    engine.close()


def known(engine: DuckDB, host: str, image: str = A) -> list[dict[str, Any]]:
    columns = "uid, cmd_line, start, first_seen, last_seen, ended, parent_uid"
    select = f"SELECT {columns} FROM process WHERE host = '{host}' AND path = '{image}' ORDER BY first_seen"  # noqa: S608
    return rows_of(engine, select)


def instance(uid: str, line: str | None, *times: datetime | None, parent: str | None = None) -> dict[str, Any]:
    keys = ("start", "first_seen", "last_seen", "ended")
    return {"uid": uid, "cmd_line": line, **dict(zip(keys, times, strict=True)), "parent_uid": parent}


def test_what_sysmon_tells_of_a_process_is_one_instance(instances: DuckDB) -> None:
    process = Process("sysmon", A)
    span = (at(hours=1), at(hours=1), at(hours=2), at(hours=2))
    parent = uid(Process("sysmon", EXPLORER))
    assert known(instances, "sysmon") == [instance(uid(process), "a.exe -x", *span, parent=parent)]


def test_what_both_logs_tell_of_is_one_instance_and_its_number_given_again_is_another(
    instances: DuckDB,
) -> None:
    first, second = known(instances, "both")
    assert first == {**known(instances, "sysmon")[0], "uid": uid(Process("both", A)), "parent_uid": first["parent_uid"]}
    assert second["uid"].startswith("launch:log:")
    assert (second["cmd_line"], second["start"]) == ("again", at(hours=5))


def test_a_number_means_the_instance_that_had_it_last(instances: DuckDB) -> None:
    shells = known(instances, "audit", CMD)
    programs = known(instances, "audit")
    assert [shell["start"] for shell in shells] == [at(hours=1), at(hours=3)]
    assert [program["parent_uid"] for program in programs] == [shell["uid"] for shell in shells]


def test_one_id_in_two_spellings_is_one_instance(instances: DuckDB) -> None:
    assert [row["ended"] for row in known(instances, "spelling")] == [at(hours=2)]


def test_what_ran_before_the_records_begin_is_known_by_what_it_did_and_what_its_children_tell(
    instances: DuckDB,
) -> None:
    span = (None, at(hours=4), at(hours=6), None)
    assert known(instances, "running") == [instance(uid(Process("running", A)), "a.exe -y", *span)]


def test_the_null_id_is_nobody(instances: DuckDB) -> None:
    assert known(instances, "nobody") == []


# Lineage


class Family:
    """Processes of one host under short names, each launched a minute after the one before it."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.rows: list[Record] = []
        self.by_uid: dict[str, str] = {}

    def process(self, nick: str, image: str) -> Process:
        found = Process(self.host, image, nick)
        self.by_uid[uid(found)] = nick
        return found

    def launch(self, nick: str, image: str, parent: Process | None, line: str | None = None, **fields: Any) -> Process:
        child = self.process(nick, image)
        self.rows.append(launched(child, at(minutes=len(self.rows)), parent or child, line, **fields))
        return child


def _families() -> dict[str, Family]:
    families = {
        name: Family(name) for name in ("desk", "shell", "system", "opener", "dropped", "strange", "deep", "body")
    }
    f = families["desk"]
    desktop = f.process("desktop", EXPLORER)
    a = f.launch("a", A, desktop)
    shell = f.launch("its shell", CMD, a)
    f.launch("tool", WHOAMI, shell)
    f.launch("b", r"C:\Users\ann\b.exe", shell)

    f = families["shell"]
    shell = f.launch("shell", CMD, f.process("desktop", EXPLORER))
    f.launch("tool", WHOAMI, shell)
    f.launch("a", A, shell)
    nested = f.launch("nested", POWERSHELL, shell)
    f.launch("tool of nested", WHOAMI, nested)

    f = families["system"]
    services = f.process("services", SERVICES)
    shell = f.launch("shell", CMD, services)
    f.launch("tool", WHOAMI, shell)
    f.launch("service", r"C:\Program Files\Foo\a.exe", services)
    host = f.launch("scheduler", SVCHOST, services, "svchost.exe -k netsvcs -s Schedule")
    f.launch("job", A, host)

    f = families["opener"]
    browser = f.launch("browser", CHROME, f.process("desktop", EXPLORER))
    f.launch("tool", CMD, browser)
    download = f.launch("download", A, browser)
    f.launch("tool of download", WHOAMI, download)
    f.launch("renderer", CHROME, browser, "chrome.exe --type=renderer")

    f = families["dropped"]
    services, desktop = f.process("services", SERVICES), f.process("desktop", EXPLORER)
    writer, browser = f.launch("writer", A, desktop), f.launch("browser", CHROME, desktop)
    for number, (actor, folder, minutes) in enumerate(
        [
            (writer, r"C:\Windows\Temp", 9),
            (writer, r"C:\Windows\Temp", 11),
            (writer, r"C:\Windows\System32", 1),
            (writer, r"C:\Program Files\Foo", 1),
            (browser, r"C:\Windows\Temp", 1),
            (desktop, r"C:\Windows\Temp", 1),
        ]
    ):
        path = rf"{folder}\d{number}.exe"
        child = f.process(f"d{number}", path)
        f.rows.append(wrote(actor, at(hours=2), path))
        f.rows.append(launched(child, at(hours=2, minutes=minutes), services))
    tool = f.process("person's", r"C:\Windows\Temp\p.exe")
    f.rows += [wrote(writer, at(hours=2), tool.image), launched(tool, at(hours=2, minutes=1), desktop)]

    f = families["strange"]
    one, two = f.process("one", A), f.process("two", CMD)
    f.rows += [launched(one, at(), two), launched(two, at(), one)]
    itself = f.process("itself", r"C:\Users\ann\self.exe")
    f.rows += [launched(itself, at(), itself)]
    f.launch("child", r"C:\Users\ann\child.exe", itself)

    f = families["deep"]
    above = f.process("desktop", EXPLORER)
    for number in range(40):
        above = f.launch(f"p{number}", rf"C:\Users\ann\p{number}.exe", above)

    f = families["body"]
    script = r"C:\Users\ann\x.vbs"
    host = f.launch(
        "script", r"C:\Windows\System32\wscript.exe", f.process("desktop", EXPLORER), f"wscript.exe {script}"
    )
    f.launch("tool", WHOAMI, host)
    return families


@pytest.fixture(scope="module")
def families() -> Mapping[str, Family]:
    return _families()


@pytest.fixture(scope="module")
def lineage(families: Mapping[str, Family]) -> Iterator[DuckDB]:
    engine = analysed([row for family in families.values() for row in family.rows], "stays")
    yield engine
    engine.close()


def answers(engine: DuckDB, family: Family) -> dict[str, set[str]]:
    """Each process, with the programs of others that it acts for; a tool without any life of its own is '-'."""
    acting = rows_of(engine, f"SELECT uid, program, distance FROM acting WHERE host = '{family.host}'")  # noqa: S608
    lives = rows_of(engine, f"SELECT uid, program, tool FROM lineage WHERE host = '{family.host}'")  # noqa: S608
    assert len({row["uid"] for row in lives}) == len(lives)
    assert {(row["uid"], row["program"]) for row in acting if row["distance"] == 0} == {
        (row["uid"], row["program"]) for row in lives if not row["tool"]
    }
    own = {row["uid"]: row["program"] for row in lives}
    result = {family.by_uid[row["uid"]]: ({"-"} if row["tool"] else set[str]()) for row in lives}
    for row in acting:
        if row["program"] != own[row["uid"]]:
            result[family.by_uid[row["uid"]]].add(row["program"].rpartition("\\")[2])
    return result


def test_a_program_answers_for_its_tools_and_theirs_and_the_desktop_for_nothing(
    lineage: DuckDB, families: Mapping[str, Family]
) -> None:
    assert answers(lineage, families["desk"]) == {
        "desktop": set(),
        "a": set(),
        "its shell": {"-", "a.exe"},
        "tool": {"-", "a.exe"},
        "b": {"a.exe"},
    }


def test_in_a_shell_from_the_desktop_a_person_acts(lineage: DuckDB, families: Mapping[str, Family]) -> None:
    assert answers(lineage, families["shell"]) == {
        "desktop": set(),
        "shell": set(),
        "tool": set(),
        "a": set(),
        "nested": set(),
        "tool of nested": set(),
    }


def test_a_shell_that_a_service_starts_answers_like_any_program_and_launchers_do_not(
    lineage: DuckDB, families: Mapping[str, Family]
) -> None:
    assert answers(lineage, families["system"]) == {
        "services": set(),
        "shell": set(),
        "tool": {"-", "cmd.exe"},
        "service": set(),
        "scheduler": set(),
        "job": set(),
    }


def test_an_opener_answers_for_the_systems_tools_and_not_for_what_a_person_opens_with_it(
    lineage: DuckDB, families: Mapping[str, Family]
) -> None:
    assert answers(lineage, families["opener"]) == {
        "desktop": set(),
        "browser": set(),
        "tool": {"-", "chrome.exe"},
        "download": set(),
        "tool of download": {"-", "a.exe"},
        "renderer": set(),
    }


def test_a_dropped_file_that_the_service_manager_starts_soon_is_its_writers(
    lineage: DuckDB, families: Mapping[str, Family]
) -> None:
    assert answers(lineage, families["dropped"]) == {
        "services": set(),
        "desktop": set(),
        "writer": set(),
        "browser": set(),
        "d0": {"a.exe"},
        "d1": set(),  # later than ten minutes
        "d2": set(),  # where only administrators write
        "d3": set(),
        "d4": set(),  # a person's download
        "d5": set(),
        "person's": set(),  # a person started it
    }


def test_a_script_answers_for_what_its_host_starts(lineage: DuckDB, families: Mapping[str, Family]) -> None:
    assert answers(lineage, families["body"]) == {"desktop": set(), "script": set(), "tool": {"-", "x.vbs"}}


def test_strange_families_neither_hang_nor_vanish(lineage: DuckDB, families: Mapping[str, Family]) -> None:
    assert answers(lineage, families["strange"]) == {"one": set(), "two": set(), "itself": set(), "child": {"self.exe"}}


def test_a_long_chain_is_all_there_and_counts_for_its_nearest_sixteen(
    lineage: DuckDB, families: Mapping[str, Family]
) -> None:
    found = answers(lineage, families["deep"])
    assert len(found) == 41
    assert found["p10"] == {f"p{number}.exe" for number in range(10)}
    assert found["p31"] == {f"p{number}.exe" for number in range(15, 31)}
    assert found["p32"] == set()


def test_a_connection_that_only_the_audit_log_saw_belongs_to_the_last_process_with_its_number() -> None:
    first, second = (audited_launch(Process("ws", A), at(hours=hour)) for hour in (1, 3))
    rows = [audited_connection(Process("ws", A), at(hours=hour), "192.0.2.1") for hour in (0, 2, 4)]
    engine = analysed([first, second, *rows], "stays")
    found = rows_of(engine, "SELECT time, uid FROM host_connection ORDER BY time")
    assert [(row["time"], row["uid"]) for row in found] == [
        (at(), None),
        (at(hours=2), "launch:" + first.ref),
        (at(hours=4), "launch:" + second.ref),
    ]
    engine.close()
