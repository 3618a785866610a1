"""The page of detectors is what the detectors declare; `make docs` writes it anew."""

from __future__ import annotations

import runpy
from pathlib import Path

from lodger.evidence import all_detectors
from lodger.evidence.detector import KINDS

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "detectors.py"))


def test_the_page_is_up_to_date() -> None:
    assert TOOL["PAGE"].read_text(encoding="utf-8") == TOOL["page"](), "`make docs` writes it anew"


def test_every_detector_and_every_kind_of_record_is_on_the_page() -> None:
    written = TOOL["page"]()
    assert [each.id for each in all_detectors() if written.count(f"### `{each.id}`: ") != 1] == []
    assert TOOL["RECORDS"].keys() == KINDS
