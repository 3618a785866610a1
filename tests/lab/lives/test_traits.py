"""A fleet with a life of every family: all of it is read, and what the traits say is in the records."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from lodger.lab import Intruder, Scenario, Truth, is_intruders, write_fleet
from lodger.lab.lives import named
from lodger.lab.lives.scenario import Blind
from lodger.workspace import Workspace

DAYS = 8
WANTED = (
    "duqu2011-36d-1s-peers",
    "usb-1",
    "update-server-1",
    "stolen-password-1",
    "download-1",
    "sideload-1",
    "task-1",
    "no-persistence-1",
    "own-certificate-1",
    "unsigned-1",
    "long-lived-1",
    "many-names-1",
    "pdf-1",
    "tls-1",
    "fast-1",
    "evasive-all",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    out = tmp_path_factory.mktemp("traits") / "fleet"
    return out, write_fleet(out, seed=1, hosts=16, days=DAYS, intruders=[named(name) for name in WANTED])


@pytest.fixture(scope="module")
def case(written: tuple[Path, Truth], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.create_or_open(tmp_path_factory.mktemp("traits") / "case")
    summary = workspace.ingest([written[0]])
    assert summary.problems == ()
    assert sum(source.aside for source in summary.sources) == 0
    return workspace


@pytest.fixture(scope="module")
def lives(written: tuple[Path, Truth]) -> dict[str, Intruder]:
    return {one.name: one for one in written[1].intruders}


def rows(case: Workspace, life: Intruder, view: str, where: str) -> list[dict[str, object]]:
    """Rows of an OCSF view that the first host of a life told."""
    name = life.hosts[0].lower()
    query = f"SELECT * FROM {view} WHERE lower(device_hostname) LIKE '{name}%' AND ({where})"  # noqa: S608 - our own
    return list(case.sql(query).to_pylist())


def installer(life: Intruder) -> str:
    """Of the files of a life the one that was told last."""
    return [where.path for where in life.programs if where.path.endswith(".exe")][-1]


def starts(case: Workspace, life: Intruder, path: str) -> list[dict[str, object]]:
    """Sysmon's records of its starts."""
    where = f"process_file_path = '{path}' AND sensor = 'sysmon' AND activity_name = 'Launch'"
    return rows(case, life, "process_activity", where)


def test_every_life_came(lives: dict[str, Intruder]) -> None:
    assert set(lives) == set(WANTED)
    assert all(one.traits == named(one.name).traits() for one in lives.values())


def test_what_stays_ran_on_its_host_from_its_arrival_on(case: Workspace, lives: dict[str, Intruder]) -> None:
    for life in lives.values():
        found = rows(case, life, "process_activity", f"process_file_path = '{life.programs[0].path}'")
        assert found, life.name
        assert min(str(row["time"])[:10] for row in found) >= life.arrival[:10]


def test_a_stick_is_a_drive_of_its_own(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["usb-1"]
    assert rows(case, life, "process_activity", "process_file_path LIKE 'E:%'")
    assert rows(case, life, "registry_activity", "reg_path LIKE '%USBSTOR%'")


def test_a_password_is_a_logon_over_the_network_and_a_service(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["stolen-password-1"]
    logons = rows(case, life, "authentication", "logon_type_id = 3")
    assert ("adm.service", "NTLM") in {(row["user_name"], row["auth_protocol_name"]) for row in logons}
    path = installer(life)
    assert rows(case, life, "service_activity", f"service_file_path = '{path}'")
    (start,) = starts(case, life, path)
    assert str(start["actor_process_file_path"]).endswith("services.exe")


def test_an_update_comes_from_an_ordinary_programs_updater(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["update-server-1"]
    found = starts(case, life, installer(life))
    assert {row["actor_process_file_path"] for row in found} <= {where.path for where in life.touched}
    assert len(found) == 1


def test_a_side_loaded_library_is_in_an_ordinary_signed_program(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["sideload-1"]
    library = next(where.path for where in life.programs if where.path.endswith(".dll"))
    loads = rows(case, life, "module_activity", f"module_file_path = '{library}'")
    assert {row["process_file_path"] for row in loads} == {life.programs[0].path}
    itself = rows(case, life, "module_activity", f"module_file_path = '{life.programs[0].path}'")
    assert {row["module_file_signature_status"] for row in itself} == {"Valid"}


def test_a_task_is_started_by_the_scheduler(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["task-1"]
    assert rows(case, life, "file_activity", "file_path LIKE 'C:%Tasks%' AND activity_name = 'Create'")
    parents = {str(row["actor_process_file_path"]) for row in starts(case, life, life.programs[0].path)}
    assert parents == {"C:\\Windows\\System32\\svchost.exe"}


def test_an_own_certificate_is_valid_because_its_root_was_put_there(
    case: Workspace, lives: dict[str, Intruder]
) -> None:
    life = lives["own-certificate-1"]
    assert rows(case, life, "registry_activity", "reg_path LIKE '%SystemCertificates%ROOT%'")
    loads = rows(case, life, "module_activity", f"module_file_path = '{life.programs[0].path}'")
    assert {(row["module_file_signature_signer"], row["module_file_signature_status"]) for row in loads} == {
        (life.signer, "Valid")
    }


def test_what_is_unsigned_says_so(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["unsigned-1"]
    loads = rows(case, life, "module_activity", f"module_file_path = '{life.programs[0].path}'")
    assert {row["module_file_is_signed"] for row in loads} == {False}
    assert life.signer == ""
    assert life.revocation is None


def wire(case: Workspace, life: Intruder, view: str) -> list[dict[str, object]]:
    """What Zeek saw of calls to a life's servers."""
    places = ", ".join(f"'{place}'" for place in life.destinations)
    query = f"SELECT * FROM {view} WHERE sensor = 'zeek' AND dst_endpoint_ip IN ({places})"  # noqa: S608 - our own
    return list(case.sql(query).to_pylist())


def test_a_long_lived_connection_lasts_for_hours(case: Workspace, lives: dict[str, Intruder]) -> None:
    found = wire(case, lives["long-lived-1"], "network_activity")
    assert found
    assert max(float(str(row["duration_seconds"])) for row in found) > 4 * 3600


@pytest.mark.parametrize(("name", "kind"), [("pdf-1", "application/pdf"), ("duqu2011-36d-1s-peers", "image/jpeg")])
def test_what_goes_in_the_clear_looks_like_its_kind(
    case: Workspace, lives: dict[str, Intruder], name: str, kind: str
) -> None:
    found = wire(case, lives[name], "http_activity")
    assert {str(row["http_request_method"]) for row in found} == {"GET", "POST"}
    assert {str(row["http_response_mime_types"]) for row in found} == {f"['{kind}']"}


def test_bodies_that_were_carved_are_what_they_seem_with_more_behind(written: tuple[Path, Truth]) -> None:
    bodies = [path.read_bytes() for path in sorted(written[0].glob("zeek/*/extract_files/*"))]
    pictures = [body for body in bodies if body.startswith(b"\xff\xd8")]
    assert len(pictures) >= 3
    assert all(b"\xff\xd9" in body for body in pictures)


def test_many_names_are_called_in_turn(case: Workspace, lives: dict[str, Intruder]) -> None:
    life = lives["many-names-1"]
    names = {place for place in life.destinations if place.endswith(".example")}
    asked = rows(case, life, "dns_activity", "query_hostname IN (" + ", ".join(f"'{name}'" for name in names) + ")")
    assert len({row["query_hostname"] for row in asked}) > 3


def test_peers_reach_the_world_through_the_first(case: Workspace, written: tuple[Path, Truth]) -> None:
    life = next(one for one in written[1].intruders if one.name.endswith("peers"))
    outside = [place for place in life.destinations if place.startswith("198.1")]
    query = "SELECT DISTINCT lower(device_hostname) AS host FROM network_activity WHERE dst_endpoint_ip = '{}'"
    told = [row["host"] for place in outside for row in case.sql(query.format(place)).to_pylist()]
    callers = {host.partition(".")[0] for host in told if host is not None}
    assert callers == {next(place for place in life.destinations if place in life.hosts).lower()}
    assert len(life.hosts) == 3


def test_only_whom_the_peers_ask_opens_a_pipe(case: Workspace, written: tuple[Path, Truth]) -> None:
    life = next(one for one in written[1].intruders if one.name.endswith("peers"))
    relay = next(place for place in life.destinations if place in life.hosts)
    query = "SELECT lower(split_part(Computer, '.', 1)) AS host, Image, PipeName FROM windows_event WHERE EventID = 17"
    opened = case.sql(query).to_pylist()
    own = {
        (row["host"], row["PipeName"]) for row in opened if is_intruders(written[1], row["host"], row["Image"]) is life
    }
    assert {host for host, _ in own} == {relay.lower()}
    assert len({pipe for _, pipe in own}) == 1
    assert {"\\ntsvcs", "\\lsass", "\\spoolss"} <= {row["PipeName"] for row in opened}


def test_an_evasive_life_is_on_five_hosts_under_a_name_that_all_know(lives: dict[str, Intruder]) -> None:
    life = lives["evasive-all"]
    assert len(life.hosts) == 5
    assert life.destinations[0].endswith(".cumulusfiles.example")
    assert life.evasive
    assert life.revocation is not None


def blind_fleet(folder: Path, scenario: Scenario) -> tuple[Path, Truth]:
    out = folder / "fleet"
    return out, write_fleet(out, seed=3, hosts=2, days=5, intruders=[scenario])


@pytest.mark.parametrize(
    ("blind", "silent", "heard"),
    [
        ("no network events of Sysmon", {3, 22}, {1, 11}),
        ("only the Security and System logs", {1, 3, 7, 11, 22}, {4624, 4688}),
    ],
)
def test_a_blind_host_tells_less(tmp_path: Path, blind: str, silent: set[int], heard: set[int]) -> None:
    scenario = replace(named("stolen-password-1"), blind=Blind(blind))
    out, truth = blind_fleet(tmp_path, scenario)
    (life,) = truth.intruders
    told = set()
    for path in (out / "hosts" / life.hosts[0]).iterdir():
        told |= {json.loads(line)["EventID"] for line in path.read_text("utf-8").splitlines()}
    assert not told & silent
    assert told >= heard


def test_a_host_out_of_zeeks_sight_has_no_connection_there(tmp_path: Path) -> None:
    seen = {}
    for blind in (Blind.NO, Blind.WIRE):
        folder = tmp_path / blind.name
        folder.mkdir()
        out, truth = blind_fleet(folder, replace(named("stolen-password-1"), blind=blind))
        servers = {place for place in truth.intruders[0].destinations if place.startswith("198.1")}
        text = "".join(gzip.decompress(path.read_bytes()).decode() for path in sorted(out.rglob("conn.log.gz")))
        seen[blind] = any(f"\t{server}\t" in text for server in servers)
    assert seen == {Blind.NO: True, Blind.WIRE: False}


def test_a_life_changes_nothing_elsewhere_and_nothing_before(tmp_path: Path) -> None:
    wanted = [named("stolen-password-1"), named("update-server-2")]
    truth = write_fleet(tmp_path / "with", seed=6, hosts=8, days=8, intruders=wanted)
    write_fleet(tmp_path / "without", seed=6, hosts=8, days=8, intruders=())
    homes = {host: one.arrival[:10] for one in truth.intruders for host in one.hosts}
    changed = set()
    for path in sorted((tmp_path / "with" / "hosts").rglob("*.jsonl")):
        same = tmp_path / "without" / path.relative_to(tmp_path / "with")
        if path.read_bytes() != same.read_bytes():
            changed.add((path.parent.name, path.stem.removeprefix("events-")))
    assert {host for host, _ in changed} == set(homes)
    assert all(day >= homes[host] for host, day in changed)


def test_several_processes_tell_the_same_lives(tmp_path: Path) -> None:
    wanted = [named("duqu2011-36d-1s-peers"), named("sideload-2"), named("no-persistence-2")]
    told = {}
    for processes in (1, 2):
        out = tmp_path / str(processes)
        truth = write_fleet(out, seed=8, hosts=6, days=6, intruders=wanted, processes=processes)
        files = sorted(path for path in out.rglob("*") if path.is_file())
        told[processes] = (truth, [(str(path.relative_to(out)), path.read_bytes()) for path in files])
    assert told[1] == told[2]
