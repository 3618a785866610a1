"""What was learned stands in place of what was declared, and the shipped baseline stays."""

from __future__ import annotations

from benchmarks.lab.methods.calibrated import merged
from lodger.verdict.settings import Shares, shipped


def test_learned_shares_keep_the_shipped_baseline() -> None:
    name, baseline = next((name, each) for name, each in sorted(shipped().items()) if each.p_ordinary is not None)
    both = merged({name: Shares(p_implant=0.123), "of_no_baseline": Shares(p_implant=0.4)})
    assert both[name] == Shares(0.123, baseline.p_ordinary)
    assert both["of_no_baseline"] == Shares(0.4, None)
    assert {each: both[each] for each in both if each not in {name, "of_no_baseline"}} == {
        each: share for each, share in shipped().items() if each != name
    }
