"""Lean network against the full SBML in libRoadRunner: ratio of times, interleaved, same tolerance."""

import statistics
import time

import stochastic

from vesicle.engines.ode import ENSEMBLE_RTOL, OdeEngine, _import
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.evidence import shipped
from vesicle.model import sbml
from vesicle.model import scenario_file as scenario
from vesicle.model.assembly import assemble

ROUNDS = 7
SMALLEST = 1.0


def main() -> None:
    """Print the ratio for two arms of the shipped scenario."""
    wanted = scenario.load("pancreas-kras")
    models = assemble(wanted, shipped())
    times = output_times(wanted.duration, wanted.observe_every)
    for arm in ("kras_exosome", "kras_free"):
        model = models[arm]
        program, lean = compile_model(model, times)
        values = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
        engine = OdeEngine(ENSEMBLE_RTOL)
        full = _import().RoadRunner(sbml.write(model.network, model.flat))
        full.integrator.relative_tolerance = ENSEMBLE_RTOL
        full.integrator.absolute_tolerance = SMALLEST
        ratios = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            engine.run(program, values)
            middle = time.perf_counter()
            full.reset()
            full.simulate(times=list(times))
            ratios.append((time.perf_counter() - middle) / (middle - start))
        print(f"{arm}: full SBML / lean = {statistics.median(ratios[1:]):.1f} ({min(ratios[1:]):.1f} to {max(ratios[1:]):.1f})")


if __name__ == "__main__":
    main()
    stochastic.main()
