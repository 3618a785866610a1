"""The table of the trust ledger."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

#: One row per statement of the trust ledger (:class:`lodger.model.trust.Statement`); rows are added and never changed.
#: ``id`` is made from all but ``known_from``: the same thing said again is not said twice.
STATEMENT: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("known_from", pa.timestamp("us"), nullable=False),
        pa.field("valid_from", pa.timestamp("us")),
        *(pa.field(name, pa.string()) for name in ("detail", "serial", "issuer", "thumbprint", "signer")),
        *(pa.field(name, pa.string()) for name in ("sha256", "sha1", "md5", "authentihash", "withdraws")),
        pa.field("shared", pa.bool_()),
    ]
)
