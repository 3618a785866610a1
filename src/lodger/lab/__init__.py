"""Synthetic fleets with ground truth: records of ordinary software and, if wanted, of intruders' lives."""

from lodger.lab.fleet import write_fleet
from lodger.lab.lives import Scenario
from lodger.lab.truth import Intruder, LookAlike, Truth, is_intruders, is_touched, read_truth

__all__ = ["Intruder", "LookAlike", "Scenario", "Truth", "is_intruders", "is_touched", "read_truth", "write_fleet"]
