"""What holds for the project as a whole, and no single module could test."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src" / "lodger").rglob("*.py"))
#: Hosts of package indexes, taken apart so that this file does not name them.
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(?:com|org)", r"simple/?\s*$"])
)
PIP_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host")


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("only a git checkout says which files are the project's")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_this_machine_or_a_package_index() -> None:
    folders = [path for path in (ROOT, ROOT.parent / "shared", Path.home()) if len(path.parts) > 2]
    here = re.compile("|".join(rf"{re.escape(str(path))}(?![\w-])" for path in folders) or "(?!)")
    found = [
        (path.relative_to(ROOT), match[0])
        for path in tracked()
        for pattern in (REGISTRY, here)
        if (match := pattern.search(path.read_bytes().decode("utf-8", "replace")))
    ]
    assert found == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda lock: lock.name)
def test_locks_have_a_hash_for_everything_and_no_options(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert PIP_OPTION.search(text) is None
    assert "file://" not in text
    entries = re.findall(r"^([a-z0-9.-]+)==\S+(?: ; [^\\\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert entries == re.findall(r"^([^#\s][^=]*)==", text, re.MULTILINE)
    assert len(entries) > 5


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *chain(*project["project"]["optional-dependencies"].values())]
    wanted += project["build-system"]["requires"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][a-z0-9-]*) \|", page, re.MULTILINE)
    names = {re.split(r"[<>=]", each)[0] for each in wanted}
    assert sorted(name for name in rows if name != "package") == sorted(names)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_modules_stay_small_and_leave_the_process_to_the_command_line(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    if module.is_relative_to(ROOT / "src" / "lodger" / "cli"):
        return
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"argparse", "typer", "click", "rich"}
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not calls & {"print", "exit", "quit", "sys.exit", "os._exit"}
