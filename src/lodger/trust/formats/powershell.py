"""PowerShell's scripts, modules and data: a signature in comments at the end (``SIG # Begin signature block``).

The digest is of the text in front of the block, in UTF-16 with the little end first, whatever the file is in, and with
the mark of its encoding, as U+FEFF, if it has one (seen in what Windows signed).
"""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from lodger.trust.cms import AlteredError
from lodger.trust.der import MalformedError, read
from lodger.trust.form import Buffer, Entry, Format, Signed, same
from lodger.trust.spc import IndirectData

_MARK: Final = "SIG # Begin signature block"
_NAMES: Final = (".ps1", ".psm1", ".psd1", ".ps1xml", ".psc1", ".cdxml", ".mof")
#: A larger file is no script.
_MOST: Final = 16 * 1024**2
#: A file with a zero here is no text, but for UTF-16.
_HEAD: Final = 4096
_BOM_8: Final = b"\xef\xbb\xbf"
_BOM_16: Final = b"\xff\xfe"
#: What opens and closes a line of the block: scripts and data, XML, managed object formats.
_COMMENTS: Final = (("# ", ""), ("<!-- ", " -->"), ("/* ", " */"))


@dataclass(frozen=True)
class _Block:
    """The text in front of the block, in bytes from the file's beginning; the block's base64; what follows it."""

    until: int
    lines: list[str]
    rest: str


def sniff(data: Buffer, name: str) -> bool:
    """By the name, or by a block in a text of any name."""
    head = data[:_HEAD]
    if name.endswith(_NAMES):
        return True
    if b"\0" in head and not head.startswith(_BOM_16):
        return False
    return len(data) <= _MOST and data.find(_encoded(_MARK, wide=head.startswith(_BOM_16))) >= 0


def take_apart(data: Buffer) -> Signed:
    """The block's content, where there is one."""
    if len(data) > _MOST:
        raise MalformedError("larger than any script")
    content = bytes(data)
    block = _find(content)
    if block is None:
        return Signed()
    flags = ("data-after-signature",) if block.rest.strip() else ()
    try:
        blob = base64.b64decode("".join(block.lines), validate=True)
        stop = read(blob).stop
    except (ValueError, MalformedError) as error:
        return Signed((Entry(b"", f"a signature block that cannot be read: {error}"),), flags)
    if any(blob[stop:]):
        flags = (*flags, "padding-after-signature")
    return Signed((Entry(blob[:stop]),), flags, partial(_matches, content[: block.until], followed=bool(flags)))


def _encoded(text: str, *, wide: bool) -> bytes:
    return text.encode("utf-16-le" if wide else "ascii")


def _find(content: bytes) -> _Block | None:
    wide = content.startswith(_BOM_16)
    mark = _encoded(_MARK, wide=wide)
    at = content.find(mark)
    while at >= 0:
        for opening, closing in _COMMENTS:
            start = at - len(_encoded(opening, wide=wide))
            if (
                start >= 0
                and content[start:at] == _encoded(opening, wide=wide)
                and _line_end(content, start, wide=wide) is not None
            ):
                return _block(content, start, opening, closing, wide=wide)
        at = content.find(mark, at + 1)
    return None


def _line_end(content: bytes, start: int, *, wide: bool) -> int | None:
    """Where the line before ``start`` ends, without its line break; None where ``start`` begins no line."""
    for text in ("\r\n", "\n"):
        end = _encoded(text, wide=wide)
        if content[max(start - len(end), 0) : start] == end:
            return start - len(end)
    return start if start in (0, len(_BOM_8) if content.startswith(_BOM_8) else 0) else None


def _block(content: bytes, start: int, opening: str, closing: str, *, wide: bool) -> _Block:
    text = content[start:].decode("utf-16-le" if wide else "latin-1", "replace")
    rows = re.split(r"\r?\n", text)
    lines: list[str] = []
    for number, row in enumerate(rows[1:], 1):
        if row == f"{opening}SIG # End signature block{closing}":
            return _Block(_line_end(content, start, wide=wide) or 0, lines, "\n".join(rows[number + 1 :]))
        if not (row.startswith(opening) and row.endswith(closing)):
            break
        lines.append(row[len(opening) : len(row) - len(closing)])
    return _Block(start, ["?"], "")  # a line that is none of a block's: no base64 has a question mark


def _matches(text: bytes, signed: IndirectData, *, followed: bool) -> None:
    if followed:
        raise AlteredError("something stands behind the signature block")
    same(hashlib.new(signed.algorithm, _hashed(text), usedforsecurity=False).digest(), signed.digest)


def _hashed(text: bytes) -> bytes:
    """The text as it is hashed: in UTF-16, with its mark if it has one; what is no UTF-8 is read as Windows-1252."""
    if text.startswith(_BOM_16):
        return text
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return text.decode(encoding).encode("utf-16-le")
    raise AlteredError("the script is in no encoding that could be signed")


FORMAT = Format("powershell", "PowerShell script", sniff, take_apart)
