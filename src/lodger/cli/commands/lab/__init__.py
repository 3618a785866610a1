"""Synthetic fleets with known intruders, to try things on. Records only: nothing that is written here can run."""

EXAMPLE = "lodger lab fleet --out fleet"
