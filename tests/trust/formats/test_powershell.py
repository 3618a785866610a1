from __future__ import annotations

import pytest
from tests.trust import files
from tests.trust.judging import STAMP, brief, look

TEXT = "Write-Host 'żółć ✓'\r\n$a = 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["a.ps1", "a.psm1", "a.psd1", "no-name"])
def test_a_script_is_verified_in_every_encoding(encoding: str, name: str) -> None:
    told = look(files.script(TEXT, encoding, stamps=[STAMP]), name)
    assert (brief(told), told.kind, told.flags) == (("valid", [("1", "valid")]), "powershell", ())


@pytest.mark.parametrize("comment", [("<!-- ", " -->"), ("/* ", " */")])
def test_the_block_may_be_in_other_comments(comment: tuple[str, str]) -> None:
    assert look(files.script("<Types/>", comment=comment, stamps=[STAMP]), "a.ps1xml").verdict == "valid"


def test_lines_may_end_as_on_other_systems() -> None:
    assert look(files.script("Get-Date", line="\n", stamps=[STAMP]), "a.ps1").verdict == "valid"


def test_old_text_is_read_as_windows_did() -> None:
    content = files.script("'caf\N{LATIN SMALL LETTER E WITH ACUTE}'", stamps=[STAMP])
    old = content.replace("\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), b"\xe9")
    assert look(old, "a.ps1").verdict == "valid"


def test_the_mark_of_the_encoding_is_signed_too() -> None:
    plain, marked = (files.script("Get-Date", encoding, stamps=[STAMP]) for encoding in ("utf-8", "utf-8-sig"))
    assert look(b"\xef\xbb\xbf" + plain, "a.ps1").verdict == "altered"
    assert look(marked.removeprefix(b"\xef\xbb\xbf"), "a.ps1").verdict == "altered"


def test_bytes_that_mean_nothing_cannot_stand_for_each_other() -> None:
    content = files.script("'\N{REPLACEMENT CHARACTER}'", stamps=[STAMP])
    for byte in (b"\x81", b"\x8d", b"\xe9"):
        assert look(content.replace("\N{REPLACEMENT CHARACTER}".encode(), byte), "a.ps1").verdict == "altered"


def test_changed_text_is_an_alteration() -> None:
    content = files.script(TEXT, stamps=[STAMP])
    for changed in (content.replace(b"$a = 1", b"$a = 2"), b" " + content, content.replace(b"\r\n$a", b"\n$a")):
        told = look(changed, "a.ps1")
        assert (told.verdict, told.reason) == ("altered", "the file is not what was signed")


def test_what_stands_behind_the_block_is_an_alteration() -> None:
    content = files.script(TEXT, stamps=[STAMP])
    told = look(content + b"Invoke-Something\r\n", "a.ps1")
    assert (told.verdict, told.flags) == ("altered", ("data-after-signature",))
    assert look(content + b"\r\n\r\n", "a.ps1").verdict == "valid"


def test_a_block_that_is_broken_is_malformed() -> None:
    content = files.script(TEXT, stamps=[STAMP])
    end = content.index(b"# SIG # End")
    broken = {
        "no end": content[:end],
        "cut off": content[: end - 300],
        "code within": content[: end - 70] + b"\r\nInvoke-Something\r\n" + content[end:],
        "no base64": content.replace(b"# MII", b"# \xff\xff\xff", 1),
        "empty": content[: content.index(b"# MII")] + content[end:],
    }
    for case, changed in broken.items():
        assert look(changed, "a.ps1").verdict == "malformed", case


def test_a_mark_in_the_text_is_no_block() -> None:
    plain = b"Write-Host 'SIG # Begin signature block'\r\n"
    assert brief(look(plain, "a.ps1")) == ("unsigned", [])
    content = files.script(plain.decode().rstrip(), stamps=[STAMP])
    assert look(content, "a.ps1").verdict == "valid"
    many = b"# SIG # Begin signature blockade\r\n" * 20_000
    assert look(many, "a.ps1").verdict == "malformed"
