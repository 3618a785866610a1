"""Synthetic fleets with ground truth: records of ordinary software and, if wanted, of one intruder's life."""

from lodger.lab.fleet import LookAlike, Truth, write_fleet

__all__ = ["LookAlike", "Truth", "write_fleet"]
