"""Blood flow carries particles through the body.

    vein -> lung -> artery -> {liver, spleen, kidney, tumour vessels, rest} -> vein
    spleen -> liver (portal vein); the gut's portal flow enters the liver directly

Each bed i is a plasma volume V_i with plasma flow Q_i; the hazard of leaving it is Q_i / V_i
and of entering it from the artery Q_i / V_artery. With cardiac output CO and haematocrit H,
Q_i = CO (1 - H) q_i. A share of the plasma is in large vessels (and a share of that arterial);
the rest fills the beds in proportion to organ share times capillary share, v_i b_i, so that the
volumes add up to the plasma in every draw. Tumour flow and volume follow the tumour's size.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Rule, Transfer

ORGANS = ("liver", "spleen", "kidney")
BEDS = ("vein", "lung", "artery", *ORGANS, "rest", "tumour_vessels")
VASCULAR = BEDS
"""Places whose content is in blood."""


def volume(place: str) -> sympy.Symbol:
    """Plasma volume of a bed [mL]."""
    return symbol(f"V_{place}")


def flow(place: str) -> sympy.Symbol:
    """Plasma flow through a bed [mL/h]."""
    return symbol(f"Q_{place}")


class Circulation(Mechanism):
    """Plasma flow between organs."""

    name: ClassVar[str] = "circulation"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: what leaves one bed enters the next"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = (
        "cardiac_output", "haematocrit", "organ_flow_fraction", "portal_flow_fraction", "organ_volume_fraction",
        "organ_capillary_fraction", "plasma_volume_fraction", "body_weight", "tissue_density", "arterial_share", "large_vessel_share",
        "tumour_perfusion", "tumour_vascular_fraction",
    )  # fmt: skip
    absent: ClassVar[str] = "particles stay where they were injected"

    def contribute(self, site: Site, particle: Particle) -> Part:
        rules = (*_volumes(site), *_flows(site))
        places = tuple(Place(bed, "fluid", volume(bed), "mL", bed.replace("_", " ")) for bed in BEDS)
        return Part(rules=rules, places=places, transfers=tuple(_transfers(particle)))


def _volumes(site: Site) -> list[Rule]:
    plasma = 1 - site.quantity("haematocrit", "1")
    body = site.quantity("body_weight", "g") / site.quantity("tissue_density", "g/mL")
    organs = {organ: site.quantity("organ_volume_fraction", "1", tissue=organ) for organ in ("lung", *ORGANS)}
    blood = {organ: share * site.quantity("organ_capillary_fraction", "1", tissue=organ) for organ, share in organs.items()}
    blood["rest"] = (1 - reduce(add, organs.values())) * site.quantity("organ_capillary_fraction", "1", tissue="muscle")
    large = site.quantity("large_vessel_share", "1")
    rules = [Rule("V_plasma", "mL", body * site.quantity("plasma_volume_fraction", "1"))]
    for bed, share in blood.items():
        rules.append(Rule(f"V_{bed}", "mL", symbol("V_plasma") * (1 - large) * share / reduce(add, blood.values())))
    rules.append(Rule("V_tumour_vessels", "mL", symbol("V_tumour") * site.quantity("tumour_vascular_fraction", "1", tissue="tumour") * plasma))
    arterial = site.quantity("arterial_share", "1")
    rules.append(Rule("V_artery", "mL", symbol("V_plasma") * large * arterial))
    rules.append(Rule("V_vein", "mL", symbol("V_plasma") * large * (1 - arterial)))
    return rules


def _flows(site: Site) -> list[Rule]:
    output = site.quantity("cardiac_output", "mL/h")
    plasma = 1 - site.quantity("haematocrit", "1")
    shares = {organ: site.quantity("organ_flow_fraction", "1", tissue=organ) for organ in ORGANS}
    portal = site.quantity("portal_flow_fraction", "1")
    rules = [Rule("Q_lung", "mL/h", output * plasma)]
    rules += [Rule(f"Q_{organ}", "mL/h", symbol("Q_lung") * shares[organ]) for organ in ("spleen", "kidney")]
    rules.append(Rule("Q_liver_in", "mL/h", symbol("Q_lung") * (shares["liver"] + portal)))
    rules.append(Rule("Q_liver", "mL/h", symbol("Q_liver_in") + flow("spleen")))
    perfusion = site.quantity("tumour_perfusion", "mL/(h*g)", tissue="tumour") * site.quantity("tissue_density", "g/mL")
    rules.append(Rule("Q_tumour_vessels", "mL/h", perfusion * symbol("V_tumour") * plasma))
    rules.append(Rule("Q_rest", "mL/h", symbol("Q_lung") * (1 - portal - reduce(add, shares.values()))))
    return rules


def _transfers(particle: Particle) -> list[Transfer]:
    def move(source: str, target: str, rate: sympy.Symbol) -> Transfer:
        return Transfer(f"flow_{source}_{target}__{particle.id}", particle.id, source, target, rate / volume(source))

    out = [move("vein", "lung", flow("lung")), move("lung", "artery", flow("lung"))]
    for bed in ("spleen", "kidney", "rest", "tumour_vessels"):
        out.append(move("artery", bed, flow(bed)))
    out.append(move("artery", "liver", symbol("Q_liver_in")))
    out.append(move("spleen", "liver", flow("spleen")))
    out += [move(bed, "vein", flow(bed)) for bed in ("liver", "kidney", "rest", "tumour_vessels")]
    return out
