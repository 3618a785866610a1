"""Looking every day without breaking the promise: e-values.

A likelihood ratio that grows with the evidence is, among ordinary programs, a bet with a mean of at most one at any
time (an e-process), so the chance that it *ever* exceeds 1/alpha is at most alpha, however long one looks and whenever
one stops: J. Ville, "Étude critique de la notion de collectif" (1939); A. Ramdas, P. Grünwald, V. Vovk and G. Shafer,
"Game-theoretic statistics and safe anytime-valid inference", Statistical Science 38 (2023). Alpha-spending, the other
way to look often, fixes the days beforehand and pays for each; a life has no planned end. A trait counts once: a
contact that calls every day is one finding whose weight may grow, not new evidence each day.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def ville_line(ordinary: int, ever: float) -> float:
    """The e-value above which on average at most ``ever`` of ``ordinary`` programs ever come, whatever hangs together.

    By Ville's inequality each of them has a chance of at most one in that many, and means add.
    """
    if ordinary < 1 or ever <= 0:
        raise ValueError("a line needs programs, and some chance")
    return ordinary / ever


def e_bh(e_values: Sequence[float], programs: int, alpha: float) -> float:
    """The e-value from which on programs are chosen so that at most a share ``alpha`` of those chosen is ordinary, on
    average, and whatever hangs together; infinite where none is.

    ``e_values`` are those that may be chosen, one to a program, of ``programs`` in all; the others' count as zero. The
    e-BH procedure: R. Wang and A. Ramdas, "False discovery rate control with e-values", JRSS-B 84 (2022). It holds at
    every time at which one may stop, if they are e-processes.
    """
    ordered = np.sort(np.asarray(e_values, np.float64))[::-1]
    needed = programs / (alpha * np.arange(1, len(ordered) + 1))
    chosen = np.flatnonzero(ordered >= needed)
    return float(needed[chosen[-1]]) if len(chosen) else float("inf")
