"""A tumour cell proliferates, sleeps or is dead; only what sleeps is spared.

    dP/dt = b P - (k_death + k_a A + k_starve + k_kill) P - k_d L P + (k_w / L) Q
    dQ/dt = k_d L P - (k_w / L) Q - k_kill_Q Q
    dD/dt = (k_death + k_a A + k_starve + k_kill) P + k_kill_Q Q - k_clear D
    b = max(0, mu + k_death) M^a phi,      k_starve = max(0, -mu - k_death),      N = max(1 cell, P + Q) living,      V = (N + D) / density

mu is the net growth of a cycling cell by its law (:mod:`vesicle.mechanisms.phenotype.tumour_growth`), so that at rest P alone grows as its line is
measured to. L and M are the levels of dormancy and proliferation in the recipient's signalling network, 1 at rest, and A the activation of apoptosis there, from rest (0) to
full (1), at which cells die at k_a. k_kill is the rate at which drugs and radiation kill a cycling cell and k_kill_Q that of a dormant one (rules ``kill_rate``,
``kill_rate_dormant``); the latter is less for whatever acts on dividing cells. phi is the share of divisions that drugs leave (rule ``divisions_left``; 1 where no drug is
known to halt them). Dormant cells do not die by themselves, and cells of both states hold the same of everything.

N is never below one cell, so that what is in cells stays finite per cell where a drug leaves none.

The rest of the model reads N and ``growth_rate`` = b P / N, births per living cell: what a cell makes is made for births, and what is in cells is lost with them at
``death_rate`` = deaths / N (:mod:`vesicle.model.deaths`), so that amounts per living cell do not change by a death. The host is lost when the tumour, its dead cells
included, reaches a volume V_end: survival time is the time before.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import drugs_met, halts
from vesicle.mechanisms.drug.kill import DIVISIONS_LEFT, KILL, KILL_DORMANT
from vesicle.mechanisms.phenotype.death_ligand import DEATH_BY_RECEPTORS, death_receptors
from vesicle.mechanisms.phenotype.growth_laws import VOLUME, WITH_DEATHS, capacity
from vesicle.mechanisms.phenotype.tumour_growth import dividing, doubling, net_growth
from vesicle.mechanisms.signalling.levels import activation, level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species, Trigger, join

STATE = "tumour_cell_state"
"""Entity of the species that are cells themselves and not something in them."""
DEATHS, SURVIVAL, LOST = "death_rate", "survival_time", "host_lost"
LEAST_LEVEL = 1e-6
"""A level of dormancy below this counts as this: cells that never sleep wake at once, at a rate that stays a number."""


def killing(site: Site, rule: str = KILL) -> sympy.Expr:
    """Rate at which drugs, radiation and death receptors kill a cell of a state [1/h]; exactly 0 where nothing that kills acts."""
    kills = any(site.settings.get(key) for key in ("free_drugs", "drugs", "body_drugs", "irradiated", "kills"))
    by_receptors = symbol(DEATH_BY_RECEPTORS) if death_receptors(site) else sympy.Integer(0)
    return (symbol(rule) if kills else sympy.Integer(0)) + by_receptors


def divisions_left(site: Site) -> sympy.Expr:
    """Share of divisions that drugs leave [1]; exactly 1 where no drug is known to halt them."""
    return symbol(DIVISIONS_LEFT) if any(halts(site, drug) for drug in drugs_met(site)) else sympy.Integer(1)


class TumourStates(Mechanism):
    """Cycling, dormant and dead tumour cells with transitions that signals control."""

    name: ClassVar[str] = "tumour_states"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D6"
    conserves: ClassVar[str] = "cells: at the start + born = cycling + dormant + dead + cleared"
    claims: ClassVar[tuple[str, ...]] = ("C-0072", "C-0297")
    quantities: ClassVar[tuple[str, ...]] = (
        "doubling_time", "linear_growth_rate", "growth_switch_exponent", "kras_growth_dependence", "growth_dependence", "tumour_cell_density",
        "tissue_density", "gompertz_decay_rate",
        "vascular_model_growth_rate", "vascular_stimulation_rate", "vascular_inhibition_rate", "tumour_cell_death_rate", "dormancy_entry_rate", "dormancy_exit_rate",
        "dead_cell_clearance_rate", "endpoint_tumour_volume", "cell_floor", "phenotype_gain", "apoptotic_death_rate", "resting_activity",
    )  # fmt: skip
    absent: ClassVar[str] = "all cells cycle and none die"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The share dormant at the start is ``site.settings['dormant_share']``; the particle is not asked for."""
        name = site.settings["cells"]
        cycling, dormant, dead, born, cleared = (f"{name}_{state}" for state in ("cycling", "dormant", "dead", "born", "cleared"))
        share = site.given("dormant_share", site.settings.get("dormant_share") or 0.0, "1")
        start = site.settings["cells_at_start"]
        first = {cycling: start * (1 - share), dormant: start * share}
        return join(
            Part(
                rules=(
                    Rule(name, "cell", sympy.Max(symbol(cycling) + symbol(dormant), site.quantity("cell_floor", "cell"))),
                    Rule(VOLUME, "mL", self._volume(site, name, dead)),
                    *self._per_cell(site, name, cycling, dormant),
                ),
                places=(Place(name, "cells", symbol(name), "cell", site.settings["cell_line"]),),
                species=tuple(Species(id_, STATE, name, "cell", first.get(id_)) for id_ in (cycling, dormant, dead, born, cleared)),
                reactions=self._reactions(site, cycling, dormant, dead, born, cleared),
                observables=self._seen(site, name, cycling, dormant, dead),
            ),
            capacity(site, doubling(site), start) if site.settings["growth_law"] in WITH_DEATHS else Part(),
            self._host(site),
        )

    def _rates(self, site: Site) -> dict[str, tuple[str, sympy.Expr]]:
        """Rates of a cell in each state, by the name of their rule [1/h]."""
        alive = sympy.Integer(0 if site.settings.get("cold") else 1)
        loss = site.quantity("tumour_cell_death_rate", "1/h", method=site.settings["growth_method"]) * alive
        net = symbol("net_growth_rate") + loss
        signal = level(site, "dormancy")
        awake = 1 / sympy.Max(signal, site.given("least_level", LEAST_LEVEL, "1")) if signal != 1 else signal
        return {
            "net_growth_rate": ("1/h", net_growth(site, symbol(site.settings["cells"]))),
            "birth_rate_cycling": ("1/h", sympy.Max(0, net) * dividing(site) * divisions_left(site)),
            "death_rate_cycling": ("1/h", loss + self._apoptosis(site) + sympy.Max(0, -net) + killing(site)),
            "death_rate_dormant": ("1/h", killing(site, KILL_DORMANT)),
            "falls_dormant": ("1/h", site.quantity("dormancy_entry_rate", "1/h") * alive * signal),
            "wakes": ("1/h", site.quantity("dormancy_exit_rate", "1/h") * alive * awake),
        }

    def _apoptosis(self, site: Site) -> sympy.Expr:
        """Rate of death beyond that at rest, on the way to full apoptosis [1/h]."""
        if level(site, "apoptosis") == 1:
            return sympy.Integer(0)
        return site.quantity("apoptotic_death_rate", "1/h") * sympy.Max(0, activation(site, "apoptosis"))

    def _per_cell(self, site: Site, name: str, cycling: str, dormant: str) -> tuple[Rule, ...]:
        """The rates of each state, and births and deaths per living cell."""
        lost = symbol("death_rate_cycling") * symbol(cycling) + symbol("death_rate_dormant") * symbol(dormant)
        rules = [Rule(id_, unit, rate) for id_, (unit, rate) in self._rates(site).items()]
        return (*rules, Rule("growth_rate", "1/h", symbol("birth_rate_cycling") * symbol(cycling) / symbol(name)), Rule(DEATHS, "1/h", lost / symbol(name)))

    def _reactions(self, site: Site, cycling: str, dormant: str, dead: str, born: str, cleared: str) -> tuple[Reaction, ...]:
        sleeps = site.settings.get("dormant_share") is not None or level(site, "dormancy") != 1
        fall_asleep = Reaction("fall_dormant", {cycling: -1, dormant: 1}, symbol("falls_dormant") * symbol(cycling))
        wake = Reaction("wake", {dormant: -1, cycling: 1}, symbol("wakes") * symbol(dormant))
        return (
            Reaction("grow", {cycling: 1, born: 1}, symbol("birth_rate_cycling") * symbol(cycling)),
            Reaction("die_cycling", {cycling: -1, dead: 1}, symbol("death_rate_cycling") * symbol(cycling)),
            Reaction("die_dormant", {dormant: -1, dead: 1}, symbol("death_rate_dormant") * symbol(dormant)),
            *((fall_asleep, wake) if sleeps else ()),
            Reaction("clear_dead", {dead: -1, cleared: 1}, site.quantity("dead_cell_clearance_rate", "1/h") * symbol(dead)),
        )

    def _volume(self, site: Site, name: str, dead: str) -> sympy.Expr:
        return (symbol(name) + symbol(dead)) / site.quantity("tumour_cell_density", "cell/mL")

    def _seen(self, site: Site, name: str, cycling: str, dormant: str, dead: str) -> tuple[Observable, ...]:
        return (
            Observable("cells", "cell", symbol(name), "", "living recipient cells"),
            Observable("cycling_cells", "cell", symbol(cycling), "", "cycling cells"),
            Observable("dormant_cells", "cell", symbol(dormant), "", "dormant cells"),
            Observable("dead_cells", "cell", symbol(dead), "", "dead cells not yet cleared"),
            Observable("born_cells", "cell", symbol(f"{name}_born"), "", "cells born so far"),
            Observable("cleared_cells", "cell", symbol(f"{name}_cleared"), "", "dead cells cleared so far"),
            Observable("dormant_share", "1", symbol(dormant) / symbol(name), "", "share of living cells that are dormant"),
            Observable("tumour_volume", "mm3", symbol(VOLUME) * site.conversion("mm3", "mL"), "", "tumour volume with its dead cells"),
        )

    def _host(self, site: Site) -> Part:
        """Hours until the tumour reaches the size at which the host is lost; a well has no host."""
        if site.settings["growth_method"] != "in vivo":
            return Part()
        end = site.quantity("endpoint_tumour_volume", "mL")
        alive, one = 1 - symbol(LOST), site.given("host", 1.0, "1")
        return Part(
            species=(Species(LOST, "host", "", "1", is_count=False), Species(SURVIVAL, "host", "", "h", is_count=False)),
            reactions=(Reaction("survive", {SURVIVAL: 1}, alive * one),),
            triggers=(Trigger("lose_host", symbol(VOLUME) > end, {LOST: one}),),
            observables=(Observable(SURVIVAL, "h", symbol(SURVIVAL), "", "hours that the host has lived"),),
        )
