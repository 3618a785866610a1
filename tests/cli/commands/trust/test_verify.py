from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.trust import files, makers
from tests.trust.judging import IN_TIME, STAMP
from tests.trust.makers import day

from lodger.cli import run
from lodger.trust.roots import microsoft_roots


@pytest.fixture
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a responder collects it, a root to trust, and a list that revokes the signer of one file."""
    folder = tmp_path / "collected"
    folder.mkdir()
    plain = files.program(seed=9)
    (folder / "good.exe").write_bytes(files.signed(stamps=[STAMP]))
    (folder / "late.exe").write_bytes(files.signed())
    (folder / "in-catalog.dll").write_bytes(plain)
    (folder / "list.cat").write_bytes(files.catalog([("sha256", files.digest(plain, "sha256"))], stamps=[STAMP]))
    (folder / "notes.txt").write_bytes(b"words")
    (tmp_path / "root.pem").write_bytes(makers.root().certificate.public_bytes(Encoding.PEM))
    entry = (makers.signer(), day(2015, 3), None)
    (tmp_path / "crls").mkdir()
    (tmp_path / "crls" / "a.crl").write_bytes(makers.revocations(makers.middle(), entry))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return folder


def verdicts(out: str) -> dict[str, str]:
    return {each["file"]: each["verdict"] for each in json.loads(out)}


def test_programs_get_every_file_with_its_signatures(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trust", "verify", "collected", "--roots", "root.pem", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert verdicts(out) == {
        "collected/good.exe": "valid",
        "collected/in-catalog.dll": "valid",
        "collected/late.exe": "expired",
        "collected/list.cat": "valid",
        "collected/notes.txt": "unsigned",
    }
    good, listed, late, _, notes = json.loads(out)
    assert notes == {
        "format_version": 1,
        "file": "collected/notes.txt",
        "kind": "other",
        "size": 5,
        "verdict": "unsigned",
        "reason": "",
        "flags": ["kind-not-verified"],
        "signatures": [],
    }
    (signature,) = good["signatures"]
    assert len(signature.pop("chain")) == 2
    for field in ("serial", "thumbprint", "sha256", "spki_sha256", "fingerprint"):
        assert int(signature.pop(field), 16)
    assert signature == {
        "place": "1",
        "catalog": None,
        "verdict": "valid",
        "reason": "",
        "signer": "CN=Signer 0,O=Tests,C=GB",
        "issuer": "CN=Code signing authority,O=Tests,C=GB",
        "not_before": "2015-01-01T00:00:00Z",
        "not_after": "2016-01-01T00:00:00Z",
        "ekus": ["codeSigning"],
        "publisher": "A program",
        "digest_algorithm": "sha256",
        "signing_time": "2015-06-01T00:00:00Z",
        "time_source": "rfc3161",
        "time_trusted": True,
        "time_reason": "",
        "time_authority": "CN=Time stamps,O=Tests,C=GB",
        "revocation": "unknown",
        "revocations": [],
        "flags": [],
    }
    assert listed["signatures"][0]["catalog"] == "collected/list.cat"
    assert (late["signatures"][0]["signing_time"], late["signatures"][0]["time_source"]) == (None, "none")
    assert err == ("lodger: 4 files verified (3 valid, 1 expired), 1 of kinds whose signatures are not looked at\n")


def test_people_get_lines(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (collected / "\x1b[2J.exe").write_bytes(files.program())
    assert run(["trust", "verify", "collected", "--roots", "root.pem", "--crl", "crls"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    serial = f"{makers.signer().certificate.serial_number:024x}"
    assert "revoked: collected/good.exe (pe)" in out
    assert "CN=Signer 0,O=Tests,C=GB" in out
    assert serial in out
    assert "revoked before signing" in out
    assert "notes.txt" not in out


def test_a_catalog_from_elsewhere_and_another_time(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (collected.parent / "elsewhere").mkdir()
    (collected / "list.cat").rename(collected.parent / "elsewhere" / "list.cat")
    options = ["--roots", "root.pem", "--at", IN_TIME.isoformat(), "--format", "json"]
    assert run(["trust", "verify", "collected", *options]) == 0
    alone = verdicts(capsys.readouterr().out)
    assert (alone["collected/in-catalog.dll"], alone["collected/late.exe"]) == ("unsigned", "valid")
    assert run(["trust", "verify", "collected/in-catalog.dll", *options, "--catalogs", "elsewhere"]) == 0
    assert verdicts(capsys.readouterr().out) == {"collected/in-catalog.dll": "valid"}


def test_a_root_is_trusted_beside_microsofts(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert microsoft_roots().by_subject
    assert run(["trust", "verify", "collected/good.exe", "--format", "json"]) == 0
    assert verdicts(capsys.readouterr().out) == {"collected/good.exe": "untrusted"}
    assert run(["trust", "verify", "collected/good.exe", "--root", "root.pem", "--format", "json"]) == 0
    assert verdicts(capsys.readouterr().out) == {"collected/good.exe": "valid"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["missing"], "lodger: nothing could be read. name files, or folders that hold some"),
        (["collected", "--roots", "crls"], "lodger: no certificate to trust. name files (PEM or DER), or"),
        (["collected", "--root", "collected/notes.txt"], "lodger: collected/notes.txt: holds no certificate"),
        (["collected", "--crl", "nowhere"], "lodger: nowhere: no such file or folder"),
        (["collected", "--catalogs", "root.pem"], "lodger: root.pem: is no catalog"),
        (["collected", "--at", "yesterday"], "lodger: yesterday: no time. write it as 2011-10-14"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: list[str], line: str, collected: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "verify", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith(line)
