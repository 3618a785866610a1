"""The only place that writes to standard output and standard error.

Every text that may come from a log passes :func:`lodger.report.text.visible` on its way to a terminal, because a
terminal obeys escape sequences, and rich obeys markup; both are switched off here.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Final, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from lodger.report.text import clip, visible

#: Most characters of one message on standard error.
LINE: Final = 600


def prepare() -> None:
    """Let characters that the terminal's encoding lacks come out as ``\\uXXXX`` instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def emit(text: str) -> None:
    """Write text that is fit for a terminal to standard output; a reader that has gone away is no error."""
    _write(sys.stdout, text)


def complain(text: str, *, lines: bool = False) -> None:
    """One line on standard error, made visible and cut to :data:`LINE`; with ``lines`` the text keeps its lines."""
    if lines:
        _write(sys.stderr, "".join(f"{visible(line)}\n" for line in text.splitlines()))
    else:
        _write(sys.stderr, f"lodger: {clip(text, LINE)}\n")


def width() -> int:
    """Columns of the terminal; 80, or what COLUMNS says, in a pipe."""
    return _console().width


def draw(*parts: RenderableType) -> None:
    """Write rich's renderables to standard output: in colour on a terminal, plain and 80 columns wide in a pipe."""
    console = _console()
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    emit("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def hostile(text: str, limit: int, style: str = "") -> Text:
    """Text from a log as rich may print it: nothing in it is obeyed; about ``limit`` characters at most."""
    return Text(clip(text, limit), style=style)


def tail(text: str, limit: int) -> str:
    """The end of ``text``, made visible, in at most ``limit`` characters: a path's end tells most."""
    shown = visible(text[-limit:])
    return shown if len(text) <= limit and len(shown) <= limit else f"…{shown[1 - limit :]}"


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # `lodger cases | head`: what follows goes nowhere, and the command still ends with its own exit code.
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), stream.fileno())
