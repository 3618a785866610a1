"""What others say of certificates, signers and files, as statements: revocation lists, lists of abused certificates and
of drivers, and single statements by hand.

Nothing here is believed or weighed: a statement says what is claimed, from when on, by whom. Whether a signature still
counts is asked elsewhere. :mod:`lodger.ledger.files` reads lists, and is the only one that loads a library for
certificates.
"""

from __future__ import annotations

from lodger.ledger.rows import from_rows, identified, rows

__all__ = ["from_rows", "identified", "rows"]
