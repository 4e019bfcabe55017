"""How blood loses particles: phagocytes that fill up, endothelium, kidney.

With the blood half-life t and plasma volume V, the total clearance is CL = V ln 2 / t. A share
f of it is done by phagocytes (both measured), spread over organs by number of phagocytes n_i
times their activity a_i relative to Kupffer cells:

    CL_i = f CL n_i a_i / sum_j n_j a_j
    u_i  = CL_i C_i (1 - N_i / N_max,i) f_opsonin f_size f_CD47,     dN_i/dt = u_i - k_lys N_i

so that capacity recovers as particles are digested. N_max is the published saturation dose,
split like the cells. CD47 on the particle at density x slows phagocytosis by
p H(x), H = x^n / (x^n + K^n); the half-life was measured with native CD47 (x0), so

    f_CD47 = (1 - p H(x)) / (1 - p H(x0))

A carrier without CD47 by nature has x0 = 0. A share s of phagocytosis goes through opsonins (the
protein corona of a carrier); the half-life was measured in normal plasma, so with y times as
much, and with a diameter d where the measured carrier has d0,

    f_opsonin = 1 + s (y - 1),     f_size = (d / d0)^n

What is not phagocytosed is taken up by the sinusoidal endothelium of the liver, which survives
macrophage depletion and has a measurement of its own where one exists; small free molecules
leave through the kidney instead, and naked RNA is cut by nucleases beside, because its half-life
was read from a label that survives the cut. The blood half-life was measured in whole animals, so flow
limitation of the liver is counted twice; it changes CL by about CL/(Q_liver + CL), printed in
the docs of this mechanism.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.travelling.circulation import target, vascular, volume
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.mechanisms.travelling.drug_ways import TISSUE, drug_of, elimination, held_in_tissue, share_free
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Rule, Transfer
from vesicle.products.carriers import CARRIERS

PHAGOCYTIC_ORGANS = ("liver", "spleen", "lung")


def _total_clearance(site: Site, product: str) -> sympy.Expr:
    """CL = V_plasma ln 2 / t_half [mL/h]."""
    return symbol("V_plasma") * sympy.log(2) / site.quantity("blood_half_life", "h", product=product)


def _active_cells(site: Site, organ: str) -> sympy.Expr:
    number = site.quantity("phagocyte_number", "cell", tissue=organ)
    if organ == "liver":
        return number
    return number * site.quantity("phagocyte_relative_activity", "1", tissue=organ)


def cd47_factor(site: Site, particle: Particle) -> sympy.Expr:
    """f_CD47 relative to the native vesicle whose half-life was measured."""
    by_nature = 1.0 if CARRIERS[particle.product].has_cd47 else 0.0
    fold = site.settings.get("cd47_fold", {}).get(particle.id)
    if fold is None or fold == by_nature:
        return sympy.Integer(1)
    native = site.quantity("cd47_density", "copy/um2")
    half = site.quantity("cd47_half_effect_density", "copy/um2")
    n = site.quantity("cd47_hill", "1")
    protection = site.quantity("cd47_max_protection", "1", product="exosome")
    fold_now = site.given(f"cd47_fold__{particle.id}", fold, "1")

    def hill(density: sympy.Expr) -> sympy.Expr:
        ratio = (density / half) ** n
        return ratio / (1 + ratio)

    return (1 - protection * hill(native * fold_now)) / (1 - protection * hill(native) * sympy.Integer(int(by_nature)))


def opsonin_factor(site: Site, particle: Particle) -> sympy.Expr:
    """f_opsonin relative to normal plasma, in which the half-life was measured."""
    fold = site.settings.get("opsonins", 1.0)
    if fold == 1.0:
        return sympy.Integer(1)
    share = site.quantity("opsonin_dependent_share", "1", product=particle.product)
    return 1 + share * (site.condition("opsonin_fold", fold, "1") - 1)


def size_factor(site: Site, particle: Particle) -> sympy.Expr:
    """f_size relative to the carrier whose half-life was measured."""
    if particle.id not in site.settings.get("diameters", {}):
        return sympy.Integer(1)
    measured = site.quantity("ev_diameter", "nm", product=particle.product)
    return (particle_diameter(site, particle) / measured) ** site.quantity("phagocytosis_size_exponent", "1")


class Phagocytosis(Mechanism):
    """Saturable uptake by Kupffer cells and the macrophages of spleen and lung."""

    name: ClassVar[str] = "phagocytosis"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: taken up = held + digested"
    claims: ClassVar[tuple[str, ...]] = ("C-0028", "C-0027")
    quantities: ClassVar[tuple[str, ...]] = (
        "blood_half_life", "mps_clearance_share", "phagocyte_number", "phagocyte_relative_activity", "mps_capacity",
        "lysosomal_half_life", "phagocyte_depletion_residual", "cd47_density", "cd47_half_effect_density", "cd47_hill", "cd47_max_protection",
        "opsonin_dependent_share", "phagocytosis_size_exponent", "ev_diameter",
    )  # fmt: skip
    absent: ClassVar[str] = "macrophages depleted: only endothelium, kidney and wall remove particles"

    def contribute(self, site: Site, particle: Particle) -> Part:
        share = site.quantity("mps_clearance_share", "1", product=particle.product)
        weights = {organ: _active_cells(site, organ) for organ in PHAGOCYTIC_ORGANS}
        total = sum(weights.values(), sympy.Integer(0))
        rule = Rule(f"CL_phagocytes__{particle.product}", "mL/h", share * _total_clearance(site, particle.product))
        capacity = site.quantity("mps_capacity", "EV")
        digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        surface = opsonin_factor(site, particle) * size_factor(site, particle) * cd47_factor(site, particle)
        transfers, places = [], []
        for organ in PHAGOCYTIC_ORGANS:
            held = f"{organ}_phagocytes"
            part = weights[organ] / total
            full = amount(particle, held) / (capacity * part)
            hazard = symbol(rule.id) * part * self._left(site, organ) / volume(organ) * sympy.Max(0, 1 - full) * surface
            places.append(Place(held, "cells", site.quantity("phagocyte_number", "cell", tissue=organ), "cell", f"{organ} macrophages"))
            transfers.append(Transfer(f"phagocytose_{organ}__{particle.id}", particle.id, organ, held, hazard))
            transfers.append(Transfer(f"digest_{organ}__{particle.id}", particle.id, held, None, digest, sink="digested"))
        readable = tuple(
            Observable(f"in:{organ}_macrophages:{particle.id}", "EV", amount(particle, f"{organ}_phagocytes"), "", f"{particle.label} in {organ} macrophages")
            for organ in PHAGOCYTIC_ORGANS
        )
        return Part(rules=(rule,), places=tuple(places), transfers=tuple(transfers), observables=readable)

    def _left(self, site: Site, organ: str) -> sympy.Expr:
        if site.settings.get("macrophages") == "depleted":
            return site.quantity("phagocyte_depletion_residual", "1", tissue=organ)
        return sympy.Integer(1)


class SinusoidalEndothelium(Mechanism):
    """Uptake by liver endothelium: the clearance that survives macrophage depletion."""

    name: ClassVar[str] = "sinusoidal_endothelium"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: taken up = held + digested"
    claims: ClassVar[tuple[str, ...]] = ("C-0026",)
    quantities: ClassVar[tuple[str, ...]] = ("nonphagocytic_clearance", "blood_half_life", "mps_clearance_share", "lysosomal_half_life")

    def contribute(self, site: Site, particle: Particle) -> Part:
        if particle.product == "exosome":
            clearance = site.quantity("nonphagocytic_clearance", "mL/h", product="exosome")
        else:
            rest = 1 - site.quantity("mps_clearance_share", "1", product=particle.product)
            clearance = rest * _total_clearance(site, particle.product)
        digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        return Part(
            places=(Place("liver_endothelium", "cells", None, "cell", "liver endothelium"),),
            transfers=(
                Transfer(f"endothelium_liver__{particle.id}", particle.id, "liver", "liver_endothelium", clearance / volume("liver")),
                Transfer(f"digest_endothelium__{particle.id}", particle.id, "liver_endothelium", None, digest, sink="digested"),
            ),
        )


class RenalFiltration(Mechanism):
    """Small free molecules leave through the kidney."""

    name: ClassVar[str] = "renal_filtration"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "molecules: filtered = excreted"
    claims: ClassVar[tuple[str, ...]] = ("C-0029",)
    quantities: ClassVar[tuple[str, ...]] = ("lysosomal_half_life", "blood_half_life", "renal_clearance_share")

    def contribute(self, site: Site, particle: Particle) -> Part:
        share = site.quantity("renal_clearance_share", "1", product=particle.product)
        total = _total_clearance(site, particle.product)
        digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        return Part(
            transfers=(
                Transfer(f"filter__{particle.id}", particle.id, "kidney", None, share * total / volume("kidney"), sink="excreted"),
                Transfer(f"endothelium_liver__{particle.id}", particle.id, "liver", "liver_endothelium", (1 - share) * total / volume("liver")),
                Transfer(f"digest_endothelium__{particle.id}", particle.id, "liver_endothelium", None, digest, sink="digested"),
            ),
        )


class NucleaseDegradation(Mechanism):
    """Nucleases of plasma and tissue fluid cut naked RNA; a bilayer keeps them out."""

    name: ClassVar[str] = "nuclease_degradation"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "molecules: intact + cut = given"
    claims: ClassVar[tuple[str, ...]] = ("C-0029", "C-0031")
    quantities: ClassVar[tuple[str, ...]] = ("nuclease_half_life",)
    absent: ClassVar[str] = "RNA outside cells stays intact"

    def contribute(self, site: Site, particle: Particle) -> Part:
        cut = sympy.log(2) / site.quantity("nuclease_half_life", "h", product=particle.product)
        fluids = (*vascular(site), *site.settings.get("depots", ()), f"{target(site)}_interstitium", f"{target(site)}_pericellular")
        return Part(transfers=tuple(Transfer(f"cut_{place}__{particle.id}", particle.id, place, None, cut, sink="cut") for place in fluids))


class DrugMetabolism(Mechanism):
    """A free small molecule is eliminated from blood with its own half-life, spreads over the body, and decays in watery fluids.

    k_blood of ``drug_ways`` in blood, phi ln 2 / t_half in the target tissue, k_water = ln 2 / t_water in depots.
    """

    name: ClassVar[str] = "drug_metabolism"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "molecules: in the body + metabolised = given"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = (
        "drug_half_life", "drug_water_half_life", "drug_distribution_volume", "body_weight", "drug_tissue_release_rate",
        "drug_cell_to_medium_ratio", "cytosol_volume",
    )  # fmt: skip
    absent: ClassVar[str] = "a free drug stays in the body"

    def contribute(self, site: Site, particle: Particle) -> Part:
        drug = drug_of(particle)
        water = sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug)
        tissue = sympy.log(2) / site.quantity("drug_half_life", "h", product="free_drug", label=drug) * share_free(site, drug)
        here = (f"{target(site)}_interstitium", f"{target(site)}_pericellular")
        rates = dict.fromkeys(vascular(site), elimination(site, drug)) | dict.fromkeys(here, tissue) | dict.fromkeys(site.settings.get("depots", ()), water)
        gone = tuple(Transfer(f"metabolise_{place}__{particle.id}", particle.id, place, None, rate, sink="metabolised") for place, rate in rates.items())
        held = held_in_tissue(site, drug)
        if held is None:
            return Part(transfers=gone)
        both = (Transfer(f"spread__{particle.id}", particle.id, "rest", TISSUE, held[0]), Transfer(f"come_back__{particle.id}", particle.id, TISSUE, "rest", held[1]))
        return Part(places=(Place(TISSUE, "tissue", None, "mL", "tissue that holds drug"),), transfers=(*gone, *both))


class VesselWall(Mechanism):
    """Reversible binding to the vessel wall: it holds particles back and gives them up again.

    At balance the wall holds (V_ss / V_plasma - 1) times the plasma amount, V_ss being the
    measured steady-state volume of distribution.
    """

    name: ClassVar[str] = "vessel_wall"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: bound and free exchange"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("steady_state_volume", "wall_release_rate")
    absent: ClassVar[str] = "particles do not leave plasma except into cells"

    def contribute(self, site: Site, particle: Particle) -> Part:
        release = site.quantity("wall_release_rate", "1/h")
        space = site.quantity("steady_state_volume", "mL", product="exosome")
        ratio = sympy.Max(0, space / symbol("V_plasma") - 1)
        bind = release * ratio * symbol("V_plasma") / volume("rest")
        return Part(
            places=(Place("vessel_wall", "tissue", None, "mL", "vessel wall"),),
            transfers=(
                Transfer(f"wall_bind__{particle.id}", particle.id, "rest", "vessel_wall", bind),
                Transfer(f"wall_release__{particle.id}", particle.id, "vessel_wall", "rest", release),
            ),
        )
