"""Lists of drivers that are malicious, or of use to an intruder: objects with ``category``, ``names``, hashes and the
certificates that signed them, as LOLDrivers has them.

Of the certificates only the signer's own counts, and the list does not say which that is: of those that are no
authority's and no time stamp's, the one that was given last. A signer of Microsoft's signs everybody's drivers, good
ones too, so those statements are marked as shared: they convict nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from lodger.errors import InputError
from lodger.ledger.certificates import text
from lodger.model.trust import Kind, Statement

_AUTHORITY: Final = re.compile(
    r"time.?stamp|\bTSA\b|\bCA\b|\bPCA\b|\broot\b|certification authority|certificate authority|code signing 20\d\d",
    re.IGNORECASE,
)
_SHARED: Final = re.compile(r"\bMicrosoft (?:Windows|Corporation)", re.IGNORECASE)
_NAME: Final = re.compile(r"(?:^|, )CN=(.+?)(?:,\s?\S{1,14}=|$)")
_HASHES: Final = ("sha256", "sha1", "md5")


def fits(entry: dict[str, Any]) -> bool:
    """Whether an entry is of such a list."""
    return "category" in entry and any(name in entry for name in (*_HASHES, "authentihash_sha256"))


def statements(entry: Any, known_from: datetime) -> Iterator[Statement]:
    """What one entry says: of the file, and of a malicious one's signer. Raises :class:`InputError`."""
    if not isinstance(entry, dict):
        raise InputError("not an object")
    category = (text(entry, "category") or "").lower()
    sha256, sha1, md5 = (text(entry, name) for name in _HASHES)
    authentihash = text(entry, "authentihash_sha256")
    if not any((sha256, sha1, md5, authentihash)):
        raise InputError("no hash")
    kind = Kind.MALICIOUS if "malicious" in category else Kind.VULNERABLE
    names = [name for name in entry.get("names") or () if isinstance(name, str)]
    about = ", ".join(names[:3]) or "a driver"
    source = f"list of drivers, {(text(entry, 'id') or 'no id')[:40]}"
    yield Statement(
        kind=kind,
        source=source,
        known_from=known_from,
        detail=about,
        sha256=sha256,
        sha1=sha1,
        md5=md5,
        authentihash=authentihash,
    )
    signer = _signer(entry.get("certificates"))
    if kind is Kind.MALICIOUS and signer is not None:
        subject = text(signer, "subject") or ""
        named = _NAME.search(subject)
        yield Statement(
            kind=Kind.ABUSED,
            source=source,
            known_from=known_from,
            detail=f"signed {about}",
            serial=text(signer, "serial"),
            signer=named[1] if named else None,
            shared=bool(_SHARED.search(subject)),
        )


def _signer(certificates: Any) -> dict[str, Any] | None:
    of = [each for each in certificates if isinstance(each, dict)] if isinstance(certificates, list) else []
    own = [each for each in of if each.get("serial") and not _AUTHORITY.search(str(each.get("subject")))]
    return max(own, key=lambda each: str(each.get("valid_from")), default=None)
