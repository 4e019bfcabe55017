"""Blood flow carries particles through the body.

    vein -> lung -> artery -> {liver, spleen, kidney, vessels of the target tissue, rest} -> vein
    spleen -> liver (portal vein); the gut's portal flow enters the liver directly

Each bed i is a plasma volume V_i with plasma flow Q_i; the hazard of leaving it is Q_i / V_i
and of entering it from the artery Q_i / V_artery. With cardiac output CO and haematocrit H,
Q_i = CO (1 - H) q_i. A share of the plasma is in large vessels (and a share of that arterial);
the rest fills the beds in proportion to organ share times capillary share, v_i b_i, so that the
volumes add up to the plasma in every draw. The target tissue is a tumour, whose flow and volume follow
its size, or an organ of the body (the brain), which has its share q_i of flow and v_i b_i of plasma.
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
"""Places whose content is in blood, where the target tissue is a tumour."""
TUMOUR = "tumour"
"""The target tissue that a body has unless a recipient lives elsewhere."""


def target(site: Site) -> str:
    """The tissue that holds the recipient cells: the tumour, or an organ of the body."""
    return str(site.settings.get("target", TUMOUR))


def vessels(site: Site) -> str:
    """The bed of the target tissue."""
    return f"{target(site)}_vessels"


def vascular(site: Site) -> tuple[str, ...]:
    """The places of this body whose content is in blood."""
    return (*BEDS[:-1], vessels(site))


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
        places = tuple(Place(bed, "fluid", volume(bed), "mL", bed.replace("_", " ")) for bed in vascular(site))
        moves = tuple(Transfer(f"flow_{a}_{b}__{particle.id}", particle.id, a, b, hazard) for a, b, hazard in currents(site))
        return Part(rules=rules, places=places, transfers=moves)


def _organs(site: Site) -> tuple[str, ...]:
    """Organs with a bed of their own beside the lung."""
    return ORGANS if target(site) == TUMOUR else (*ORGANS, target(site))


def _volumes(site: Site) -> list[Rule]:
    plasma = 1 - site.quantity("haematocrit", "1")
    body = site.quantity("body_weight", "g") / site.quantity("tissue_density", "g/mL")
    organs = {organ: site.quantity("organ_volume_fraction", "1", tissue=organ) for organ in ("lung", *_organs(site))}
    blood = {organ: share * site.quantity("organ_capillary_fraction", "1", tissue=organ) for organ, share in organs.items()}
    blood["rest"] = (1 - reduce(add, organs.values())) * site.quantity("organ_capillary_fraction", "1", tissue="muscle")
    large = site.quantity("large_vessel_share", "1")
    rules = [Rule("V_plasma", "mL", body * site.quantity("plasma_volume_fraction", "1"))]
    for bed, share in blood.items():
        rules.append(Rule(f"V_{_bed(site, bed)}", "mL", symbol("V_plasma") * (1 - large) * share / reduce(add, blood.values())))
    if target(site) == TUMOUR:
        rules.append(Rule("V_tumour_vessels", "mL", symbol("V_tumour") * site.quantity("tumour_vascular_fraction", "1", tissue="tumour") * plasma))
    arterial = site.quantity("arterial_share", "1")
    rules.append(Rule("V_artery", "mL", symbol("V_plasma") * large * arterial))
    rules.append(Rule("V_vein", "mL", symbol("V_plasma") * large * (1 - arterial)))
    return rules


def _bed(site: Site, organ: str) -> str:
    """The bed of an organ."""
    return vessels(site) if organ == target(site) else organ


def _flows(site: Site) -> list[Rule]:
    output = site.quantity("cardiac_output", "mL/h")
    plasma = 1 - site.quantity("haematocrit", "1")
    shares = {organ: site.quantity("organ_flow_fraction", "1", tissue=organ) for organ in _organs(site)}
    portal = site.quantity("portal_flow_fraction", "1")
    rules = [Rule("Q_lung", "mL/h", output * plasma)]
    rules += [Rule(f"Q_{_bed(site, organ)}", "mL/h", symbol("Q_lung") * shares[organ]) for organ in _organs(site) if organ != "liver"]
    rules.append(Rule("Q_liver_in", "mL/h", symbol("Q_lung") * (shares["liver"] + portal)))
    rules.append(Rule("Q_liver", "mL/h", symbol("Q_liver_in") + flow("spleen")))
    if target(site) == TUMOUR:
        perfusion = site.quantity("tumour_perfusion", "mL/(h*g)", tissue="tumour") * site.quantity("tissue_density", "g/mL")
        rules.append(Rule("Q_tumour_vessels", "mL/h", perfusion * symbol("V_tumour") * plasma))
    rules.append(Rule("Q_rest", "mL/h", symbol("Q_lung") * (1 - portal - reduce(add, shares.values()))))
    return rules


def currents(site: Site) -> list[tuple[str, str, sympy.Expr]]:
    """(from, to, hazard [1/h]) of every flow of plasma: what is dissolved in it moves so."""

    def move(source: str, target: str, rate: sympy.Expr) -> tuple[str, str, sympy.Expr]:
        return source, target, rate / volume(source)

    own = vessels(site)
    out = [move("vein", "lung", flow("lung")), move("lung", "artery", flow("lung"))]
    out += [move("artery", bed, flow(bed)) for bed in ("spleen", "kidney", "rest", own)]
    out.append(move("artery", "liver", symbol("Q_liver_in")))
    out.append(move("spleen", "liver", flow("spleen")))
    out += [move(bed, "vein", flow(bed)) for bed in ("liver", "kidney", "rest", own)]
    return out
