"""Zeek over a capture, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

#: What Zeek may take: ten minutes, and a second for every so many bytes of the capture.
_LEAST_SECONDS: Final = 600
_BYTES_A_SECOND: Final = 200_000
_SAID: Final = 2_000


def zeek() -> str | None:
    """The ``zeek`` on the PATH; None where there is none.

    An entry of the PATH that is relative is passed over: it may lead into a folder of evidence, and nothing that lies
    there is ever run.
    """
    found = shutil.which("zeek")
    return found if found is not None and Path(found).is_absolute() else None


def run_zeek(capture: Path, folder: Path) -> str | None:
    """Run Zeek over a capture; its logs lie in ``folder`` then. Returns why it did not come to its end, else None.

    Checksums are not looked at (``-C``): a capture made on the host itself has those that its network card would fill.
    """
    program = zeek()
    if program is None:
        return "zeek is no longer on the PATH"
    said = folder / "stderr"
    seconds = _LEAST_SECONDS + capture.stat().st_size // _BYTES_A_SECOND
    try:
        with said.open("wb") as errors:
            status = subprocess.run(  # noqa: S603  # an absolute path from the PATH
                [program, "-C", "-r", str(capture.absolute())],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                timeout=seconds,
                check=False,
            ).returncode
    except subprocess.TimeoutExpired:
        return f"zeek was stopped after {seconds:,} s: its logs until then are read"
    except OSError as error:
        return f"zeek cannot be run: {error.strerror or error}"
    if status == 0:
        return None
    return f"zeek failed ({_last_line(said)}): its logs until then are read"


def _last_line(said: Path) -> str:
    """The last thing that Zeek said."""
    with said.open("rb") as file:
        file.seek(max(said.stat().st_size - _SAID, 0))
        lines = file.read().decode("utf-8", "backslashreplace").split("\n")
    words = [line.strip() for line in lines if line.strip()]
    return words[-1][:300] if words else "it did not say why"
