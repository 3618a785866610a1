"""Finds the commands: every module under :mod:`lodger.cli.commands` is one, a package there is a group of them.

A command's module has a function of the module's name, whose docstring is its help, and ``EXAMPLE``, a command line
that works. The function returns the exit code.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any

import typer

from lodger.cli import commands
from lodger.cli.terminal import emit
from lodger.errors import PluginError

HELP = """Finds the lodger in the house: a program with valid papers that phones home and moves out after a month.

Reads telemetry (Windows events, Zeek logs), keeps every program's life on every host, and ranks the lives by the
evidence in them."""
EXAMPLE = "lodger hunt logs/"


@dataclass
class Session:
    """What the options before the command say."""

    debug: bool = False


def build() -> typer.Typer:
    """The whole command line.

    Raises:
        PluginError: a module under ``commands`` is not a command.
    """
    app = _typer(HELP, EXAMPLE)
    app.callback(invoke_without_command=True)(_globals)
    _add(app, commands)
    return app


def names(package: ModuleType = commands) -> Iterator[tuple[str, ...]]:
    """The commands as they are typed: ``("hunt",)``, ``("lab", "fleet")``."""
    for found in pkgutil.iter_modules(package.__path__):
        if found.ispkg:
            inner = importlib.import_module(f"{package.__name__}.{found.name}")
            yield from ((found.name, *rest) for rest in names(inner))
        else:
            yield (found.name.rstrip("_"),)


def _add(app: typer.Typer, package: ModuleType) -> None:
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        if found.ispkg:
            group = _typer(inspect.getdoc(module) or "", _text(module, "EXAMPLE"))
            group.callback()(lambda: None)
            _add(group, module)
            app.add_typer(group, name=found.name)
        else:
            name = found.name.rstrip("_")  # `import_`: a module cannot have the name of a keyword
            app.command(name, epilog=_epilog(_text(module, "EXAMPLE")))(_function(module, found.name))


def _typer(about: str, example: str) -> typer.Typer:
    return typer.Typer(
        help=about,
        epilog=_epilog(example),
        add_completion=False,
        rich_markup_mode=None,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _epilog(example: str) -> str:
    return f"\b\nExample:\n  {example}"


def _text(module: ModuleType, name: str) -> str:
    value = getattr(module, name, None)
    if not isinstance(value, str) or not value:
        raise PluginError(f"{module.__name__} has no {name}")
    return value


def _function(module: ModuleType, name: str) -> Callable[..., Any]:
    function = getattr(module, name, None)
    if not inspect.isfunction(function) or not function.__doc__:
        raise PluginError(f"{module.__name__} has no function {name} with a docstring")
    return function


def _version(wanted: bool) -> None:
    if wanted:
        emit(f"lodger {importlib.metadata.version('lodger')}\n")
        raise typer.Exit


def _globals(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error came from.")] = False,
) -> int | None:
    context.ensure_object(Session).debug = debug
    if context.invoked_subcommand is None:
        emit(f"{context.get_help()}\n")
        return 2
    return None
