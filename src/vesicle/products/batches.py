"""Batches of one product: how they truly differ, as factors over the mean batch.

A batch has a yield Y of vesicles per donor cell, a diameter, copies of its cargo per vesicle, a number of vesicles per protein P, and a counting error C, each log-normal with
mean 1 and the recorded coefficient of variation cv, sigma^2 = ln(1 + cv^2); p passages of the donor further multiply yield and copies by y^p and n^p. The number of
vesicles in a dose then depends on what the dose was measured by:

    counted vesicles   dose / dose of the mean batch = 1 / C
    protein            P
    donor cells        Y

These are true differences between batches (level *subject*), not doubt about a number; the doubt is about cv, and is drawn beside them.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.site import Site

Array = npt.NDArray[np.float64]
CELL, EXOSOME = "mesenchymal stem cell", "exosome"
VARIES = ("yield", "diameter", "cargo", "purity", "count")
DOSED_BY = ("counted vesicles", "protein", "donor cells")


@dataclass(frozen=True)
class Batches:
    """(n,) factors over the mean batch of each batch: vesicles in a dose, diameter, copies per vesicle."""

    dose: Array
    diameter: Array
    cargo: Array


def variation(site: Site) -> dict[str, sympy.Expr]:
    """cv of what varies, and the factors of one passage, over the parameters of a site."""
    out: dict[str, sympy.Expr] = {name: site.quantity("batch_cv", "1", cell=CELL, product=EXOSOME, label=name) for name in VARIES}
    out["passage_yield"] = site.quantity("passage_yield_fold", "1", cell=CELL, product=EXOSOME)
    out["passage_cargo"] = site.quantity("passage_cargo_fold", "1", cell=CELL, product=EXOSOME)
    return out


def batches(number: int, cv: Mapping[str, float], dosed_by: str, passages: float = 0.0, seed: int = 1) -> Batches:
    """Some batches, the same for the same seed; more of them change none.

    Parameters
    ----------
    cv : what :func:`variation` names, as numbers.
    dosed_by : one of :data:`DOSED_BY`.
    passages : of the donor beyond those of the mean batch.

    Raises
    ------
    UnknownName
        For a way of measuring a dose that is none.
    """
    if dosed_by not in DOSED_BY:
        raise unknown_name("way of measuring a dose", dosed_by, DOSED_BY)
    made = cv["passage_yield"] ** passages * _factors("yield", number, cv["yield"], seed)
    dose = {"counted vesicles": 1 / _factors("count", number, cv["count"], seed), "protein": _factors("purity", number, cv["purity"], seed), "donor cells": made}[dosed_by]
    cargo = cv["passage_cargo"] ** passages * _factors("cargo", number, cv["cargo"], seed)
    return Batches(dose, _factors("diameter", number, cv["diameter"], seed), cargo)


def _factors(name: str, number: int, cv: float, seed: int) -> Array:
    """(number,) log-normal factors with mean 1, from a stream of their own."""
    word = hashlib.blake2b(f"{seed}|batch|{name}".encode(), digest_size=16).digest()
    normal = np.random.Generator(np.random.Philox(key=int.from_bytes(word, "big"))).standard_normal(number)
    spread = math.sqrt(math.log1p(cv**2))
    return np.asarray(np.exp(spread * normal - spread**2 / 2))
