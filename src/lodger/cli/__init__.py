"""The command line: what a person types becomes calls of the library, and its answers become text.

Exit codes: 0 done; 1 done and cases above the budget were found (only with ``--fail-on-cases``); 2 wrong use or
unreadable input; 70 a fault in Lodger itself; 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Final

import typer.exceptions
import typer.main

from lodger.cli.app import Session, build
from lodger.cli.terminal import complain, prepare
from lodger.errors import LodgerError
from lodger.startup import keep_memory, without_pandas

WRONG: Final = 2
FAULT: Final = 70  # EX_SOFTWARE of BSD's sysexits.h; Python's own 1 would read as 'cases found'
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count


def main() -> None:
    """Run ``lodger`` with the arguments of this process, and end the process with the exit code."""
    without_pandas()
    keep_memory()
    prepare()
    sys.excepthook = _fault
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit code. Errors that a person can act on end here, as one line on stderr."""
    session = Session()
    try:
        code = typer.main.get_command(build())(
            args=list(arguments), prog_name="lodger", standalone_mode=False, obj=session
        )
    except LodgerError as error:
        return _refuse(error, error.diagnostics(), session)
    except typer.exceptions.TyperException as error:
        return _refuse(error, f"{error.format_message().rstrip('.')}; `lodger --help` says what is possible", session)
    except OSError as error:
        return _refuse(error, str(error), session)
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:
        complain("interrupted; what was stored before stays, and the same command goes on from there")
    return code if isinstance(code, int) else 0


def _refuse(error: Exception, line: str, session: Session) -> int:
    if session.debug:
        complain("".join(traceback.format_exception(error)), lines=True)
    complain(line)
    return WRONG


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    complain("".join(traceback.format_exception(kind, error, trace)), lines=True)
    traceback.clear_frames(trace)  # what they hold (a database, open files) closes now, and quietly
    complain("that is a fault in Lodger, not in what you did; please report it with the lines above")
    sys.exit(FAULT)
