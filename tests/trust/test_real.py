"""Other people's signed files get the verdicts that their own projects' tests give them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.trust.judging import NOW, brief
from tests.trust.makers import day

from lodger.trust import NO_CRLS, Word, both, load_roots, microsoft_roots, verify, verify_files
from lodger.trust.certificates import certificate
from lodger.trust.cms import signed_data
from lodger.trust.formats import pe
from lodger.trust.roots import roots_of

_SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
VERDICTS = {
    "115fe8649854ad531fb7ecd1318fbee6b33c9cbd78f02ed582092a96d5eb5899.cat": "valid",
    "7z1900-x64_signed.exe": "untrusted",
    "DXCore.dll": "valid",
    "kdbazis.dll": "untrusted",
    "kdbazis.dll.crt": "unsigned",
    "pciide.sys": "valid",
    "putty.msi": "valid",
    "whois.exe": "valid",
}


@pytest.fixture
def signed(shared_data: Path) -> Path:
    folder = shared_data / "authenticode"
    if not folder.is_dir():
        pytest.skip(f"no signed files at {folder}")
    return folder


def test_every_file_gets_its_projects_verdict(signed: Path) -> None:
    every = sorted(each for each in signed.rglob("*") if each.is_file())
    told = {Path(each.file).name: each for each in verify_files(every, microsoft_roots(), NO_CRLS, [], NOW).files}
    assert {name: told[name].verdict.value for name in VERDICTS} == VERDICTS
    unsigned = [path for path in every if path.parent.name == "unsigned"]
    assert len(unsigned) == 10
    assert {told[path.name].verdict.value for path in unsigned} == {"unsigned"}


def test_both_signatures_of_a_package_count(signed: Path) -> None:
    told = verify(signed / "putty.msi", at=NOW)
    assert brief(told) == ("valid", [("1", "valid"), ("1.1", "valid")])
    assert [each.digest_algorithm for each in told.signatures] == ["sha1", "sha256"]
    assert {each.signer.subject for each in told.signatures if each.signer} == {
        "CN=Simon Tatham,O=Simon Tatham,ST=Cambridgeshire,C=GB"
    }


def test_a_catalog_beside_a_library_speaks_for_it(signed: Path) -> None:
    told = verify_files([signed / "DXCore.dll"], microsoft_roots(), NO_CRLS, [], NOW).files[0]
    assert brief(told) == ("valid", [("1", "valid"), ("catalog", "valid")])
    catalog = told.signatures[1].catalog
    assert catalog is not None
    assert Path(catalog).suffix == ".cat"


@pytest.mark.parametrize(("at", "verdict"), [(day(2024), "valid"), (NOW, "valid"), (day(2060), "expired")])
def test_lifetime_signing_ends(signed: Path, at: datetime, verdict: str) -> None:
    trusted = both(microsoft_roots(), load_roots([signed / "kdbazis.dll.crt"]))
    told = verify(signed / "kdbazis.dll", trusted, at=at)
    assert (told.verdict, told.flags) == (verdict, ("lifetime-signing", "legacy-timestamp"))


def test_a_key_on_a_curve_of_its_own_making_is_not_the_roots(signed: Path) -> None:
    told = verify(signed / "7z1900-x64_signed.exe", at=NOW)
    assert told.verdict == "untrusted"
    assert "was not signed by the issuer that it names" in told.reason


def test_the_driver_of_2009_outlives_its_certificate(signed: Path) -> None:
    told = verify(signed / "pciide.sys", at=NOW)
    stamp = told.signatures[0].stamp
    assert stamp is not None
    assert (stamp.word, stamp.time.date().isoformat(), stamp.trusted) == (Word.LEGACY, "2009-07-14", True)
    assert told.flags == ("weak-digest", "legacy-timestamp")


def test_both_entries_of_debians_boot_loader_are_told() -> None:
    if not _SHIM.is_file():
        pytest.skip(f"Debian's package shim-signed is not installed: no {_SHIM}")
    content = _SHIM.read_bytes()
    told = verify(_SHIM, at=NOW)
    assert told.flags[0] == "several-certificate-entries"
    assert {each.verdict.value for each in told.signatures} == {"untrusted"}, "firmware trusts them, Windows does not"
    authorities = [
        each
        for entry in pe.take_apart(content).entries
        for each in signed_data(entry.content).certificates
        if "UEFI CA" in str(each) and each.authority
    ]
    trusted = both(microsoft_roots(), roots_of(certificate(each.der) for each in authorities))
    assert brief(verify(_SHIM, trusted, at=NOW)) == ("valid", [("1", "valid"), ("2", "valid")])
