"""Other programs, and conservation laws, as judges of an engine."""

from dataclasses import replace

import numpy as np
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from vesicle.engines.ode import OdeEngine, _import
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model import sbml
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable


def error(got, reference):
    """max over times > 0 and species of |x - ref| / (|ref| + 1e-6 max_t |ref|); columns that stay zero must be zero."""
    scale = np.abs(reference) + 1e-6 * np.max(np.abs(reference), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.abs(got - reference) / scale
    return float(np.max(np.where(scale > 0, share, np.abs(got))[1:]))


def watched(one):
    """The model with all its species as observables, and their names."""
    names = tuple(one.flat.species)
    network = replace(one.network, observables=tuple(Observable(name, unit, symbol(name)) for name, (unit, _, _) in one.flat.species.items()))
    return replace(one, network=network), names


def tight(runner, rtol, scale):
    """Tolerances far below the agreement asked for; every amount counts from 1e-16 of the dose on."""
    runner.integrator.relative_tolerance = rtol
    for name in runner.model.getFloatingSpeciesIds():
        runner.integrator.setIndividualTolerance(name, 1e-16 * scale)


def tight_engine():
    """The deterministic engine with tolerances far below what is asked of it."""
    engine = OdeEngine(1e-12)
    engine._tolerances = lambda program, values, runner: tight(runner, 1e-12, max(values.doses, default=1.0))
    return engine


def roadrunner(text, names, times):
    """(n_time, n_species) of exported SBML in libRoadRunner, doses as events."""
    runner = _import().RoadRunner(text)
    runner.integrator.setValue("maximum_num_steps", 200_000)
    tight(runner, 1e-12, 1e9)
    runner.timeCourseSelections = ["time", *names]
    return np.array(runner.simulate(times=list(times)))[:, 1:]


def copasi(text, names, times):
    """The same in COPASI."""
    import basico

    handle = basico.load_model_from_string(text)
    try:
        table = basico.run_time_course(
            values=list(times), method="deterministic", r_tol=1e-12, a_tol=1e-10, max_steps=1_000_000, use_numbers=False, model=handle, update_model=False
        )
        rates = [name for name in names if name not in table.columns]
        columns = [table[name] if name in table.columns else table[f"Values[{name}]"] for name in names]
    finally:
        basico.remove_datamodel(handle)
    assert all(name.startswith("exposure_") for name in rates)
    return np.column_stack(columns)


def nominal(one, times, engine=None, key=(0, -1)):
    """(program, values, run) of the nominal draw with every species as an output."""
    one, _ = watched(one)
    program, lean = compile_model(one, tuple(times), counts=bool(engine) and engine.counts)
    values = values_of(lean, one.network.parameters, draw_matrix(one.network.parameters, 1, [-1], one.network.arm.set), [key])[0]
    engine = engine or tight_engine()
    return program, engine.given(program, values), engine.run(program, values)


def between_doses(one, duration, points=8):
    """Output times from 0 to the end that are no dose times, where programs differ in what they show."""
    doses = {dose.time for dose in one.network.arm.doses} - {0.0}
    return tuple(t + (0.013 * duration if t in doses else 0.0) for t in np.linspace(0, 0.98 * duration, points).tolist())


def disagreement(one, duration, judge):
    """Largest relative error of the lean network against the exported one in another program."""
    times = between_doses(one, duration)
    text, names = sbml.write(one.network, one.flat), tuple(one.flat.species)
    return error(nominal(one, times)[2].outputs, judge(text, names, times))


def laws(flat):
    """(n_law, n_species) whole numbers: every linear combination of amounts that no flow changes, and the species."""
    names = [name for name, (unit, _, _) in flat.species.items() if unit in sbml.COUNTS]
    rows = [[QQ(int(flow.changes.get(name, 0))) for name in names] for flow in flat.flows if flow.changes.keys() <= set(names)]
    space = DomainMatrix(rows, (len(rows), len(names)), QQ).nullspace().to_Matrix() if rows else np.eye(len(names))
    return np.array(space.tolist(), dtype=float).reshape(-1, len(names)), names


def violation(one, program, values, run):
    """Largest change of a conserved sum that the doses do not explain, as a share of the sum of its terms."""
    matrix, names = laws(one.flat)
    position = [program.observables.index(name) for name in names]
    amounts = run.outputs[:, position]
    given = np.zeros_like(amounts)
    for (time, name), dose in zip(program.doses, values.doses, strict=True):
        given[(run.times > time) | ((run.times == 0) & (time == 0)), names.index(name)] += dose
    begun = np.zeros(len(names))
    for name, amount in zip(program.initials, values.initials, strict=True):
        begun[names.index(name)] = amount
    change = matrix @ (amounts - given - begun).T
    size = np.abs(matrix) @ (np.abs(amounts) + given + begun).T
    return float(np.max(np.abs(change) / np.where(size > 0, size, 1.0))) if len(matrix) else 0.0
