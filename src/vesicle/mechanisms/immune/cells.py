"""How many immune cells of each kind a tumour has, and what they kill.

Levels L (1 at rest) of the cells' own signalling (:mod:`vesicle.mechanisms.immune.conversation`) change measured rates; E effector, X exhausted, M memory T cells, N
naive ones of the tumour's specificities, R regulatory cells, K NK cells, P and Q macrophages in the states M1 and M2, D myeloid-derived suppressor cells, C tumour
cells, W = C + E + X + R + K. P, Q and D are counted and act on nothing here: no rate of T cells, NK cells or the tumour holds them, and they take no space.

    activation      N -> E         k_a L_T N
    division        E -> 2 E       k_p L_T E max(0, 1 - W / W_max)
    exhaustion      E -> X         k_x L_X E
    memory          E -> M         k_m E
    death           E, X ->        (k_d L_A + k_F a_F) E,   (k_d L_A + k_F a_F) X
    held back       E ->           s E R / (R + E)
    renewal         dR/dt = k_r (R_0 L_R - R),          dK/dt = k_r (K_0 / L_B - K)
    macrophages     dP/dt = r V - d P - k_12 L_2 P + k_21 L_1 Q,       dQ/dt = k_12 L_2 P - k_21 L_1 Q - d Q
    suppressors     dD/dt = r_D V L_D - d_D D                  L_D the accumulation of suppressors, not the maturing of myeloid cells
    tumour          dC/dt = g C max(0, 1 - C / C_max) - k_kill L_T E C / (C + E) - k_nk L_K K C / (C + K)

a_F is the signal of Fas engaged by ligands in contact, counted as any receptor of the surface, and k_F the hazard of a cell whose caspase-8 is fully active
(:mod:`vesicle.mechanisms.phenotype.death_ligand`); naive cells show too little Fas to be asked. L_A must then come without Fas, or its death counts twice.

The killing by T cells falls by their own activity; what fatigue does to them is a loss of E. Nothing is fitted to a tumour that was treated.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Species

CELLS = ("naive", "effector", "exhausted", "memory", "treg", "nk", "m1", "m2", "mdsc", "tumour")
EFFECTOR = "CD8 T cell"


class ImmuneCells(Mechanism):
    """Counts of immune cells in a tumour, and the tumour cells that they kill."""

    name: ClassVar[str] = "immune_cells"
    chapter: ClassVar[str] = "immune"
    system: ClassVar[str] = "E1"
    conserves: ClassVar[str] = "T cells: naive + effector + exhausted + memory = at the start + divided - died"
    claims: ClassVar[tuple[str, ...]] = ("C-0196", "C-0197", "C-0198")
    quantities: ClassVar[tuple[str, ...]] = (
        "naive_cd8_activation_rate", "cd8_proliferation_rate", "contraction_rate", "t_cell_exhaustion_rate", "memory_formation_rate", "treg_suppression_rate", "t_cell_kill_rate",
        "nk_kill_rate", "immune_turnover_rate", "macrophage_recruitment_rate", "macrophage_death_rate", "m1_to_m2_polarisation_rate", "m2_to_m1_polarisation_rate",
        "mdsc_recruitment_rate", "mdsc_death_rate", "naive_precursor_number", "t_cell_number", "treg_share", "nk_share", "tumour_cell_density", "tumour_growth_rate",
        "maximal_tumour_volume", "death_receptor_kill_rate",
    )  # fmt: skip
    absent: ClassVar[str] = "no immune cell is there and no tumour cell is killed"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """``site.settings``: ``tumour_volume`` [mL] at the start, ``death_signal`` of engaged Fas, ``nodes`` with a level; the particle is not asked for."""
        density = site.quantity("tumour_cell_density", "cell/mL")
        volume = site.given("tumour_volume", site.settings["tumour_volume"], "mL")
        resident = site.quantity("t_cell_number", "cell", tissue="tumour")
        start = {
            "naive": site.quantity("naive_precursor_number", "cell", cell=EFFECTOR), "effector": resident, "treg": resident * site.quantity("treg_share", "1", tissue="tumour"),
            "nk": resident * site.quantity("nk_share", "1", tissue="tumour"), "tumour": density * volume,
            "m1": site.quantity("macrophage_recruitment_rate", "cell/(mL*h)", tissue="tumour") * volume / site.quantity("macrophage_death_rate", "1/h", tissue="tumour") / 2,
            "m2": site.quantity("macrophage_recruitment_rate", "cell/(mL*h)", tissue="tumour") * volume / site.quantity("macrophage_death_rate", "1/h", tissue="tumour") / 2,
            "mdsc": site.quantity("mdsc_recruitment_rate", "cell/(mL*h)", tissue="tumour") * volume / site.quantity("mdsc_death_rate", "1/h", tissue="tumour"),
        }  # fmt: skip
        kinds = tuple(Species(name, name, "", "cell", start.get(name)) for name in CELLS)
        watched = (*CELLS, "killed", "divided", "died")
        counters = tuple(Species(name, name, "", "cell") for name in ("killed", "divided", "died"))
        seen = tuple(Observable(f"cells:{name}", "cell", symbol(name), "", name.replace("_", " ")) for name in watched)
        return Part(species=(*kinds, *counters), reactions=(*self._t_cells(site), *self._others(site, resident, volume), *self._tumour(site, density)), observables=seen)

    def _t_cells(self, site: Site) -> tuple[Reaction, ...]:
        active, tired, dying = level(site, "T_cell_activity"), level(site, "other:T_cell_exhaustion"), level(site, "apoptosis")
        naive, effector, exhausted, treg, tumour = (symbol(name) for name in ("naive", "effector", "exhausted", "treg", "tumour"))
        room = sympy.Max(0, 1 - (tumour + effector + exhausted + treg + symbol("nk")) / self._space(site))
        by_fas = site.quantity("death_receptor_kill_rate", "1/h") * site.given("death_signal", site.settings.get("death_signal", 0.0), "1")
        death = site.quantity("contraction_rate", "1/h", cell=EFFECTOR) * dying + by_fas
        one = site.given("one_cell", 1.0, "cell")
        held_back = site.quantity("treg_suppression_rate", "1/h", cell="Treg") * effector * treg / (treg + effector + one)
        return (
            Reaction("activate", {"naive": -1, "effector": 1}, site.quantity("naive_cd8_activation_rate", "1/h", cell=EFFECTOR) * active * naive),
            Reaction("divide", {"effector": 1, "divided": 1}, site.quantity("cd8_proliferation_rate", "1/h", cell=EFFECTOR) * active * effector * room),
            Reaction("tire", {"effector": -1, "exhausted": 1}, site.quantity("t_cell_exhaustion_rate", "1/h", cell=EFFECTOR) * tired * effector),
            Reaction("remember", {"effector": -1, "memory": 1}, site.quantity("memory_formation_rate", "1/h", cell=EFFECTOR) * effector),
            Reaction("die_effector", {"effector": -1, "died": 1}, death * effector),
            Reaction("die_exhausted", {"exhausted": -1, "died": 1}, death * exhausted),
            Reaction("hold_back", {"effector": -1, "died": 1}, held_back),
        )

    def _others(self, site: Site, resident: sympy.Expr, volume: sympy.Expr) -> tuple[Reaction, ...]:
        renewal = site.quantity("immune_turnover_rate", "1/h")
        treg = resident * site.quantity("treg_share", "1", tissue="tumour") * level(site, "Treg")
        nk = resident * site.quantity("nk_share", "1", tissue="tumour") / level(site, "nk_apoptosis")
        come = site.quantity("macrophage_recruitment_rate", "cell/(mL*h)", tissue="tumour") * volume
        leave = site.quantity("macrophage_death_rate", "1/h", tissue="tumour")
        to_m2 = site.quantity("m1_to_m2_polarisation_rate", "1/h", tissue="tumour") * level(site, "M2_polarization")
        to_m1 = site.quantity("m2_to_m1_polarisation_rate", "1/h", tissue="tumour") * level(site, "other:M1_polarization")
        suppressors = site.quantity("mdsc_recruitment_rate", "cell/(mL*h)", tissue="tumour") * volume * level(site, "other:MDSC_accumulation")
        return (
            Reaction("renew_treg", {"treg": 1}, renewal * treg), Reaction("lose_treg", {"treg": -1}, renewal * symbol("treg")),
            Reaction("renew_nk", {"nk": 1}, renewal * nk), Reaction("lose_nk", {"nk": -1}, renewal * symbol("nk")),
            Reaction("recruit_m1", {"m1": 1}, come), Reaction("lose_m1", {"m1": -1}, leave * symbol("m1")), Reaction("lose_m2", {"m2": -1}, leave * symbol("m2")),
            Reaction("to_m2", {"m1": -1, "m2": 1}, to_m2 * symbol("m1")), Reaction("to_m1", {"m2": -1, "m1": 1}, to_m1 * symbol("m2")),
            Reaction("recruit_mdsc", {"mdsc": 1}, suppressors), Reaction("lose_mdsc", {"mdsc": -1}, site.quantity("mdsc_death_rate", "1/h", tissue="tumour") * symbol("mdsc")),
        )  # fmt: skip

    def _tumour(self, site: Site, density: sympy.Expr) -> tuple[Reaction, ...]:
        tumour, effector, nk = symbol("tumour"), symbol("effector"), symbol("nk")
        grow = site.quantity("tumour_growth_rate", "1/h", tissue="murine colon tumour") * tumour * sympy.Max(0, 1 - tumour / self._space(site))
        one = site.given("one_cell", 1.0, "cell")
        by_t = site.quantity("t_cell_kill_rate", "1/h", cell=EFFECTOR) * level(site, "T_cell_activity") * effector * tumour / (tumour + effector + one)
        by_nk = site.quantity("nk_kill_rate", "1/h", cell="NK cell") * level(site, "NK_activity") * nk * tumour / (tumour + nk + one)
        return (Reaction("grow", {"tumour": 1}, grow), Reaction("kill_by_t", {"tumour": -1, "killed": 1}, by_t), Reaction("kill_by_nk", {"tumour": -1, "killed": 1}, by_nk))

    def _space(self, site: Site) -> sympy.Expr:
        """Most cells that the tumour holds."""
        return site.quantity("maximal_tumour_volume", "mL", tissue="murine colon tumour") * site.quantity("tumour_cell_density", "cell/mL")
