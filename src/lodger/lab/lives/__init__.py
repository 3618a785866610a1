"""Intruders' lives: what kinds there are, and what each leaves in the records. Log lines only; nothing acts."""

from lodger.lab.lives.scenario import Scenario, duqu_variants

__all__ = ["Scenario", "duqu_variants"]
