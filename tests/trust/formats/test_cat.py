from __future__ import annotations

from tests.trust import files, makers
from tests.trust.judging import STAMP, brief, look

MEMBERS = [("sha256", bytes(range(32))), ("sha1", bytes(range(20)))]


def test_a_catalog_is_verified_by_itself() -> None:
    told = look(files.catalog(MEMBERS, stamps=[STAMP]), "no-name")
    assert (brief(told), told.kind, told.flags) == (("valid", [("1", "valid")]), "cat", ())


def test_a_changed_member_is_an_alteration() -> None:
    content = files.catalog(MEMBERS, stamps=[STAMP])
    told = look(content.replace(bytes(range(32)), bytes(range(1, 33))), "a.cat")
    assert (told.verdict, told.reason) == ("altered", "what is signed is not what stands in the signature")


def test_a_catalog_that_nobody_signed_is_unsigned() -> None:
    assert brief(look(files.catalog(MEMBERS, unsigned=True), "a.cat")) == ("unsigned", [])


def test_what_stands_behind_a_catalog_is_told() -> None:
    told = look(files.catalog(MEMBERS, stamps=[STAMP]) + b"more", "a.cat")
    assert (told.verdict, told.flags) == ("valid", ("data-after-the-end",))


def test_what_is_no_catalog_is_malformed() -> None:
    signature = makers.authenticode(lambda _: bytes(32))
    for content in (b"text", signature, files.catalog(MEMBERS)[:-40], b"\x30"):
        assert look(content, "a.cat").verdict == "malformed"
