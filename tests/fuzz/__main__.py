"""``python -m tests.fuzz``: every target for some time, one after the other, each in a process of its own.

What breaks a target is kept in ``build/fuzz/TARGET/`` and can be replayed; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.fuzz import samples
from tests.fuzz.engine import run
from tests.fuzz.targets import Target, targets

OUT: Final = samples.ROOT / "build" / "fuzz"
_FOUND: Final = 3


def main() -> int:
    """Parse the command line and fuzz."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="for each target")
    parser.add_argument("--seed", type=int, default=1, help="another one gives other inputs")
    parser.add_argument("--replay", type=Path, help="check this input only (with --target)")
    parser.add_argument("--target", action="append", default=[], help="only this target; may come again")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    recorded = OUT / "samples"
    if wanted.worker is None and wanted.replay is None:
        _say("recording samples from the readers' tests")
        recorded.mkdir(parents=True, exist_ok=True)
        samples.record(recorded)
    known = {target.name: target for target in targets(recorded)}
    chosen = [known[name] for name in wanted.target or known]
    if wanted.replay is not None:
        return _replay(chosen, wanted.replay)
    if wanted.worker is not None:
        return _work(chosen[0], wanted.worker, wanted.seconds, wanted.seed)
    findings = sum(_watched(target, wanted.seconds, wanted.seed) for target in chosen)
    _say(f"{len(chosen)} targets, {findings} with a finding")
    return 1 if findings else 0


def _replay(chosen: list[Target], content: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for target in chosen:
            target.check(content.read_bytes(), Path(folder))
    _say("nothing is wrong with this input")
    return 0


def _work(target: Target, folder: Path, seconds: float, seed: int) -> int:
    outcome = run(target, folder, seconds, seed)
    _say(f"{target.name}: {outcome.inputs:,} inputs from {len(target.samples)} samples")
    if outcome.finding is None:
        return 0
    (folder / "input").write_bytes(outcome.finding.content)
    _say(outcome.finding.trace)
    return _FOUND


def _watched(target: Target, seconds: float, seed: int) -> bool:
    """Fuzz in a process of its own: a library that takes the process with it is a finding, too."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz", "--worker", folder, "--target", target.name]
        code = subprocess.run([*command, f"--seconds={seconds}", f"--seed={seed}"], check=False).returncode
        if code == 0:
            return False
        content = (Path(folder) / "input").read_bytes()
    kept = OUT / target.name / hashlib.sha256(content).hexdigest()[:16]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    how = "" if code == _FOUND else f" ended the process with {code};"
    shown = kept.relative_to(samples.ROOT)
    _say(f"{target.name}:{how} replay: python -m tests.fuzz --target {target.name} --replay {shown}")
    return True


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
