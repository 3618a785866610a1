"""Errors that a person can act on: every one says what happened and what to do next."""

from __future__ import annotations


class LodgerError(Exception):
    """Base of all errors that Lodger raises on purpose.

    ``str(error)`` is one line for people. ``advice`` says what to do next; it may be empty.
    """

    advice = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(" ".join(message.split()))
        if advice is not None:
            self.advice = advice

    def diagnostics(self) -> str:
        """The message and, where there is any, the advice: one line."""
        return f"{self}. {self.advice}" if self.advice else str(self)


class InputError(LodgerError):
    """A path or file that was named cannot be read at all."""


class CaseError(LodgerError):
    """The case directory is missing, damaged, or of a version that this program cannot read."""


class CaseHeldError(CaseError):
    """Another process is writing to the case."""

    advice = "wait until it is done"


class UnknownStayError(LodgerError):
    """No stay has the id that was asked for."""

    advice = "`lodger cases` lists the ids"


class PluginError(LodgerError):
    """A reader or detector breaks the rules for its kind; the message names its file."""


class NotApplicableError(LodgerError):
    """The question cannot be answered with the telemetry at hand (not the same as 'nothing found')."""
