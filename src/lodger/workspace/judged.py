"""What calls said at the last analysis: it need not be asked again of the same calls."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from lodger.errors import CaseError
from lodger.evidence import JUDGED
from lodger.lake.tables import Lake

#: The name that it is kept under in the case.
KEPT: Final = "judged"


def judged(lake: Lake) -> pa.Table:
    """Rows of :data:`lodger.evidence.JUDGED`; where they cannot be read they go, and all calls are judged anew."""
    if KEPT in lake.findings():
        try:
            return lake.findings_table(KEPT).select(JUDGED.names).cast(JUDGED)
        except (CaseError, KeyError, pa.ArrowInvalid):
            lake.forget(KEPT)
    return JUDGED.empty_table()
