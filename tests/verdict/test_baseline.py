"""The counts that come with the package: what the file is, what is made of it, and what the page says of it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.errors import InputError
from lodger.evidence import all_detectors
from lodger.verdict.baseline import Baseline, Counts, baseline, encoded, parsed, share
from lodger.verdict.settings import Shares, over_shipped, shipped

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "lodger" / "verdict" / "baseline.json"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_baseline", ROOT / "tools" / "baseline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_the_shipped_file_is_what_the_code_reads_and_has_every_detector() -> None:
    """``python tools/baseline.py`` brings in a new one with 0 of 0."""
    content = baseline()
    assert encoded(content) == SHIPPED.read_bytes()
    assert content.detectors.keys() == {each.id for each in all_detectors()}, "run python tools/baseline.py"
    assert all(each.origin and each.licence and each.programs > each.left_out for each in content.sets)
    for each in all_detectors():
        header, counts = each.detector.p_ordinary, content.detectors[each.id]
        assert shipped()[each.id] == Shares(p_ordinary=share(header, counts))
        assert counts == Counts() or not each.detector.outside


def test_the_page_shows_what_is_shipped(tool: ModuleType) -> None:
    """``python tools/baseline.py`` writes it anew."""
    page = (ROOT / "docs" / "verdict.md").read_text(encoding="utf-8")
    assert tool.page(baseline()) == page, "run python tools/baseline.py"


def test_more_than_the_header_raises_a_share_and_less_leaves_it() -> None:
    assert share(0.01, Counts(214, 4)) == 0.017045  # (0.01 * 50 + 4) / (50 + 214)
    assert share(0.1, Counts(214, 1)) == 0.1
    assert share(0.04, Counts()) == 0.04


@given(st.floats(0.0005, 0.5), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_share_lies_between_the_headers_and_the_counted(header: float, one: int, other: int) -> None:
    shown, programs = sorted((one, other))
    found = share(header, Counts(programs, shown))
    assert header - 1e-6 <= found <= max(header, shown / programs if programs else 0) + 1e-6
    assert 0 < found < 1


def test_a_file_gives_what_it_leaves_open_to_the_shipped_shares() -> None:
    both = over_shipped({"opens_shell": Shares(p_implant=0.9), "renamed": Shares(0.3, 0.2)})
    assert both["opens_shell"] == Shares(0.9, shipped()["opens_shell"].p_ordinary)
    assert both["renamed"] == Shares(0.3, 0.2)
    assert both["injects"] == shipped()["injects"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "no baseline"),
        ('{"lodger_baseline": 2, "made_by": "", "sets": [], "detectors": {}}', "version 2"),
        ('{"lodger_baseline": 1, "made_by": "", "sets": [], "detectors": {"x": {"shown": 2}}}', "2 of 0"),
    ],
)
def test_another_file_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parsed(text.encode(), "baseline.json")


@pytest.mark.parametrize(
    ("name", "host", "family", "took_part"),
    [
        ("otrf/LSASS_campaign_03", "prd01", r"\users\*\downloads\winx64_payload.exe", True),
        ("otrf/LSASS_campaign_03", "prd01", r"\windows\system32\svchost.exe (wpnservice)", True),
        ("otrf/LSASS_campaign_03", "prd01", r"\windows\system32\searchindexer.exe", False),
        ("otrf/LSASS_campaign_03", "10.0.5.13", "network: tcp/60352", True),
        ("otrf/atomic", "workstation5", r"\users\*\desktop\rubeus.exe", True),
        ("otrf/atomic", "workstation5", r"\users\*\appdata\local\microsoft\onedrive\onedrive.exe", False),
        ("zeek/rita-24h", "10.55.100.100", "network: tcp/http", False),
    ],
)
def test_who_took_part_in_what_was_staged_is_no_ordinary_program(
    tool: ModuleType, name: str, host: str, family: str, took_part: bool
) -> None:
    assert tool.staged(name, host, family) is took_part


def test_a_new_detector_comes_in_with_nothing_known_and_a_gone_one_goes(tool: ModuleType) -> None:
    completed = tool.completed(Baseline(1, "", (), {"injects": Counts(9, 1), "gone": Counts(3, 3)}))
    assert completed.detectors == {each.id: Counts() for each in all_detectors()} | {"injects": Counts(9, 1)}
