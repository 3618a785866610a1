"""Synthetic fleets with ground truth: records of ordinary software and, if wanted, of one intruder's life."""

from lodger.lab.fleet import Intruder, Truth, write_fleet
from lodger.lab.furnishing import LookAlike

__all__ = ["Intruder", "LookAlike", "Truth", "write_fleet"]
