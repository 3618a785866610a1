from __future__ import annotations

import pytest
from tests.trust import files
from tests.trust.judging import STAMP, brief, look


@pytest.mark.parametrize("extended", [False, True])
def test_a_package_is_verified(extended: bool) -> None:
    told = look(files.package(extended=extended, stamps=[STAMP]), "a.msi")
    flags = () if extended else ("names-not-covered",)
    assert (brief(told), told.kind, told.flags) == (("valid", [("1", "valid")]), "msi", flags)


@pytest.mark.parametrize("extended", [False, True])
def test_a_changed_stream_is_an_alteration(extended: bool) -> None:
    content = files.package(extended=extended, stamps=[STAMP])
    for old, new in ((b"rows rows", b"rows Rows"), (b"few", b"fow")):
        assert look(content.replace(old, new, 1), "a.msi").verdict == "altered"


def test_names_are_covered_by_the_second_digest() -> None:
    old, new = "Small".encode("utf-16-le"), "Smalm".encode("utf-16-le")
    plain, extended = (files.package(extended=each, stamps=[STAMP]) for each in (False, True))
    free = look(plain.replace(old, new), "a.msi")
    assert (free.verdict, free.flags) == ("valid", ("names-not-covered",))
    told = look(extended.replace(old, new), "a.msi")
    assert (told.verdict, told.reason) == (
        "altered",
        "names, sizes or times of what is in the package are not what was signed",
    )


def test_a_package_whose_second_digest_goes_by_another_name_is_told() -> None:
    old, new = "MsiDigitalSignatureEx".encode("utf-16-le"), "MsiDigitalSignatureEy".encode("utf-16-le")
    told = look(files.package(extended=True, stamps=[STAMP]).replace(old, new), "a.msi")
    assert (told.verdict, told.flags) == ("valid", ("names-not-covered",))


def test_what_stands_behind_the_last_sector_is_told() -> None:
    told = look(files.package(extended=True, stamps=[STAMP]) + b"appended" * 100, "a.msi")
    assert (told.verdict, told.flags) == ("valid", ("data-after-the-end",))


def test_a_package_without_a_signature_is_unsigned() -> None:
    assert brief(look(files.compound({"Table": b"rows"}), "a.msi")) == ("unsigned", [])
    assert brief(look(files.compound({}), "a.msi")) == ("unsigned", [])


def test_a_signature_that_cannot_be_read_is_malformed() -> None:
    for blob in (b"", b"\x30\x82\xff\xff", b"noise"):
        assert look(files.compound({"\x05DigitalSignature": blob}), "a.msi").verdict == "malformed"


def test_a_package_that_leads_nowhere_is_malformed() -> None:
    content = files.package(stamps=[STAMP])
    at = content.index("Root Entry".encode("utf-16-le"))
    circle = bytearray(content)
    circle[at + 128 + 72 : at + 128 + 76] = (1).to_bytes(4, "little")  # an entry that is its own neighbour
    looped = bytearray(content)
    looped[512:1024] = b"\1\0\0\0" * 128  # a sector that follows itself
    outside = bytearray(content)
    outside[48:52] = (10**6).to_bytes(4, "little")  # a directory far outside
    twice = content.replace("Small".encode("utf-16-le"), "Table".encode("utf-16-le"))
    for broken in (twice, circle, looped, outside, content[:600], content[:200]):
        assert look(bytes(broken), "a.msi").verdict == "malformed"
