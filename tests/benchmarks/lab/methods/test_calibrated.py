"""What was learned stands in place of what was declared, and the shipped baseline stays."""

from __future__ import annotations

import pytest

from benchmarks.lab.methods import calibrated
from lodger.verdict.settings import Shares


def test_learned_shares_keep_the_shipped_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = {"both": Shares(0.9, 0.01), "ordinary": Shares(None, 0.02), "other": Shares(0.5, None)}
    monkeypatch.setattr(calibrated, "shipped", lambda: shipped)
    learned = {"both": Shares(p_implant=0.123), "ordinary": Shares(p_implant=0.3), "new": Shares(p_implant=0.4)}
    assert calibrated.merged(learned) == {
        "both": Shares(0.123, 0.01),
        "ordinary": Shares(0.3, 0.02),
        "other": Shares(0.5, None),
        "new": Shares(0.4, None),
    }
