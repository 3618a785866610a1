"""The page in the repository is what the results in the repository say."""

from __future__ import annotations

from pathlib import Path

from benchmarks.lab import charts, page
from benchmarks.lab.__main__ import RESULTS

DOCS = Path(__file__).parents[3] / "docs"
AGAIN = "run `python -m benchmarks.lab page`"


def test_the_page_says_what_the_results_that_are_kept_say() -> None:
    assert (DOCS / "benchmark.md").read_text(encoding="utf-8") == page.text(RESULTS), AGAIN


def test_the_curves_show_the_results_that_are_kept() -> None:
    for name, chart in charts.made(RESULTS).items():
        picture = (DOCS / "images" / charts.file_of(name)).read_text(encoding="utf-8")
        assert picture.startswith("<svg")
        assert picture.endswith(f"</svg>\n{charts.mark(chart)}\n"), AGAIN
