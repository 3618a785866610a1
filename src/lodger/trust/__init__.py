"""What a signature of a program is worth: who made it, when, and whether that holds.

:func:`verify` judges one file, :func:`verify_files` many, against roots, revocation lists and catalogs, which
:func:`microsoft_roots`, :func:`load_roots`, :func:`load_crls` and :func:`load_catalogs` read. Nothing here asks the
network or runs a file.
"""

from __future__ import annotations

from lodger.trust.catalogs import NO_CATALOGS, Catalogs, load_catalogs
from lodger.trust.crls import NO_CRLS, Crls, load_crls
from lodger.trust.files import Unread, Verified, verify, verify_files
from lodger.trust.findings import (
    FileVerdict,
    Identity,
    Revocation,
    Signature,
    Stamp,
    Status,
    Verdict,
    Word,
)
from lodger.trust.roots import Roots, both, load_roots, microsoft_roots

__all__ = [
    "NO_CATALOGS",
    "NO_CRLS",
    "Catalogs",
    "Crls",
    "FileVerdict",
    "Identity",
    "Revocation",
    "Roots",
    "Signature",
    "Stamp",
    "Status",
    "Unread",
    "Verdict",
    "Verified",
    "Word",
    "both",
    "load_catalogs",
    "load_crls",
    "load_roots",
    "microsoft_roots",
    "verify",
    "verify_files",
]
