"""Synthetic fleets to try things on.

They hold records only; nothing in them can run.
"""

EXAMPLE = "lodger lab fleet --out fleet"
