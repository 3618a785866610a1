"""What a row of ``file_inspection`` says of the file itself, wherever it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from lodger.disguise import Inspection
from lodger.disguise.examine import Examined
from lodger.disguise.twins import digests

#: Findings of one file that its row tells.
INSPECTED: Final = 20


def told(path: Path, found: Examined, sha256: str) -> dict[str, object]:
    """The columns of kind, verdict, findings and digests of the file at ``path``.

    Raises :class:`~lodger.errors.InputError` where it cannot be read again.
    """
    sha1 = md5 = image = tail = None
    if found.inspection.findings or found.tail is not None:  # of others nobody asks
        sha1, md5 = (each.hex() for each in digests(path, None, "sha1", "md5"))
    if found.image is not None and found.tail is not None:
        image, tail = (digests(path, span, "sha256")[0].hex() for span in (found.image, found.tail))
    return {
        "kind": found.inspection.kind,
        "verdict": str(found.inspection.verdict),
        "size": found.inspection.size,
        "sha256": sha256,
        "sha1": sha1,
        "md5": md5,
        **_findings(found.inspection),
        "image_sha256": image,
        "tail_sha256": tail,
    }


def _findings(inspection: Inspection) -> dict[str, object]:
    gravest = next((each for each in inspection.findings if each.verdict is inspection.verdict), None)
    return {
        "finding_count": len(inspection.findings),
        "finding_kind": gravest and gravest.kind,
        "finding_offset": gravest and gravest.offset,
        "finding_length": gravest and gravest.length,
        "finding_sentence": gravest and gravest.sentence,
        "findings": msgspec.json.encode(inspection.findings[:INSPECTED]).decode() if gravest else None,
    }
