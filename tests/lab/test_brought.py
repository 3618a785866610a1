"""Ordinary programs that come, or go, by another's hand, in the records of their hosts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lodger.lab import LookAlike, Truth, write_fleet
from lodger.lab.brought import RUNTIME

HOSTS, DAYS = 8, 40
Event = dict[str, Any]
#: In the fleet of the first seed a person removes the trial software, in that of the second it does so itself.
BY_PERSON, BY_ITSELF = 3, 5


class Fleet:
    """A written fleet, read host by host."""

    def __init__(self, out: Path, truth: Truth) -> None:
        self.out, self.truth = out, truth

    def looks(self, kind: str) -> list[LookAlike]:
        return [look for look in self.truth.look_alikes if look.kind == kind]

    def events(self, host: str, *numbers: int) -> list[Event]:
        files = sorted((self.out / "hosts" / host).iterdir())
        found = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
        return [event for event in found if event["EventID"] in numbers]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Fleet]:
    written: dict[int, Fleet] = {}

    def of(seed: int) -> Fleet:
        if seed not in written:
            out = tmp_path_factory.mktemp("brought") / "fleet"
            written[seed] = Fleet(out, write_fleet(out, seed=seed, hosts=HOSTS, days=DAYS, intruders=()))
        return written[seed]

    return of


def _parent(event: Event) -> str:
    return str(event["ParentImage"]).rpartition("\\")[2]


def test_half_of_the_trial_software_is_taken_away_by_a_person(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    (look,) = theirs.looks("trial")
    folder = look.program.rpartition("\\")[0]
    started = theirs.events(look.host, 1)
    (remover,) = [event for event in started if event["Image"] == f"{folder}\\unins000.exe"]
    assert _parent(remover) in {"explorer.exe", "SystemSettings.exe"}
    (copy,) = [event for event in started if event["ParentImage"] == remover["Image"]]
    assert copy["Hashes"] == remover["Hashes"]
    gone = [event for event in theirs.events(look.host, 23, 26) if event["Image"] == copy["Image"]]
    assert {event["TargetFilename"] for event in gone} >= {look.program, remover["Image"]}
    service = "Services\\studiotrial"
    assert [event["EventType"] for event in theirs.events(look.host, 12) if event["TargetObject"].endswith(service)]
    assert "a person removes it" in look.why
    later = [event for event in started if event["Image"] == look.program and event["UtcTime"] > remover["UtcTime"]]
    assert later == []


def test_the_other_half_goes_by_itself(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_ITSELF)
    (look,) = theirs.looks("trial")
    folder = look.program.rpartition("\\")[0]
    (remover,) = [event for event in theirs.events(look.host, 1) if event["Image"] == f"{folder}\\uninstall.exe"]
    assert remover["ParentImage"] == look.program
    assert "removes itself" in look.why


def test_updates_bring_a_strangers_runtime(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    (look,) = theirs.looks("redistributable")
    carried = [event for event in theirs.events(look.host, 1) if event["Image"].endswith("\\VC_redist.x64.exe")]
    updates = [event for event in carried if _parent(event) == "MeasureDeskUpdate.exe"]
    assert updates
    assert {event["Company"] for event in carried} == {"Microsoft Corporation"}
    written = [event for event in theirs.events(look.host, 11) if event["TargetFilename"].endswith("\\msvcp140.dll")]
    assert {event["Image"] for event in written} == {"C:\\Windows\\System32\\msiexec.exe"}
    assert RUNTIME.path in {event["TargetFilename"] for event in theirs.events(look.host, 11)}


def test_a_setup_brings_a_chips_driver_and_service_which_stay(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    tool, service = theirs.looks("bundled_driver")
    maker = {event["Company"] for event in theirs.events(tool.host, 7) if event["Image"] == tool.program}
    signer = {event["Signature"] for event in theirs.events(tool.host, 7) if event["ImageLoaded"] == service.program}
    assert len(signer) == 1
    assert not signer & maker
    entered = {event["ImagePath"]: event["ServiceType"] for event in theirs.events(tool.host, 7045)}
    assert entered[service.program] == "user mode service"
    (driver,) = [path for path, kind in entered.items() if path.endswith("ser.sys")]
    assert entered[driver] == "kernel mode driver"
    drivers = [event for event in theirs.events(tool.host, 6) if event["ImageLoaded"] == driver]
    assert {event["Signature"] for event in drivers} == signer


@pytest.mark.parametrize("seed", [BY_PERSON, BY_ITSELF])
def test_what_a_setup_brought_is_there_after_every_start(fleet: Callable[[int], Fleet], seed: int) -> None:
    theirs = fleet(seed)
    _, service = theirs.looks("bundled_driver")
    started = theirs.events(service.host, 1)
    (first, *again) = [event["UtcTime"] for event in started if event["Image"] == service.program]
    boots = [event["UtcTime"] for event in started if event["Image"].endswith("\\wininit.exe")]
    assert len(again) == sum(boot > first for boot in boots)


def test_an_add_in_updates_itself_out_of_its_document_program(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    (look,) = theirs.looks("addin_updater")
    (setup, *_) = [
        event for event in theirs.events(look.host, 1) if event["Image"].endswith("\\Temp\\SigningPadUpdate.exe")
    ]
    assert _parent(setup) in {"OUTLOOK.EXE", "Acrobat.exe"}
    writers = {e["Image"] for e in theirs.events(look.host, 11) if e["TargetFilename"] == setup["Image"]}
    assert writers == {setup["ParentImage"]}
    assert setup["Image"] in {e["Image"] for e in theirs.events(look.host, 11) if e["TargetFilename"] == look.program}


def test_a_publishers_niche_program_calls_a_place_of_its_own(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    looks = theirs.looks("publishers_niche")
    assert 1 <= len(looks) <= 2
    asked = {
        host: {event["QueryName"] for event in theirs.events(host, 22) if event["Image"] in {e.program for e in looks}}
        for host in theirs.truth.hosts
    }
    there = {look.host for look in looks}
    assert {host for host, names in asked.items() if names} == there
    signers = {
        event["Signature"] for e in looks for event in theirs.events(e.host, 7) if event["ImageLoaded"] == e.program
    }
    assert len(signers & {"Microsoft Corporation", "Adobe Inc."}) == 1


def test_a_team_sets_up_its_service_by_hand_host_after_host(fleet: Callable[[int], Fleet]) -> None:
    theirs = fleet(BY_PERSON)
    looks = theirs.looks("team_service")
    assert {look.program for look in looks} == {looks[0].program}
    days = []
    for look in looks:
        name = look.program.rpartition("\\")[2].removesuffix(".exe")
        asked = [
            event for event in theirs.events(look.host, 1) if event["CommandLine"].startswith(f"sc create {name} ")
        ]
        assert [_parent(event) for event in asked] == ["cmd.exe"]
        assert name in {event["ServiceName"] for event in theirs.events(look.host, 7045)}
        days.append(asked[0]["UtcTime"][:10])
    assert len(set(days)) == len(days) >= 2
