from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lodger.cli import terminal

HOSTILE = st.text(st.characters(codec=None), max_size=300) | st.text(
    st.sampled_from("\x1b\x9b[]31m/bold\u202e\u2066\n\r\t\x00\u200b:smile")
)
SEEN_BY_ALL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def obeyed(text: str) -> set[str]:
    """The characters of ``text`` that a terminal would obey or hide."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char != "\n"}


@SEEN_BY_ALL
@given(HOSTILE)
def test_no_text_from_a_log_reaches_the_terminal_as_a_command(capsys: pytest.CaptureFixture[str], text: str) -> None:
    terminal.draw(terminal.hostile(text, 200))
    terminal.complain(text)
    out, err = capsys.readouterr()
    assert obeyed(out) == set()
    assert obeyed(err) == set()
    assert err.count("\n") == 1


def test_markup_and_emoji_codes_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.draw(terminal.hostile("[bold]a[/bold] :smile: [link=http://a.example]x[/link]", 200))
    assert capsys.readouterr().out == "[bold]a[/bold] :smile: [link=http://a.example]x[/link]\n"


def test_an_escape_sequence_is_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("evil\x1b[2J\u202etxt.exe")
    assert capsys.readouterr().err == "lodger: evil[U+001B][2J[U+202E]txt.exe\n"


def test_a_line_on_standard_error_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("a" * 1_000_000)
    assert len(capsys.readouterr().err) < terminal.LINE + 20


def test_several_lines_stay_several_lines(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("Traceback:\n  file\x1b", lines=True)
    assert capsys.readouterr().err == "Traceback:\n  file[U+001B]\n"


def test_characters_that_the_encoding_lacks_do_not_end_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    terminal.prepare()
    terminal.emit("Müller\n")
    assert raw.getvalue() == b"M\\xfcller\n"


def test_a_reader_that_has_gone_away_does_not_change_the_exit_code() -> None:
    gone, writing = os.pipe()
    os.close(gone)
    code = "from lodger.cli.terminal import emit\nfor _ in range(3): emit('x' * 100_000)\nraise SystemExit(1)"
    done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")
