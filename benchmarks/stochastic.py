"""Events per second of the stochastic engine, libRoadRunner's gillespie and COPASI's directMethod, side by side.

The same network (a donor of one cell, 23 reactions of mass action, 24 h) in turn in one process. Each
program's own path is as long as chance makes it, so times are per expected event, which is the same
for all. Processor time, not the clock on the wall.
"""

import statistics
import time

from vesicle.engines.ode import _import
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.engines.ssa import SsaEngine, expected_events
from vesicle.evidence import shipped
from vesicle.model import sbml
from vesicle.model.donor import Donor, assemble_donor

ROUNDS, HOURS = 7, 24.0


def main() -> None:
    """Print events per second and the two ratios."""
    model = assemble_donor(Donor(), shipped())
    program, lean = compile_model(model, output_times(HOURS, 1.0), counts=True)
    values = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
    events, _ = expected_events(program, values)
    text = sbml.write(model.network, model.flat)
    others = {"libRoadRunner gillespie": _roadrunner(text), "COPASI directMethod": _copasi(text)}
    own, rest = [], {name: [] for name in others}
    for round_ in range(ROUNDS + 1):
        seconds = _seconds(lambda: SsaEngine().run(program, values))
        for name, run in others.items():
            other = _seconds(lambda run=run, seed=round_ + 1: run(seed))
            rest[name].append(other / seconds)
        own.append(events / seconds)
    print(f"ssa: {statistics.median(own[1:]):.2g} events/s of processor time ({events:.3g} events expected per run)")
    for name, ratios in rest.items():
        print(f"{name}: {statistics.median(ratios[1:]):.1f} times the time of ssa ({min(ratios[1:]):.1f} to {max(ratios[1:]):.1f})")


def _seconds(run) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _roadrunner(text):
    runner = _import().RoadRunner(text)
    runner.setIntegrator("gillespie")
    runner.integrator.variable_step_size = False

    def run(seed):
        runner.reset()
        runner.integrator.seed = seed
        runner.simulate(0, HOURS, int(HOURS) + 1)

    return run


def _copasi(text):
    import basico

    model = basico.load_model_from_string(text)

    def run(seed):
        basico.run_time_course(
            duration=HOURS, intervals=int(HOURS), method="directMethod", use_seed=True, seed=seed, max_steps=10**9, model=model, update_model=False, use_initial_values=True
        )

    return run


if __name__ == "__main__":
    main()
