"""A ligand of tumour vesicles and T cells at a distance: tumour, draining node, blood.

N tumour cells in a volume V_T with interstitial fraction phi secrete k_s R vesicles per cell and hour, R being the level of release (1 as measured, less
without RAB27A). In the interstitium they are taken up by cells, k_u = u rho / phi (u the volume that a cell clears, rho its density), or leave, k_loss:

    c_T = k_s R rho / (phi (k_loss + k_u))                              in the tumour, at rest in time
    c(r) = c_T (a / r) exp(-(r - a) / L),     L = sqrt(D h / (k_loss + k_u))      beyond its rim (radius a), in a tissue like its own
    c_N = s_L k_loss c_T phi V_T / (Q_L + u rho_N V_N)                  in the draining node, which a share s_L of what leaves comes to
    c_B = s_B k_s R rho V_T / (lambda V_plasma)                         in blood

A T cell holds b = u_T c / (k_off + k_int) vesicles; with n ligands each, a share min(1, h/d) of them in contact, and R receptors, the tight-binding law gives complexes C
and x = C / A (see entering.surface), and what T cells are held back by is

    H = x^m / (x^m + K^m)

and half of the effect takes b_half = (x_50 A + K_A x_50 A/(R - x_50 A)) / (n min(1, h/d)) vesicles per T cell, K_A the dissociation constant in the gap.

An antibody at concentration A leaves 1/(1 + A/K_D) of the ligands free. As a sink, the vesicles of a place hold n c copies per volume of it:

    share of the antibody that is bound = n c A/(A + K_D) / A_total,     A_total = A + n c A/(A + K_D),     half at  n c = A + K_D   (A free)

For scale the same law is given for the tumour cell's own ligand in a synapse, n_cell A_syn / A_cell copies that all meet the receptors there.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import native_clearance
from vesicle.mechanisms.travelling.diffusion import diffusivity, particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

PLACES = ("tumour", "node", "blood")
LIGAND, RECEPTOR, ANTIBODY = "PD-L1", "PD-1", "anti-PD-L1"
EFFECTOR = "CD8 T cell"


class CheckpointAtDistance(Mechanism):
    """PD-L1 on tumour vesicles, the PD-1 that it engages in tumour, node and blood, and what an antibody takes away."""

    name: ClassVar[str] = "checkpoint_at_distance"
    chapter: ClassVar[str] = "immune"
    system: ClassVar[str] = "E1"
    conserves: ClassVar[str] = "vesicles: secreted = taken up + drained, at rest; receptors: total = free + engaged"
    claims: ClassVar[tuple[str, ...]] = ("C-0624",)
    quantities: ClassVar[tuple[str, ...]] = (
        "secretion_rate", "tumour_cell_density", "tumour_interstitial_fraction", "interstitial_loss_rate", "diffusion_hindrance", "plasma_viscosity", "thermal_energy",
        "medium_viscosity", "sticking_probability", "ev_diameter", "cell_diameter", "lymph_drained_share", "lymph_node_volume", "lymph_node_cell_density", "lymph_flow",
        "blood_entry_share", "blood_half_life", "body_weight", "tissue_density", "plasma_volume_fraction", "unbinding_rate", "internalisation_rate",
        "surface_ligand_copies_per_ev", "intermembrane_gap", "receptor_copies_per_cell", "dissociation_constant", "signal_half_density", "signal_hill",
        "antibody_plasma_concentration", "antibody_tissue_ratio", "pdl1_per_cell", "synapse_area",
    )  # fmt: skip
    absent: ClassVar[str] = "T cells meet PD-L1 only on cells that they touch"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """``site.settings``: ``tumour_volume`` [mL], ``release_level``, ``has_ligand``, ``antibody_level`` and ``distance`` from the rim [um]."""
        concentration = self._concentrations(site, particle)
        parts = [rule for place in PLACES for rule in self._place(site, particle, place, concentration[place])]
        beyond = self._beyond(site, particle)
        observables = [Observable(f"{what}:{place}", unit, symbol(f"{what}__{place}"), "", f"{words}, {place}") for place in PLACES for what, unit, words in READ]
        observables += [
            Observable("length", "um", symbol("decay_length"), "", "distance over which vesicles fall to 1/e beyond the rim"),
            Observable("at_distance", "1", symbol("left_at_distance"), "", "concentration at a distance from the rim over that in the tumour"),
            Observable("half_held", "EV/cell", symbol("half_held"), "cell", "vesicles per T cell for half of the effect"),
            Observable("held_back_by_cell", "1", symbol("held_back__cell"), "", "the same law for the ligand of a tumour cell in a synapse"),
        ]
        return Part(rules=(*self._shared(site, particle), *parts, *beyond, self._half(site, particle), self._synapse(site)), observables=tuple(observables))

    def _shared(self, site: Site, particle: Particle) -> tuple[Rule, ...]:
        loss = site.quantity("interstitial_loss_rate", "1/h", tissue="tumour")
        density, fraction = site.quantity("tumour_cell_density", "cell/mL"), site.quantity("tumour_interstitial_fraction", "1")
        released = site.quantity("secretion_rate", "EV/(cell*h)", product=particle.product) * site.given("release_level", site.settings["release_level"], "1")
        volume = site.given("tumour_volume", site.settings["tumour_volume"], "mL")
        return (
            Rule("cleared_by_cell", "mL/(cell*h)", native_clearance(site, particle)),
            Rule("secreted", "EV/h", released * density * volume),
            Rule("taken_up_rate", "1/h", symbol("cleared_by_cell") * density / fraction),
            Rule("leaving_rate", "1/h", loss + symbol("taken_up_rate")),
            Rule("interstitium", "mL", fraction * volume),
        )

    def _concentrations(self, site: Site, particle: Particle) -> dict[str, sympy.Expr]:
        """Vesicles per volume of fluid in each place [EV/mL]."""
        drained = site.quantity("lymph_drained_share", "1", tissue="tumour") * site.quantity("interstitial_loss_rate", "1/h", tissue="tumour")
        node = site.quantity("lymph_node_cell_density", "cell/mL", tissue="lymph node") * site.quantity("lymph_node_volume", "mL", tissue="lymph node")
        plasma = site.quantity("body_weight", "g") / site.quantity("tissue_density", "g/mL") * site.quantity("plasma_volume_fraction", "1")
        lost = sympy.log(2) / site.quantity("blood_half_life", "h", product=particle.product)
        return {
            "tumour": symbol("secreted") / (symbol("leaving_rate") * symbol("interstitium")),
            "node": drained * symbol("vesicles__tumour") * symbol("interstitium")
            / (site.quantity("lymph_flow", "mL/h", tissue="lymph node") + symbol("cleared_by_cell") * node),
            "blood": site.quantity("blood_entry_share", "1", cell="tissue cell") * symbol("secreted") / (lost * plasma),
        }  # fmt: skip

    def _place(self, site: Site, particle: Particle, place: str, concentration: sympy.Expr) -> list[Rule]:
        """From the concentration in one place to what T cells there are held back by, with and without the antibody."""
        effectors = Site(site.library, {**site.settings, "sized_cell": EFFECTOR}, site.context, site.parameters)
        measured = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome", label=LIGAND, cell="melanoma")
        copies = measured * site.given("has_ligand", float(site.settings["has_ligand"]), "1")
        antibody = self._antibody(site, place)
        constant = site.quantity("dissociation_constant", "copy/mL", label=f"{ANTIBODY}/{LIGAND}")
        free = 1 / (1 + site.given("antibody_level", site.settings["antibody_level"], "1") * antibody / constant)
        holding = (
            symbol(f"cleared_by_t_cell__{place}")
            * symbol(f"vesicles__{place}")
            / (site.quantity("unbinding_rate", "1/h") + site.quantity("internalisation_rate", "1/h", product=particle.product))
        )
        contact = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / particle_diameter(site, particle))
        shown = copies * symbol(f"vesicles__{place}")
        on_vesicles = shown * antibody / (antibody + constant)
        return [
            Rule(f"vesicles__{place}", "EV/mL", concentration),
            Rule(f"cleared_by_t_cell__{place}", "mL/(cell*h)", native_clearance(effectors, particle)),
            Rule(f"held__{place}", "EV/cell", holding),
            Rule(f"ligands__{place}", "copy/cell", contact * copies * free * symbol(f"held__{place}")),
            Rule(f"engaged__{place}", "copy/um2", self._engaged(site, symbol(f"ligands__{place}")) / self._area(site)),
            Rule(f"held_back__{place}", "1", self._signal(site, symbol(f"engaged__{place}"))),
            Rule(f"antibody_bound__{place}", "1", on_vesicles / (antibody + on_vesicles)),
            Rule(f"half_sink__{place}", "1", (antibody + constant) / measured / symbol(f"vesicles__{place}")),
        ]  # fmt: skip

    def _antibody(self, site: Site, place: str) -> sympy.Expr:
        """Free antibody in a place during treatment [copy/mL]."""
        plasma = site.quantity("antibody_plasma_concentration", "copy/mL", label=ANTIBODY)
        tissue = {"tumour": "tumour", "node": "lymph node"}.get(place)
        return plasma * site.quantity("antibody_tissue_ratio", "1", tissue=tissue) if tissue else plasma

    def _area(self, site: Site) -> sympy.Expr:
        return sympy.pi * site.quantity("cell_diameter", "um", cell=EFFECTOR) ** 2 / site.given("one_cell", 1.0, "cell")

    def _engaged(self, site: Site, ligands: sympy.Expr) -> sympy.Expr:
        """Complexes per T cell [copy/cell]."""
        receptors = site.quantity("receptor_copies_per_cell", "copy/cell", label=RECEPTOR, cell=EFFECTOR)
        solution = site.quantity("dissociation_constant", "copy/um3", label=f"{RECEPTOR}/{LIGAND}")
        return tight_binding(receptors, ligands, solution * site.quantity("intermembrane_gap", "nm") * site.conversion("um", "nm") * self._area(site))

    def _signal(self, site: Site, density: sympy.Expr) -> sympy.Expr:
        steep = (sympy.Max(0, density) / site.quantity("signal_half_density", "copy/um2", label=RECEPTOR, cell=EFFECTOR)) ** site.quantity(
            "signal_hill", "1", label=RECEPTOR, cell=EFFECTOR
        )
        return steep / (1 + steep)

    def _beyond(self, site: Site, particle: Particle) -> tuple[Rule, ...]:
        free = diffusivity(site, particle_diameter(site, particle), site.quantity("plasma_viscosity", "mPa*s")) * site.quantity("diffusion_hindrance", "1", tissue="tumour")
        rim = symbol("rim")
        away = site.given("distance", site.settings["distance"], "um")
        return (
            Rule("decay_length", "um", sympy.sqrt(free / symbol("leaving_rate"))),
            Rule("rim", "um", (3 * site.given("tumour_volume", site.settings["tumour_volume"], "mL") * site.conversion("um3", "mL") / (4 * sympy.pi)) ** sympy.Rational(1, 3)),
            Rule("left_at_distance", "1", rim / (rim + away) * sympy.exp(-away / symbol("decay_length"))),
        )

    def _half(self, site: Site, particle: Particle) -> Rule:
        """Vesicles with the measured copies that engage as many receptors as half of the effect takes."""
        receptors = site.quantity("receptor_copies_per_cell", "copy/cell", label=RECEPTOR, cell=EFFECTOR)
        pairs = site.quantity("signal_half_density", "copy/um2", label=RECEPTOR, cell=EFFECTOR) * self._area(site)
        solution = site.quantity("dissociation_constant", "copy/um3", label=f"{RECEPTOR}/{LIGAND}")
        constant = solution * site.quantity("intermembrane_gap", "nm") * site.conversion("um", "nm") * self._area(site)
        shown = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome", label=LIGAND, cell="melanoma")
        contact = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / particle_diameter(site, particle))
        return Rule("half_held", "EV/cell", (pairs + constant * pairs / sympy.Max(receptors - pairs, site.given("one_copy", 1.0, "copy/cell"))) / (shown * contact))

    def _synapse(self, site: Site) -> Rule:
        """All copies in the patch of a synapse meet the receptors of as large a patch."""
        one = site.given("one_cell", 1.0, "cell")
        patch = site.quantity("synapse_area", "um2") / one
        cell = sympy.pi * site.quantity("cell_diameter", "um", cell="") ** 2 / one
        receptors = site.quantity("receptor_copies_per_cell", "copy/cell", label=RECEPTOR, cell=EFFECTOR) * patch / self._area(site)
        ligands = site.quantity("pdl1_per_cell", "copy/cell", cell="tumour cell") * patch / cell
        solution = site.quantity("dissociation_constant", "copy/um3", label=f"{RECEPTOR}/{LIGAND}")
        pairs = tight_binding(receptors, ligands, solution * site.quantity("intermembrane_gap", "nm") * site.conversion("um", "nm") * patch)
        return Rule("held_back__cell", "1", self._signal(site, pairs / patch))


READ = (
    ("vesicles", "EV/mL", "tumour vesicles per volume"),
    ("held", "EV/cell", "vesicles that a T cell holds"),
    ("engaged", "copy/um2", "PD-1 engaged by vesicles"),
    ("held_back", "1", "what T cells are held back by"),
    ("antibody_bound", "1", "share of the antibody that vesicles hold"),
    ("half_sink", "1", "vesicles that would hold half of the antibody, over those that are there"),
)
