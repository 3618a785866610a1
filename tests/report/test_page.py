"""The report as a file: whole, without addresses, and proof against what logs may hold."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.report import sample

from lodger.errors import LodgerError
from lodger.model.findings import Case, ContactDay, Evidence, Facet, Life, RecordRef
from lodger.model.ingest import AnalysisSummary
from lodger.report import charts
from lodger.report.page import in_script, render, write_report


def _render(lives: Sequence[Life], cases: Sequence[Case] | None = None, title: str = "Fleet") -> str:
    table = [life.case for life in lives] if cases is None else cases
    return render(cases=table, lives=lives, summary=sample.SUMMARY, title=title, written=sample.WRITTEN)


class _Page(HTMLParser):
    """Elements with their attributes, and the text of each script and of the rest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.text: list[str] = []
        self.comments: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        if tag in {"script", "style"}:
            self._inside = tag
            (self.scripts if tag == "script" else self.styles).append("")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("/" + tag, ()))
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            (self.scripts if self._inside == "script" else self.styles)[-1] += data
        else:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def shape(self) -> list[tuple[str, list[tuple[str, str | None]]]]:
        """All elements with all attributes; the values of those that carry log text are left out."""
        return [
            (tag, [(name, None if name in {"title", "content"} else value) for name, value in attrs])
            for tag, attrs in self.elements
        ]

    def attributes(self, name: str) -> list[str]:
        """All values of one attribute."""
        return [value or "" for _, attrs in self.elements for key, value in attrs if key == name]


def _words(parsed: _Page) -> str:
    return " ".join(" ".join(parsed.text).split())


def test_the_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("an older one")
    life = sample.duqu()
    write_report(out, cases=[life.case], lives=[life], summary=sample.SUMMARY, title="Fleet", written=sample.WRITTEN)
    assert out.read_text("utf-8") == _render([life])
    assert list(tmp_path.iterdir()) == [out]


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    out = tmp_path / "absent" / "report.html"
    with pytest.raises(LodgerError, match=r"cannot write the report to .*report\.html: No such file") as caught:
        write_report(out, cases=[], lives=[], summary=sample.SUMMARY)
    assert caught.value.advice


def test_a_folder_in_the_way_leaves_no_part_behind(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(LodgerError, match="cannot write the report"):
        write_report(tmp_path / "report.html", cases=[], lives=[], summary=sample.SUMMARY)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_page_loads_nothing_and_its_policy_admits_only_its_own_scripts_and_style() -> None:
    parsed = _Page(_render(sample.fleet()))
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form", "image", "use", "video", "audio"}
    assert not parsed.attributes("src") + parsed.attributes("style") + parsed.attributes("onclick")
    assert all(re.fullmatch(r"#[a-z0-9-]+", target) for target in parsed.attributes("href"))
    assert "url(" not in parsed.styles[0]
    assert "@import" not in parsed.styles[0]
    run = [script for script in parsed.scripts if not script.startswith("{")]
    hashes = ["sha256-" + base64.b64encode(hashlib.sha256(it.encode()).digest()).decode() for it in run + parsed.styles]
    assert len(hashes) == 3
    assert parsed.attributes("content")[0] == (
        f"default-src 'none'; script-src '{hashes[0]}' '{hashes[1]}'; style-src '{hashes[2]}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_links_lead_to_sections_that_are_there() -> None:
    parsed = _Page(_render(sample.fleet()))
    ids = parsed.attributes("id")
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in parsed.attributes("href")} <= set(ids)
    assert {"stay-1", "stay-11", "stay-1-12"} <= set(ids)


def test_the_story_of_a_stay_is_told_in_text_alone() -> None:
    said = _words(_Page(_render([sample.duqu()])))
    for line in (
        "One contact in 64 min 12 s, give or take 4 %, day and night",
        "13.0 dB , counted 6.5 P(implant) 0.60 / P(ordinary) 0.03 Regular contact ATT&CK T1029",
        "812 records: zeek/2011-09/http.log.gz #8000, #8185, #8370, #8555;",
        "logs.zip!ws-017/sysmon.json #8037, #8074,",
        "and 792 more",
        "2011-09-01 08:14 → 2011-10-07 11:55 36 days",
        "Prior: how rare such a stay is, before any evidence \u221240.0",
        "Weight of evidence (the terms without the prior) 143.1",
        "Prior and evidence 103.1",
        "Odds, 10 103.1 / 10 2.0 \u00d7 10¹⁰ : 1",
        "206.183.111.97 37 2011-09-01 09:04:05",
        "No DNS log: names that it asked for are not known.",
        "silence of its programs in that time says nothing.",
    ):
        assert line in said


def test_a_table_that_does_not_agree_with_the_terms_is_said_so() -> None:
    life = sample.duqu()
    assert "which is not what these terms give" not in _render([life])
    other = replace(life, case=replace(life.case, weight_db=12.0))
    assert "The ranked table says 12.0 dB and odds of" in _words(_Page(_render([other])))


def test_what_the_telemetry_does_not_show_is_not_made_up() -> None:
    life = sample.duqu()
    bare = replace(life.case, arrival=None, departure=None, lfdr=None, contacts=())
    said = _words(_Page(_render([Life(bare, -40.0, (), (), ())])))
    assert "before 2011-09-01 08:14 → last seen 2011-10-07 11:55" in said
    assert "fleet too small to say" in said
    assert "none seen" in said
    assert "No detector found anything on this stay." in said


def test_only_the_first_two_hundred_cases_are_in_the_table_and_the_rest_are_counted() -> None:
    case = sample.duqu().case
    cases = [replace(case, rank=rank, stay_id=f"s-{rank}") for rank in range(1, 1235)]
    page = _render([], cases)
    assert page.count('<td class="rank"') == 200
    assert "1,034 more cases rank below these" in page


def _party(kin: int) -> list[Life]:
    """The life of 36 days, with so many that came with it, the second on another host; then the ordinary ones."""
    head, *others = sample.fleet()
    names = [r"C:\Windows\Temp\setup.exe", "D:\\a\\helper.exe", *(f"/x/{number}.so" for number in range(kin - 2))]
    came = [
        replace(
            head,
            case=replace(
                head.case,
                rank=rank,
                stay_id=f"k-{rank}",
                came_with=head.case.stay_id,
                program=name,
                host="ws-018" if rank == 3 else head.case.host,
            ),
        )
        for rank, name in enumerate(names, start=2)
    ]
    rest = [replace(life, case=replace(life.case, rank=life.case.rank + kin)) for life in others]
    return [head, *came, *rest]


def test_those_that_came_together_are_one_row_and_lead_to_each_other() -> None:
    lives = _party(2)
    page = _render(lives[:2], [life.case for life in lives])
    assert re.findall(r'<td class="rank" data-label="Rank">(\d+)', page) == ["1", *map(str, range(4, 14))]
    said = _words(_Page(page))
    assert "with setup.exe (143.1 dB), helper.exe on ws-018 (143.1 dB)" in said
    assert "With it came setup.exe (143.1 dB), helper.exe on ws-018 (143.1 dB) Stay s-1f0c77" in said
    assert "Came with jminet7.sys (143.1 dB), helper.exe on ws-018 (143.1 dB) Stay k-2" in said
    links = [target for target in _Page(page).attributes("href") if re.fullmatch("#stay-[0-9]+", target)]
    assert links == ["#stay-1", "#stay-2", "#stay-2", "#stay-1"]  # twice in the row, then from either section


def test_of_many_that_came_together_eight_are_named_and_the_others_counted() -> None:
    lives = _party(12)
    said = _words(_Page(_render([], [life.case for life in lives])))
    assert "5.so (143.1 dB) and 4 more" in said
    assert "6.so" not in said


def test_false_cases_are_counted_by_case() -> None:
    lives = _party(3)
    said = _words(_Page(_render([], [life.case for life in lives][:5])))  # lfdr 0.002, three times again, 0.5
    false = lives[0].case.lfdr, lives[4].case.lfdr
    assert None not in false
    assert f"Of these 2, {sum(each or 0 for each in false):.1f} are expected to be false" in said


def test_only_twenty_destinations_are_listed_and_the_rest_are_counted() -> None:
    life = sample.duqu()
    day = datetime(2011, 9, 3, tzinfo=UTC)
    contacts = tuple(ContactDay(f"198.51.100.{number}", day, (day,), None, None) for number in range(33))
    said = _words(_Page(_render([replace(life, contacts=contacts)])))
    assert said.count("not counted not counted") == 20
    assert "13 more destinations are not listed." in said


def test_a_report_of_nothing_says_so() -> None:
    page = _render([])
    assert "No stays were found." in page
    assert "vegaEmbed" not in page


def test_the_charts_library_is_in_the_file_once() -> None:
    page = _render(sample.fleet())
    assert page.count("window.vegaEmbed=") == 1
    assert len(page) < 1_400_000


def test_names_of_odd_things_are_shown_as_they_are() -> None:
    life = sample.duqu()
    name = "</script><img src=x onerror=alert(1)>{{ 7*7 }}\u202egpj.exe"
    page = _render([replace(life, case=replace(life.case, program=name))])
    assert "</script><img src=x onerror=alert(1)>{{ 7*7 }}[U+202E]gpj.exe" in _words(_Page(page))
    assert "\u202e" not in page


_NASTY = (
    "</script>", "</title><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "{% raw %}",
    "\u2028\u2029", "\" onmouseover=\"alert(1)", "' x='", "<!--", "-->", "]]>", "&lt;b&gt;", "\u202e", "\x00", "\ud800",
    "</style>", "`${1}`", "javascript:alert(1)", "</bdi>", "\\u003c", "a" * 5000, "<" * 900, "",
)  # fmt: skip
_HOSTILE = st.one_of(
    st.sampled_from(_NASTY), st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from(_NASTY), min_size=2, max_size=3).map("".join),
)  # fmt: skip
_FIELDS = 16


@dataclass(frozen=True)
class _Filled:
    life: Life
    title: str
    summary: AnalysisSummary


def _fill(name: Callable[[int], str]) -> _Filled:
    """A small report with ``name(n)`` in its ``n``-th text field; the same shape whatever the names are."""
    when, last = sample.ARRIVED, sample.LEFT
    found = tuple(
        Evidence(
            name(0), name(1), name(2), facet, name(3), name(4), when, last, 0.5, 0.01, 17.0, 17.0,
            (RecordRef("a" + name(5), 1), RecordRef("b" + name(6), 2), RecordRef("a" + name(5), 3)), 9,
        )
        for facet in (Facet.ARRIVAL, Facet.CONTACT)
    )  # fmt: skip
    case = Case(
        1, name(0), name(7), name(8), (name(9), name(10)), when, last, when, last, 34.0, 10**-0.6, 0.1,
        (Facet.ARRIVAL, Facet.CONTACT), name(11),
    )  # fmt: skip
    contacts = tuple(ContactDay(place + name(12), when, (when, last), 5, None) for place in "ab")
    summary = AnalysisSummary(1, 2, 3, 4, (name(14),))
    return _Filled(Life(case, -40.0, found, contacts, (name(13),)), name(15), summary)


def _parsed(filled: _Filled) -> _Page:
    life = filled.life
    page = render(
        cases=[life.case], lives=[life], summary=filled.summary, title=filled.title, written=sample.WRITTEN
    )  # fmt: skip
    return _Page(page)


@pytest.fixture(scope="module")
def harmless() -> _Page:
    return _parsed(_fill(lambda field: f"field {field}"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_HOSTILE, min_size=_FIELDS, max_size=_FIELDS))
def test_no_text_of_a_log_adds_an_element_an_attribute_or_a_script(harmless: _Page, names: list[str]) -> None:
    hostile = _parsed(_fill(names.__getitem__))
    assert hostile.shape() == harmless.shape()
    assert hostile.comments == []
    own = [script for script in harmless.scripts if not script.startswith("{")]
    assert [script for script in hostile.scripts if not script.startswith("{")] == own
    for script in hostile.scripts:
        if script.startswith("{"):
            assert not set(script) & set("<>&\u2028\u2029")
            json.loads(script)


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_in_a_script_means_what_it_meant(value: object) -> None:
    written = in_script(value)
    assert written.isascii()
    assert not set(written) & set("<>&")
    assert json.loads(written) == value


def test_no_specification_holds_text_of_a_log() -> None:
    before = json.dumps(charts.specs())
    _parsed(_fill(lambda field: f"marker-{field}"))
    assert json.dumps(charts.specs()) == before
    assert "marker-" not in before
