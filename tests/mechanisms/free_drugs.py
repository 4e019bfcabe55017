"""Free drugs alone: a body or a well with nothing else in it, as a checked network."""

from dataclasses import replace

from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.mechanisms.drug.given import FreeDrug
from vesicle.mechanisms.drug.pharmacokinetics import FreeDrugInBody, FreeDrugInWell
from vesicle.model.assembled import Model, identifier, without_unused
from vesicle.network.checks import check
from vesicle.network.types import Arm, Dose, Network, Particle

NOTHING = Particle("none", "none")
DOSE = 1000.0


def site_for(*drugs, species="human", **settings):
    return Site(shipped(), {"free_drugs": tuple(drugs), "cell_line": "", **settings}, {"species": species})


def free(name, route="intravenous"):
    return FreeDrug(identifier(name), name, (route,))


def model_of(site, mechanisms, doses=(), parts=()):
    network = Network("test", Arm("test"))
    for part in parts:
        network = network.with_part(part)
    for mechanism in mechanisms:
        network = network.with_part(mechanism.contribute(site, NOTHING))
    doses = tuple(Dose(time, species, site.given(f"dose_{i}", 1.0, unit) * amount, ()) for i, (time, species, amount, unit) in enumerate(doses))
    network = without_unused(replace(network, arm=Arm("test", doses), parameters=tuple(site.parameters.values())))
    return Model("test", network, check(network), ())


def run(model, until, every, samples=(-1,), held=None):
    program, lean = compile_model(model, output_times(until, every))
    engine = OdeEngine(1e-10)
    found = [engine.run(program, values) for values in values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, list(samples), held))]
    assert {one.status for one in found} == {"ok"}
    return found


def body(name, route="intravenous", species="human", doses=None):
    drug = free(name, route)
    place = {"oral": "gut", "intraperitoneal": "cavity", "subcutaneous": "skin"}.get(route, "central")
    site = site_for(drug, species=species)
    given = doses or [(0.0, f"dosed__{drug.id}__{place}", DOSE, "nmol")]
    return model_of(site, [FreeDrugInBody()], given)


def well(name, doses):
    drug = free(name, "well")
    site = site_for(drug, species="", area_um2=1e8, thicknesses=(1e4,))
    return model_of(site, [FreeDrugInWell()], doses)


def value(model, parameter):
    return next(p.value for p in model.network.parameters if p.id == parameter)
