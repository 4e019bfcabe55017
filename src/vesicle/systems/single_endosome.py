"""One endosome: the equations of :mod:`vesicle.mechanisms.making.endosomes` by themselves, with SciPy as an independent solver."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.endosomes import AIRY

QUANTITIES = {
    "t1": "endosome_maturation_time", "drive": "rab_switch_drive", "k7": "rab_switch_rab7_threshold", "f": "rab_switch_rab7_feedback",
    "k5": "rab_switch_rab5_threshold", "b0": "rab_switch_rab5_basal", "ki": "rab_switch_inhibition", "critical": "rab_switch_critical_drive",
    "relaxation": "rab_switch_relaxation_share", "share": "rab_switch_recruitment_share", "bend": "rab_switch_fold_curvature",
}  # fmt: skip
NEW = (0.9, 0.0)  # a new early endosome: Rab5 active, Rab7 not
LONG = 60.0  # in switch times: long after anything happens
SETTLE = 500  # steps of an iteration that contracts
SAME = 1e-3  # two rests closer than this are one


@dataclass(frozen=True)
class Switch:
    """The numbers of one endosome's switch; see the module that they come from."""

    level: float
    t1: float
    drive: float
    k7: float
    f: float
    k5: float
    b0: float
    ki: float
    critical: float
    relaxation: float
    share: float
    bend: float

    @classmethod
    def measured(cls, library: Library, level: float) -> Switch:
        """At the nominal values of the records."""
        return cls(level, **{name: match(library, quantity, {}).records[0].value for name, quantity in QUANTITIES.items()})

    @property
    def tau_c(self) -> float:
        """Time constant of recruitment [h]."""
        return self.share * self.t1

    @property
    def tau(self) -> float:
        """Relaxation time of the Rab activities [h]."""
        return self.relaxation * self.t1

    @property
    def early_rab5(self) -> float:
        """Rab5 of the early state, the upper rest of its equation without Rab7."""
        a = 1.0
        for _ in range(SETTLE):
            a = self.b0 + (1 - self.b0) * a * a / (self.k5**2 + a * a)
        return a

    def slopes(self, a: float, b: float, c: float) -> tuple[float, float]:
        """d(a, b)/dt at a drive c [1/h]."""
        rab5 = self.b0 + (1 - self.b0) * a * a / (self.k5**2 + a * a) / (1 + (b / self.ki) ** 2) - a
        rab7 = c + self.f * b * b / (self.k7**2 + b * b) - b
        return rab5 / self.tau, rab7 / self.tau

    def path(self, duration: float, start: tuple[float, float, float] | None = None, level: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Times and (3, n) states of Rab5, Rab7 and drive."""
        from scipy.integrate import solve_ivp

        sand = (self.level if level is None else level) / self.early_rab5

        def slope(_: float, y: np.ndarray) -> list[float]:
            return [*self.slopes(y[0], y[1], y[2]), (self.drive * sand * y[0] - y[2]) / self.tau_c]

        found = solve_ivp(slope, (0, duration), start or (*NEW, 0.0), method="LSODA", rtol=1e-8, atol=1e-10, dense_output=True)
        times = np.linspace(0, duration, 4001)
        return times, found.sol(times)

    def end(self) -> tuple[float, float]:
        """Rab5 and Rab7 long after."""
        _, y = self.path(LONG * self.t1)
        return float(y[0, -1]), float(y[1, -1])

    def states(self, drive: float) -> list[tuple[float, float]]:
        """The stable rests at a held drive, found from many starts."""
        from scipy.integrate import solve_ivp

        found: list[tuple[float, float]] = []
        for b in np.linspace(0, 1, 9):
            for a in (0.05, 0.9):
                y = solve_ivp(lambda _, y: self.slopes(y[0], y[1], drive), (0, 2000 * self.tau), (a, b), method="LSODA", rtol=1e-8, atol=1e-10).y[:, -1]
                if not any(abs(y[1] - other[1]) < SAME and abs(y[0] - other[0]) < SAME for other in found):
                    found.append((float(y[0]), float(y[1])))
        return sorted(found, key=lambda state: state[1])

    def after_withdrawal(self) -> tuple[float, float]:
        """Rab5 and Rab7 long after SAND1 was taken from an endosome that had all the time to switch."""
        _, y = self.path(LONG * self.t1)
        _, back = self.path(LONG * self.t1, start=tuple(float(x) for x in y[:, -1]), level=0.0)  # type: ignore[arg-type]
        return float(back[0, -1]), float(back[1, -1])

    def switch_time(self) -> float:
        """When Rab7 overtakes Rab5 [h]; infinite if it never does."""
        times, y = self.path(LONG * self.t1)
        crossed = np.nonzero(y[1] > y[0])[0]
        return float(times[crossed[0]]) if len(crossed) else math.inf

    def formula_time(self) -> float:
        """The switch time that the pools use [h]."""
        over = self.drive * self.level - self.critical
        if over <= 0:
            return math.inf
        delay = AIRY * (self.tau**2 * self.tau_c / (self.bend * over)) ** (1 / 3)
        return float(-self.tau_c * math.log(over / (self.drive * self.level)) + delay)
