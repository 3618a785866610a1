"""Who signed what: every sensor's word, rolled up by host, program, file and word."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

from tests.analysis.records import (
    EXPLORER,
    Process,
    Record,
    analysed,
    at,
    driver_loaded,
    flow,
    handshake,
    launched,
    loaded,
    request,
    rows_of,
    security,
    sysmon,
    windows,
    zeek,
)

SHA256, SHA1, MD5 = "AB" * 32, "CD" * 20, "EF" * 16
PROGRAM = r"C:\Program Files\Helper\helper.exe"
KEY = r"\program files\helper\helper.exe"
DRIVER = r"\Device\HarddiskVolume3\Windows\System32\drivers\bus.sys"
INTEGRITY = "Microsoft-Windows-CodeIntegrity/Operational"
TOLD = ("role", "program", "signer", "issuer", "serial", "thumbprint", "status", "is_signed", "sensor")


def said(rows: list[Record], *columns: str) -> list[tuple[Any, ...]]:
    with closing(analysed(rows, "stays")) as engine:
        found = rows_of(engine, "SELECT * FROM signature ORDER BY role, program, sensor, first_said, signer")
    return [tuple(row[column] for column in columns) for row in found]


def test_loads_of_one_file_are_one_row_with_when_how_often_and_its_hashes() -> None:
    program = Process("WS1", PROGRAM)
    hashes = f"SHA1={SHA1},MD5={MD5},SHA256={SHA256},IMPHASH={MD5}"
    rows = [loaded(program, at(days=day), signer="Acme Ltd", Hashes=hashes) for day in range(3)]
    columns = ("role", "program", "signer", "sha256", "sha1", "md5", "observations", "first_said", "last_said", "ref")
    hashed = (SHA256.lower(), SHA1.lower(), MD5.lower())
    assert said(rows, *columns) == [("image", KEY, "Acme Ltd", *hashed, 3, at(), at(days=2), rows[0].ref)]


def test_another_hash_or_another_word_is_another_row_and_a_launch_tells_a_hash_alone() -> None:
    program = Process("WS1", PROGRAM)
    rows = [
        launched(program, at(), Hashes=f"SHA256={SHA256}"),
        loaded(program, at(hours=1), Hashes=f"SHA256={SHA256}"),
        loaded(program, at(hours=2), Hashes=f"SHA256={'00' * 32}"),
        loaded(program, at(hours=3), signer=None),
    ]
    assert said(rows, "sensor", "is_signed", "signer", "sha256") == [
        ("launch", None, None, SHA256.lower()),
        ("sysmon", True, "Example Software", SHA256.lower()),
        ("sysmon", True, "Example Software", "00" * 32),
        ("sysmon", False, None, None),
    ]


def test_a_module_outside_the_folders_of_system_and_programs_names_who_loaded_it() -> None:
    program = Process("WS1", PROGRAM)
    rows = [
        launched(program, at(), Process("WS1", EXPLORER), Hashes=None),
        loaded(program, at(), r"C:\ProgramData\side.dll", signer="Acme Ltd"),
        loaded(program, at(), r"C:\Windows\System32\kernel32.dll", signer="Microsoft Windows"),
    ]
    assert said(rows, "role", "program", "by_program") == [
        ("module", r"\programdata\side.dll", KEY),
        ("module", r"\windows\system32\kernel32.dll", None),
    ]


def test_code_integrity_tells_of_unsigned_and_revoked_drivers_and_who_signed_what_was_refused() -> None:
    other = [("File Name", DRIVER), ("SHA256 Flat Hash", SHA256), ("SHA256 Hash", "12" * 32)]
    rows = [
        driver_loaded("WS1", at(), r"C:\Windows\System32\drivers\bus.sys", "Acme Ltd"),
        windows("WS1", at(hours=1), INTEGRITY, 3001, FileNameBuffer=DRIVER),
        windows("WS1", at(hours=2), INTEGRITY, 3023, FileNameBuffer=DRIVER),
        windows("WS1", at(hours=3), INTEGRITY, 3077, ActivityID="A1", other=other),
        windows("WS1", at(hours=3), INTEGRITY, 3089, ActivityID="A1", PublisherName="Acme Ltd", IssuerName="Acme CA"),
    ]
    key = r"\windows\system32\drivers\bus.sys"
    assert said(rows, "program", "sensor", "is_signed", "signer", "issuer", "status", "sha256", "authentihash") == [
        (key, "codeintegrity", False, None, None, "unsigned", None, None),
        (key, "codeintegrity", True, None, None, "revoked", None, None),
        (key, "codeintegrity", True, "Acme Ltd", "Acme CA", "Valid", SHA256.lower(), "12" * 32),
        (key, "sysmon", True, "Acme Ltd", None, "Valid", None, None),
    ]


def test_two_signers_of_one_activity_name_neither() -> None:
    rows = [
        windows("WS1", at(), INTEGRITY, 3033, ActivityID="A1", FileNameBuffer=DRIVER),
        windows("WS1", at(), INTEGRITY, 3089, ActivityID="A1", PublisherName="Acme Ltd"),
        windows("WS1", at(), INTEGRITY, 3089, ActivityID="A1", PublisherName="Other Ltd"),
    ]
    assert said(rows, "signer", "is_signed", "status") == [(None, None, None)]


def test_the_audit_log_tells_of_images_and_pages_that_do_not_fit_their_signature() -> None:
    rows = [security("WS1", at(hours=event % 2), event, param1=DRIVER) for event in (5038, 6281)]
    assert said(rows, *TOLD, "observations") == [
        ("driver", r"\windows\system32\drivers\bus.sys", None, None, None, None, "altered", True, "security", 2)
    ]


def test_ecs_gives_a_thumbprint_and_when_it_was_signed() -> None:
    program = Process("WS1", PROGRAM)
    other = [
        ("file.code_signature.subject_name", "Acme Ltd"),
        ("file.code_signature.thumbprint_sha256", SHA256),
        ("file.code_signature.timestamp", "2020-01-01T08:00:00Z"),
        ("file.code_signature.trusted", "false"),
    ]
    rows = [sysmon(program, at(), 7, ImageLoaded=PROGRAM, other=other)]
    assert said(rows, "sensor", "signer", "thumbprint", "status", "signed_at") == [
        ("ecs", "Acme Ltd", SHA256.lower(), "untrusted root", datetime(2020, 1, 1, 8)),
        ("sysmon", None, None, None, None),
    ]


def test_a_place_is_told_with_serial_and_issuer_of_its_certificate_and_a_program_in_transit_with_its_build() -> None:
    rows = [
        flow("C1", at(), "192.0.2.1"),
        handshake("C1", at(), "192.0.2.1", "a.example", cert_chain_fps=[SHA256]),
        zeek(
            "x509", at(), fingerprint=SHA256, certificate_serial="00:0A:BC", certificate_subject="CN=a.example,O=A",
            certificate_issuer="CN=Some CA,O=CA",
        ),
        flow("C2", at(hours=1), "192.0.2.2", 80),
        request("C2", at(hours=1), "192.0.2.2", "b.example", "/x.exe"),
        zeek("files", at(hours=1), fuid="F1", uid="C2", is_orig=False, filename="x.exe", sha256=SHA256.lower()),
        zeek("pe", at(hours=1), id="F1", compile_ts=datetime(2019, 5, 1), has_cert_table=False),
    ]  # fmt: skip
    found = said(rows, "role", "path", "signer", "issuer", "serial", "thumbprint", "sha256", "compiled", "is_signed")
    assert found == [
        ("carried", "x.exe", None, None, None, None, SHA256.lower(), datetime(2019, 5, 1), False),
        ("place", "a.example", "a.example", "Some CA", "abc", SHA256.lower(), None, None, None),
    ]
