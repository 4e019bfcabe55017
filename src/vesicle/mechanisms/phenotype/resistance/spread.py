"""A transporter passes from resistant to sensitive cells on vesicles, and is lost again.

R resistant and S sensitive cells share a medium of volume v. A vesicle takes its part of the membrane with it and so

    c = eps a_EV/a_cell n           copies on a vesicle of a cell with n copies; a areas, eps copies per area of vesicle over copies per area of cell

    dV/dt   = k_sec R - h (R + S) V                                    vesicles of resistant cells in the medium, h cleared for good per cell
    dT_V/dt = k_sec (c(n_R) R + c(n) S) - h (R + S) T_V                copies on vesicles, n = T/S
    dT/dt   = phi h S T_V - d T - k_sec c(n) S                         copies brought, in the membrane of sensitive cells
    dm/dt   = phi h S m_V w V - d_m m,    dT/dt += k_tl m              mRNA of the transporter that is whole, and its protein
    dL/dt   = phi h S V - d L,            F = 1 - exp(-L/S)            sensitive cells reached, whose own synthesis is induced I-fold
    dO/dt   = (d + mu_S) n0 (1 + (I - 1) F) S - d O                    copies that sensitive cells make themselves

h = p 4 pi D a/v k_int/(k_int + k_off) (1 - r) is the clearance of :mod:`vesicle.mechanisms.making.re_uptake`. Of what is taken up only the share phi that fuses ends in a
membrane, the right way round: a transporter on a digested vesicle pumps nothing. d = ln 2/half-life. Amounts are totals, so division dilutes. Resistant cells hold n_R.
The IC50 of sensitive cells follows n0 and T/S as in :mod:`vesicle.mechanisms.phenotype.resistance.transporter`; both grow at mu = lambda0/(1 + c/IC50).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import share_reached
from vesicle.mechanisms.acting.translation import decay_of
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import native_clearance
from vesicle.mechanisms.making.loading import surface
from vesicle.mechanisms.phenotype.resistance.transporter import PUMP, pumping
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

RESISTANT, SENSITIVE = "resistant_cells", "sensitive_cells"
VESICLES, ON_VESICLES, BROUGHT, OWN, MESSAGE, REACHED = "vesicles", "pump_on_vesicles", "pump_brought", "pump_own", "pump_mrna", "pump_loads"
MADE, TAKEN, LOST, DIGESTED, TRANSLATED = "pump_sent", "vesicles_taken", "pump_degraded", "pump_digested", "pump_translated"


def cleared(site: Site, particle: Particle) -> sympy.Expr:
    """h: share of the vesicles in the medium that one cell takes up for good in an hour [1/(cell*h)]."""
    taken, let_go = site.quantity("internalisation_rate", "1/h", product="exosome"), site.quantity("unbinding_rate", "1/h")
    stays = 1 - site.quantity("recycling_fraction", "1")
    return native_clearance(site, particle) / site.given("medium_volume", site.settings["medium"], "mL") * taken / (taken + let_go) * stays


def copies_per_vesicle(site: Site, copies: sympy.Expr) -> sympy.Expr:
    """c: copies on a vesicle of a cell that holds so many [copy/EV]."""
    cell = sympy.pi * site.quantity("cell_diameter", "um") ** 2 / site.given("one_cell", 1.0, "cell")
    part = surface(site) * site.conversion("um", "nm") ** 2 / cell
    return site.quantity("transporter_ev_enrichment", "1", label=PUMP) * part * copies


class TransporterSpread(Mechanism):
    """Transfer of ABCB1, of its mRNA and of its induction from resistant to sensitive cells."""

    name: ClassVar[str] = "transporter_spread"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "copies: sent + translated = on vesicles + brought + digested + degraded"
    claims: ClassVar[tuple[str, ...]] = ("C-0539",)
    quantities: ClassVar[tuple[str, ...]] = (
        "secretion_rate", "ev_diameter", "ev_diameter_gsd", "cell_diameter", "thermal_energy", "medium_viscosity", "sticking_probability", "internalisation_rate",
        "unbinding_rate", "recycling_fraction", "cytosolic_release_fraction", "transporter_ev_enrichment", "transporter_copies_resistant", "transporter_copies_sensitive",
        "transporter_resistance", "protein_half_life", "mrna_half_life", "proteins_per_mrna_lifetime", "cargo_copies_per_ev", "whole_mrna_share", "doubling_time", "ic50",
        "cell_floor",
    )  # fmt: skip
    absent: ClassVar[str] = "sensitive cells stay sensitive"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """``site.settings``: cells of both kinds, medium [mL], drug and its concentration, whether vesicles leave, induction; the particle is the vesicle."""
        return Part(rules=self._rules(site, particle), species=self._species(site), reactions=self._reactions(site), observables=self._seen(site))

    def _species(self, site: Site) -> tuple[Species, ...]:
        sensitive = site.given("sensitive_at_start", site.settings[SENSITIVE], "cell")
        resting = site.quantity("transporter_copies_sensitive", "copy/cell", label=PUMP)
        return (
            Species(RESISTANT, RESISTANT, "", "cell", site.given("resistant_at_start", site.settings[RESISTANT], "cell")),
            Species(SENSITIVE, SENSITIVE, "", "cell", sensitive), Species(VESICLES, VESICLES, "", "EV"), Species(TAKEN, VESICLES, "", "EV"), Species(REACHED, VESICLES, "", "EV"),
            *(Species(name, PUMP, "", "copy") for name in (ON_VESICLES, BROUGHT, MESSAGE, MADE, LOST, DIGESTED, TRANSLATED)),
            Species(OWN, PUMP, "", "copy", resting * sensitive),
        )  # fmt: skip

    def _rules(self, site: Site, particle: Particle) -> tuple[Rule, ...]:
        drug, resistant = site.settings["drug"], site.quantity("transporter_copies_resistant", "copy/cell", label=PUMP)
        living = sympy.Max(symbol(SENSITIVE), site.quantity("cell_floor", "cell"))
        rest = pumping(site, drug, site.quantity("transporter_copies_sensitive", "copy/cell", label=PUMP))
        reached = share_reached(site, symbol(REACHED), living)
        secreting = site.quantity("secretion_rate", "EV/(cell*h)", product="exosome") * site.given("vesicles_leave", float(site.settings["vesicles_leave"]), "1")
        return (
            Rule("per_sensitive_cell", "copy/cell", symbol(BROUGHT) / living),
            Rule("own_per_sensitive_cell", "copy/cell", symbol(OWN) / living),
            Rule("shift_sensitive", "1", (1 + pumping(site, drug, symbol("own_per_sensitive_cell") + symbol("per_sensitive_cell"))) / (1 + rest)),
            Rule("shift_resistant", "1", (1 + pumping(site, drug, resistant)) / (1 + rest)),
            *(Rule(f"growth_{kind}", "1/h", self._growth(site, f"shift_{kind}")) for kind in ("sensitive", "resistant")),
            Rule("sends", "EV/(cell*h)", secreting), Rule("clears", "1/(cell*h)", cleared(site, particle)),
            Rule("copies_on_one", "copy/EV", copies_per_vesicle(site, resistant)), Rule("copies_on_passed", "copy/EV", copies_per_vesicle(site, symbol("per_sensitive_cell"))),
            Rule("reached_cells", "1", reached), Rule("induced", "1", 1 + (site.given("induction", site.settings["induction"], "1") - 1) * symbol("reached_cells")),
        )  # fmt: skip

    def _growth(self, site: Site, shift: str) -> sympy.Expr:
        drug = site.settings["drug"]
        free = sympy.log(2) / site.quantity("doubling_time", "h", cell=site.settings["cell_line"], method="in vitro")
        stands = site.quantity("ic50", "copy/mL", product="free_drug", label=drug, method="in vitro") * symbol(shift)
        return free / (1 + site.given("concentration", site.settings["concentration"], "copy/mL") / stands)

    def _reactions(self, site: Site) -> tuple[Reaction, ...]:
        resistant, sensitive, vesicles, on = (symbol(name) for name in (RESISTANT, SENSITIVE, VESICLES, ON_VESICLES))
        sends, clears = symbol("sends"), symbol("clears")
        fuses = site.quantity("cytosolic_release_fraction", "1", product="exosome")
        decay, _, translate = decay_of(site, PUMP)
        loss = sympy.log(2) / site.quantity("protein_half_life", "h", label=PUMP)
        whole = site.quantity("cargo_copies_per_ev", "copy/EV", product="exosome", label="mRNA") * site.quantity("whole_mrna_share", "1", product="exosome")
        rest = site.quantity("transporter_copies_sensitive", "copy/cell", label=PUMP)
        made = (loss + symbol("growth_sensitive")) * rest * symbol("induced") * sensitive
        return (
            Reaction("grow_resistant", {RESISTANT: 1}, symbol("growth_resistant") * resistant),
            Reaction("grow_sensitive", {SENSITIVE: 1}, symbol("growth_sensitive") * sensitive),
            Reaction("send", {VESICLES: 1}, sends * resistant),
            Reaction("taken_by_resistant", {VESICLES: -1}, clears * resistant * vesicles),
            Reaction("taken_by_sensitive", {VESICLES: -1, TAKEN: 1}, clears * sensitive * vesicles),
            Reaction("reach", {REACHED: 1}, fuses * clears * sensitive * vesicles),
            Reaction("forget", {REACHED: -1}, loss * symbol(REACHED)),
            Reaction("send_pump", {ON_VESICLES: 1, MADE: 1}, sends * symbol("copies_on_one") * resistant),
            Reaction("pass_on_pump", {BROUGHT: -1, ON_VESICLES: 1}, sends * symbol("copies_on_passed") * sensitive),
            Reaction("bring_pump", {ON_VESICLES: -1, BROUGHT: 1}, fuses * clears * sensitive * on),
            Reaction("digest_pump", {ON_VESICLES: -1, DIGESTED: 1}, ((1 - fuses) * clears * sensitive + clears * resistant) * on),
            Reaction("degrade_brought", {BROUGHT: -1, LOST: 1}, loss * symbol(BROUGHT)),
            Reaction("bring_mrna", {MESSAGE: 1}, fuses * whole * clears * sensitive * vesicles),
            Reaction("decay_mrna", {MESSAGE: -1}, decay * symbol(MESSAGE)),
            Reaction("translate_brought", {BROUGHT: 1, TRANSLATED: 1}, translate * symbol(MESSAGE)),
            Reaction("make_own", {OWN: 1}, made), Reaction("degrade_own", {OWN: -1}, loss * symbol(OWN)),
        )  # fmt: skip

    def _seen(self, site: Site) -> tuple[Observable, ...]:
        drug = site.settings["drug"]
        gained = sympy.Max(0, site.quantity("transporter_resistance", "1", label=f"{PUMP}/{drug}") - 1)
        rest = site.quantity("transporter_copies_sensitive", "copy/cell", label=PUMP)
        full = site.quantity("transporter_copies_resistant", "copy/cell", label=PUMP)
        living = sympy.Max(symbol(SENSITIVE), site.quantity("cell_floor", "cell"))
        daily = symbol("clears") * symbol(VESICLES) * site.conversion("EV/(cell*d)", "EV/(cell*h)")
        enough = gained * symbol("per_sensitive_cell") / (full + gained * rest)
        return (
            Observable("ic50_shift", "1", symbol("shift_sensitive"), "", f"factor of the IC50 of {drug} of sensitive cells"),
            Observable("ic50_shift_resistant", "1", symbol("shift_resistant"), "", "the same of resistant cells"),
            Observable("brought_per_cell", "copy/cell", symbol("per_sensitive_cell"), "cell", "copies brought, in the membrane of a sensitive cell"),
            Observable("own_per_cell", "copy/cell", symbol("own_per_sensitive_cell"), "cell", "copies that a sensitive cell made itself"),
            Observable("brought_over_needed", "1", enough, "cell", "copies brought over those that double the IC50 of a sensitive cell"),
            Observable("copies_per_vesicle", "copy/EV", symbol("copies_on_one"), "", "copies on a vesicle of a resistant cell"),
            Observable("taken_per_cell", "EV/cell", symbol(TAKEN) / living, "cell", "vesicles of resistant cells taken up per sensitive cell there is now"),
            Observable("taken_per_cell_and_day", "EV/(cell*d)", daily, "cell", "vesicles of resistant cells that a sensitive cell takes up in a day"),
            Observable("reached_cells", "1", symbol("reached_cells"), "", "share of sensitive cells with a vesicle that fused"),
            Observable("sensitive_cells", "cell", symbol(SENSITIVE), "", "sensitive cells"), Observable("resistant_cells", "cell", symbol(RESISTANT), "", "resistant cells"),
            *(Observable(name, "copy", symbol(name)) for name in (MADE, ON_VESICLES, BROUGHT, DIGESTED, LOST, TRANSLATED)),
        )  # fmt: skip
