"""How many ordinary programs weigh as much: the fleet's own null, and what follows from it for a case.

By theory an ordinary program reaches ``w`` decibans with a chance of at most 10^(-w/10) (Markov's inequality: the
mean likelihood ratio of ordinary programs is one). That holds as far as the shares behind the weights are right and
findings independent, which they are not quite. So the tail is measured on the fleet, as in B. Efron, "Large-scale
simultaneous hypothesis testing: the choice of a null hypothesis", JASA 99 (2004), and "Large-Scale Inference" (2010),
chapter 6. Sums are discrete, many at one value, with a long right tail, so that the normal null of those texts fits
neither the bulk nor the tail. Here the null is an exponential tail above the fleet's own upper fifth. Its slope is the
maximum-likelihood estimate from the middle of that fifth: of the largest sums, among which intruders are, it takes the
number and not the size (type II censoring: B. Epstein and M. Sobel, "Life testing", JASA 48 (1953)). The slope is known
no better than so many programs tell it: the tail is that of the posterior predictive distribution, which is heavier.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

#: Fewer programs than this have no tail of their own to speak of.
PROGRAMS: Final = 200

#: A tail of fewer programs than this has no slope to speak of.
TAIL: Final = 20

#: Of the programs, the share whose sums make the tail; of those, the share that is counted but not measured.
UPPER: Final = 0.2
CENSORED: Final = 0.1

#: Decibans to a factor of e: no tail of likelihood ratios falls quicker.
STEEPEST: Final = 10 / math.log(10)

#: Implants' sums lie anywhere within this many decibans above the start of the tail.
SPREAD: Final = 100.0

#: How much of a p-value's exponent an e-value gives up; see :meth:`Null.e_value`.
KAPPA: Final = 0.1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Null:
    """The tail of ordinary programs: of ``programs``, ``above`` have sums above ``start`` (decibans), fewer by a factor
    of e every ``scale`` decibans, as ``measured`` of them tell it. ``implants`` of the programs are none of them, as an
    estimate.
    """

    programs: int
    above: int
    start: float
    scale: float
    measured: int
    implants: float = 0.0

    def expected(self, weight_db: float) -> float:
        """How many ordinary programs of the fleet weigh at least as much; above ``start``."""
        excess = max(0.0, weight_db - self.start)
        return self.above * (1 + excess / (self.measured * self.scale)) ** -self.measured

    def density(self, weight_db: float) -> float:
        """How many of them there are to a deciban, there."""
        excess = max(0.0, weight_db - self.start)
        return self.expected(weight_db) / (self.scale + excess / self.measured)

    def lfdr(self, weight_db: float) -> float:
        """The local false-discovery rate, pi0 f0 / f: the chance that a program of this weight is ordinary.

        f0 is the tail, f1 even over :data:`SPREAD` decibans; falls with the weight. Four decimals.
        """
        if weight_db <= self.start:
            return 1.0
        ordinary = self.density(weight_db)
        return round(ordinary / (ordinary + self.implants / SPREAD), 4)

    def p_value(self, weight_db: float) -> float:
        """The chance that an ordinary program weighs at least as much; one below ``start``."""
        return self.expected(weight_db) / self.programs if weight_db > self.start else 1.0

    def e_value(self, weight_db: float) -> float:
        """The evidence that the program is none of the ordinary ones, as a bet whose mean among those is one.

        It is the likelihood ratio, 10^(w/10), raised to a power below one so that its mean over the fleet's measured
        tail is finite, and divided by that mean: kappa p^(kappa - 1), p the p-value (V. Vovk and R. Wang, "E-values:
        calibration, combination and applications", Annals of Statistics 49 (2021)). Five figures.
        """
        return float(f"{KAPPA * self.p_value(weight_db) ** (KAPPA - 1):.5g}")


def fit(weights: Iterable[float], programs: int, aside: Iterable[float] = ()) -> Null | None:
    """The null of a fleet of ``programs``, of which those with evidence have these sums (decibans, the best of each
    program's stays). ``aside`` are the sums of others that count as ordinary no more: they have no part in the tail,
    and count for implants as far as the tail does not reach them.
    None where there are fewer than :data:`PROGRAMS`, or fewer than :data:`TAIL` in the tail.
    """
    ordered = np.sort(np.fromiter(weights, np.float64))[::-1]
    above = min(int(programs * UPPER), len(ordered) - 1)
    if programs < PROGRAMS or above < TAIL:
        return None
    start = float(ordered[above])
    excess = ordered[:above] - start
    censored = math.ceil(above * CENSORED)
    measured = excess[censored:]
    scale = max(STEEPEST, float((measured.sum() + censored * measured[0]) / len(measured)))
    null = Null(programs, above, start, scale, len(measured))
    return replace(null, implants=_implants(null, np.append(ordered[:above], [*aside])))


def _implants(null: Null, weights: Floats) -> float:
    """How many of the tail are implants, by expectation-maximisation; one to a fleet is expected before (the number's
    prior is exponential).
    """
    ordinary = np.array([null.density(each) for each in weights])
    count = 1.0
    for _ in range(200):
        implant = count / SPREAD
        count = float((implant / (ordinary + implant)).sum()) / 2
    return round(count, 6)
