"""What vesicles bring to each kind of immune cell of a culture.

A cell of kind k holds or takes in v_k of them, cargo c comes in n_c copies on each, and K_c copies per cell have half the effect:

    x_kc = g n_c v_k / K_c                 outside, free to act on what is around the cell (an enzyme, a cytokine, a decoy)
    x_kc = g n_c v_k min(1, h/d) / K_c     in contact: only what lies in the gap h meets a receptor of the cell, as in :mod:`vesicle.mechanisms.entering.surface`
    x_kc = g n_c v_k f / K_c               in the lumen, f the share that is released into the cytosol
    s_kc = R x / (R + x)                   R the share of cells reached: 1 from outside, 1 - exp(-g f v_k) in the lumen

Where the receptors of a ligand were counted on the cell, and its constants with them, no half effect is asked for. The ligands in the contact are shared among the receptors
by copies and affinity, and each receptor moves by its own signal (:mod:`vesicle.mechanisms.entering.competition`; complexes of MHC with a peptide that the cell recognises:
:mod:`vesicle.mechanisms.immune.presentation`):

    L_kc = g n_c v_k min(1, h/d),     C_j from L_kc and all R_i, K_i,     s_kj = x^m / (1 + x^m),  x = C_j / (A x_50,j)

Complexes of MHC with the peptide reach a T cell in two ways: on the vesicles that it holds, and on the presenting cells that took some and that every T cell comes to meet,
each way with its own signal 1; s = 1 - (1 - S)(1 - S_by). Such a receptor is nearly silent before vesicles come, however much of it is expressed.

How s moves the activity of a node is in :mod:`vesicle.mechanisms.immune.conversation`. All kinds compete for P vesicles in a volume V over a time t_0, u_k cleared per cell:

    v_k = P u_k / U (1 - exp(-U t_0 / V)),     U = sum_k N_k u_k

The gain g is 1 at the counted copies. To ask what the wiring would do *if delivery were effective*, g is set once for all that acts from outside and once for the lumen
so that the strongest cargo there, in the kind that takes up most, has a stated x (for a shared ligand x = L over the least L that gives half of a signal); within each, what
is measured keeps its proportions: who takes up more, and which cargo is plentiful. The state of the donor (priming, treatment, engineering) multiplies copies by the fold
that a record gives, at the same g.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.acting.silencing import word
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.entering.attachment import encounter_clearance
from vesicle.mechanisms.entering.competition import Receptor, half_pairs, needed, receptor_of, shared, steep
from vesicle.mechanisms.immune.kinds import COMPARED_WITH, CONTACT, LUMEN, SURFACE, Act, Carried, Kind, Talk
from vesicle.mechanisms.immune.presentation import PMHC, half_complexes, occupied_share, paired, signal_one
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.gates import LEAST
from vesicle.network.types import Observable, Particle, Rule


def uptake(site: Site, talk: Talk, particle: Particle) -> list[Rule]:
    """Vesicles per cell of each kind, all kinds competing for the same."""
    rules = []
    for kind in talk.kinds:
        own = Site(site.library, {**site.settings, **about(kind)}, site.context, site.parameters)
        rules.append(Rule(f"cleared__{kind.name}", "mL/(cell*h)", encounter_clearance(own, particle)))
    all_together = sum((symbol(f"cleared__{k.name}") * number(site, k) for k in talk.kinds), sympy.Integer(0))
    given, volume = site.given("vesicles", site.settings["vesicles"], "EV"), site.given("volume", site.settings["volume"], "mL")
    rules.append(Rule("cleared", "mL/h", all_together))
    rules.append(Rule("taken_share", "1", 1 - sympy.exp(-symbol("cleared") * site.given("hours", site.settings["hours"], "h") / volume)))
    rules += [Rule(f"held__{k.name}", "EV/cell", given * symbol("taken_share") * symbol(f"cleared__{k.name}") / symbol("cleared")) for k in talk.kinds]
    return rules


def brought(site: Site, talk: Talk, particle: Particle) -> list[Rule]:
    """s of every cargo in every kind in which it acts."""
    imposed = site.given("imposed", float(site.settings["imposed"]), "1")
    one = site.given("one_particle_per_cell", 1.0, "EV/cell")
    released = site.quantity("cytosolic_release_fraction", "1", product="exosome")
    by_name = {c.name: c for c in talk.carried}
    acting = [(kind, by_name[name]) for kind in talk.kinds for name in dict.fromkeys(act.cargo for act in kind.acts)]
    rules = []
    touching = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / particle_diameter(site, particle))
    gain = site.given("gain", site.settings["gain"], "1")
    for kind, cargo in acting:
        if _is_counted(kind, cargo):
            rules += _met(site, kind, cargo, touching)
            continue
        acting_share = {LUMEN: released, CONTACT: touching, SURFACE: sympy.Integer(1)}[cargo.place]
        half = site.quantity("cargo_half_effect", "copy/cell", label=cargo.half)
        rules.append(Rule(str(_dose(kind, cargo)), "1", copies(site, cargo) * symbol(f"held__{kind.name}") * acting_share / half))
    for place in (SURFACE, LUMEN):
        raw = [_dose(kind, cargo) for kind, cargo in acting if _side(cargo) == place]
        if raw:
            rules.append(Rule(f"strongest__{place}", "1", sympy.Max(*raw, site.given("least_dose", LEAST, "1"), evaluate=False)))
    level = site.given("imposed_level", site.settings["imposed_level"], "1")
    for kind, cargo in acting:
        gained = state_fold(site, cargo) * ((1 - imposed) * gain + imposed * level / symbol(f"strongest__{_side(cargo)}"))
        if _is_counted(kind, cargo):
            rules += _engaged(site, kind, cargo, gained)
            continue
        share = sympy.Integer(1) if _side(cargo) == SURFACE else imposed + (1 - imposed) * (1 - sympy.exp(-gain * released * symbol(f"held__{kind.name}") / one))
        x = gained * _dose(kind, cargo)
        rules.append(Rule(f"brought__{word(cargo.name)}__{kind.name}", "1", share * x / (share + x + symbol("least_dose"))))
    return rules


def _met(site: Site, kind: Kind, cargo: Carried, touching: sympy.Expr) -> list[Rule]:
    """Ligands of a cargo that meet the receptors of a kind at the counted copies, and how many give half of a signal."""
    own = occupied_share(site) if cargo.peptide else sympy.Integer(1)
    met, half = symbol(f"met__{word(cargo.name)}__{kind.name}"), symbol(f"half_met__{word(cargo.name)}__{kind.name}")
    per_vesicle = copies(site, cargo) * touching * own
    needs = [_needed(site, kind, cargo, act.receptor) for act in kind.counted if act.cargo == cargo.name]
    return [
        Rule(str(met), "copy/cell", per_vesicle * symbol(f"held__{kind.name}") * float(all(act.direct for act in kind.counted if act.cargo == cargo.name))),
        Rule(str(half), "copy/cell", sympy.Min(*needs, evaluate=False) if len(needs) > 1 else needs[0]),
        Rule(str(_dose(kind, cargo)), "1", met / half),
        *(
            Rule(_half_held(kind, act), "EV/cell", need / (per_vesicle * state_fold(site, cargo)))
            for act, need in zip((a for a in kind.counted if a.cargo == cargo.name), needs, strict=True)
        ),
    ]


def _engaged(site: Site, kind: Kind, cargo: Carried, gained: sympy.Expr) -> list[Rule]:
    """Receptors that a cargo engages, and their signals; ``gained`` multiplies what was counted."""
    ligands = symbol(f"shown__{word(cargo.name)}__{kind.name}")
    rules = [Rule(str(ligands), "copy/cell", gained * symbol(f"met__{word(cargo.name)}__{kind.name}"))]
    acts = [act for act in kind.counted if act.cargo == cargo.name]
    receptors = [_receptor(site, kind, cargo, act.receptor) for act in acts]
    further, engaged = shared(f"{word(cargo.name)}__{kind.name}", ligands, receptors)
    rules += further
    for act, receptor, formed in zip(acts, receptors, engaged, strict=True):
        silent = 1 - _signal(site, kind, cargo, receptor, symbol(_engaged_id(kind, act)))
        for other in act.by:
            shown, pairs = (symbol(f"{what}_by_{other}__{word(cargo.name)}__{kind.name}") for what in ("shown", "engaged"))
            passed = copies(site, cargo) * occupied_share(site) * site.quantity("pmhc_passed_share", "1") * symbol(f"held__{other}")
            rules += [Rule(str(shown), "copy/cell", gained * passed), Rule(str(pairs), "copy/cell", paired(receptor.copies, shown, receptor.constant))]
            silent = silent * (1 - _signal(site, kind, cargo, receptor, pairs))
        rules += [Rule(_engaged_id(kind, act), "copy/cell", formed), Rule(brought_id(kind, act), "1", 1 - silent)]
    return rules


def _is_counted(kind: Kind, cargo: Carried) -> bool:
    """Whether a cargo acts by receptors that were counted on a kind."""
    return any(act.cargo == cargo.name for act in kind.counted)


def brought_id(kind: Kind, act: Act) -> str:
    """s of an act."""
    return "__".join(filter(None, ("brought", word(act.cargo), word(act.receptor) if act.receptor else "", kind.name)))


def _engaged_id(kind: Kind, act: Act) -> str:
    return f"engaged__{word(act.cargo)}__{word(act.receptor)}__{kind.name}"


def _half_held(kind: Kind, act: Act) -> str:
    return f"half_held__{word(act.cargo)}__{word(act.receptor)}__{kind.name}"


def seen(kind: Kind, act: Act) -> tuple[Observable, ...]:
    """What is told of a counted receptor."""
    return (
        Observable(f"engaged:{act.receptor}:{kind.name}", "copy/cell", symbol(_engaged_id(kind, act)), "cell", f"{act.receptor} of {kind.cell} engaged by {act.cargo}"),
        Observable(f"signal:{act.receptor}:{kind.name}", "1", symbol(brought_id(kind, act)), "cell", f"signal of {act.receptor} in {kind.cell} by {act.cargo} of vesicles"),
        Observable(f"half_held:{act.receptor}:{kind.name}", "EV/cell", symbol(_half_held(kind, act)), "cell", f"vesicles per {kind.cell} for half of it alone"),
    )


def _area(site: Site, kind: Kind) -> sympy.Expr:
    """Surface of a smooth cell [um2/cell]."""
    return sympy.pi * site.quantity("cell_diameter", "um", cell=kind.cell) ** 2 / site.given("one_cell", 1.0, "cell")


def _receptor(site: Site, kind: Kind, cargo: Carried, name: str) -> Receptor:
    return receptor_of(site, name, PMHC if cargo.peptide else cargo.name, kind.surface, _area(site, kind))


def _needed(site: Site, kind: Kind, cargo: Carried, receptor: str) -> sympy.Expr:
    """Ligands in contact for half of the signal of a receptor when nothing competes [copy/cell]."""
    if cargo.peptide:
        return half_complexes(site, kind.experience)
    return needed(site, _receptor(site, kind, cargo, receptor), half_pairs(site, receptor, kind.surface, _area(site, kind)))


def _signal(site: Site, kind: Kind, cargo: Carried, receptor: Receptor, engaged: sympy.Expr) -> sympy.Expr:
    """The signal of a receptor from how many are engaged."""
    if cargo.peptide:
        at_half = paired(receptor.copies, half_complexes(site, kind.experience), receptor.constant)
        return sympy.sympify(signal_one(sympy.Max(0, engaged), at_half, site.quantity("pmhc_response_hill", "1")))
    share = engaged / half_pairs(site, receptor.name, kind.surface, _area(site, kind))
    return steep(share, site.quantity("signal_hill", "1", label=receptor.name, cell=kind.surface))


def _dose(kind: Kind, cargo: Carried) -> sympy.Symbol:
    """x of a cargo in a kind at the counted copies."""
    return symbol(f"dose__{word(cargo.name)}__{kind.name}")


def _side(cargo: Carried) -> str:
    """From outside, or from the lumen."""
    return LUMEN if cargo.place == LUMEN else SURFACE


def about(kind: Kind) -> dict[str, str]:
    """Settings under which the attachment of a kind is asked for."""
    return {"sized_cell": kind.cell, "cell_line": kind.cell, "compared_with": "" if kind.cell == COMPARED_WITH else COMPARED_WITH}


def number(site: Site, kind: Kind) -> sympy.Expr:
    """Cells of a kind."""
    return site.given(f"cells__{kind.name}", kind.number, "cell")


def copies(site: Site, cargo: Carried) -> sympy.Expr:
    """Copies of a cargo per vesicle [copy/EV]."""
    if cargo.quantity == "mirna_share_of_ev":
        return site.quantity("mirna_share_of_ev", "1", product="exosome", label=cargo.name, cell=cargo.donor) * site.quantity("total_mirna_per_ev", "copy/EV", product="exosome")
    if cargo.quantity == "surface_ligand_copies_per_ev":
        return site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome", label=cargo.name, cell=cargo.donor)
    return site.quantity("cargo_copies_per_ev", "copy/EV", product="exosome", label=cargo.name, cell=cargo.donor)


def state_fold(site: Site, cargo: Carried) -> sympy.Expr:
    """What the state of the donor multiplies the copies by; 1 at rest."""
    return site.quantity("state_cargo_fold", "1", label=f"{cargo.state}, {cargo.name}", cell=cargo.donor) if cargo.state else sympy.Integer(1)
