"""Catalogs: a signed list of other files' digests."""

from __future__ import annotations

from lodger.trust.cms import is_signed_data, signed_data
from lodger.trust.ctl import TRUST_LIST
from lodger.trust.der import MalformedError
from lodger.trust.form import Buffer, Entry, Format, Signed
from lodger.trust.inputs import MOST


def sniff(data: Buffer, name: str) -> bool:
    """Signed data by itself, or a file that is called a catalog."""
    return is_signed_data(data[:64]) or name.endswith(".cat")


def take_apart(data: Buffer) -> Signed:
    """The whole file is one signature; a list that nobody signed is unsigned."""
    if len(data) > MOST:
        raise MalformedError("larger than any catalog")
    content = bytes(data)
    listed = signed_data(content)
    if listed.kind != TRUST_LIST:
        raise MalformedError("signed data that is no catalog")
    if not listed.signers:
        return Signed()
    flags = ("data-after-the-end",) if any(content[listed.stop :]) else ()
    return Signed((Entry(content[: listed.stop]),), flags)


FORMAT = Format("cat", "catalog", sniff, take_apart)
