"""A well: medium in layers over a floor.

    d c/dt = D d2c/dz2 + v dc/dz,     floor: D dc/dz = kappa c,     top: no flux

cut into layers of thickness z_i (thin at the floor, growing upwards by a fixed ratio). The
hazard of crossing between neighbours i and i+1 is D / (z_i (z_i + z_{i+1}) / 2), settling adds
v / z_i downwards. A perfect sink takes particles from the floor layer at 2 D / z_1^2; as
kappa -> infinity this is the series

    f(t) = 1 - sum_k 8 / ((2k+1)^2 pi^2) exp(-(2k+1)^2 pi^2 D t / (4 h^2))

which is an upper bound on arrival without settling. A cell layer takes up from the floor layer
by attachment; suspended cells are in reach of every layer.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.diffusion import diffusivity, medium_viscosity, particle_diameter, settling_speed
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Rule, Transfer

LAYER = "layer_"


def thicknesses(depth: float, floor: float, layers: int) -> list[float]:
    """Layer thicknesses [um] from the floor up, growing by a constant ratio, that fill a depth.

    The ratio is found by bisection; equal layers when the floor layer is as thick as the rest.
    """
    if floor * layers >= depth:
        return [depth / layers] * layers
    low, high = 1.0, 10.0
    for _ in range(200):
        ratio = (low + high) / 2
        total = floor * (ratio**layers - 1) / (ratio - 1)
        low, high = (ratio, high) if total < depth else (low, ratio)
    sizes = [floor * ratio**i for i in range(layers)]
    return [z * depth / sum(sizes) for z in sizes]


def is_layer(place: str) -> bool:
    """Whether a place is a layer of the medium of a well."""
    return place.startswith(LAYER)


class WellDiffusion(Mechanism):
    """Diffusion and settling of particles through a column of medium."""

    name: ClassVar[str] = "well_diffusion"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C4"
    conserves: ClassVar[str] = "particles: offered = in medium + taken at the floor"
    claims: ClassVar[tuple[str, ...]] = ("C-0023",)
    quantities: ClassVar[tuple[str, ...]] = ("thermal_energy", "gravity", "ev_diameter", "medium_viscosity", "ev_buoyant_density", "medium_density")
    absent: ClassVar[str] = "the medium is well mixed"

    def contribute(self, site: Site, particle: Particle) -> Part:
        size = particle_diameter(site, particle)
        viscosity = medium_viscosity(site)
        kind = particle.id if particle.id in site.settings.get("diameters", {}) else particle.product
        rules = [Rule(f"D__{kind}", "um2/h", diffusivity(site, size, viscosity))]
        diffusion = symbol(rules[0].id)
        settle: sympy.Expr = sympy.Integer(0)
        if site.settings["settling"]:
            rules.append(Rule(f"v_settle__{kind}", "um/h", settling_speed(site, size, viscosity)))
            settle = symbol(rules[1].id)
        area = site.given("well_area", site.settings["area_um2"], "um2")
        steps = [site.given(f"layer_thickness_{i}", z, "um") for i, z in enumerate(site.settings["thicknesses"])]
        places = [Place(f"{LAYER}{i}", "medium", area * z * site.conversion("mL", "um3"), "mL", f"medium layer {i}") for i, z in enumerate(steps)]
        transfers = self._neighbours(particle, steps, diffusion, settle, None if site.settings.get("suspended") else "in_reach")
        if site.settings["floor"] == "perfect_sink":
            taken = 2 * diffusion / steps[0] ** 2 + settle / steps[0]
            transfers.append(Transfer(f"arrive__{particle.id}", particle.id, "layer_0", None, taken, step="bound", sink="floor"))
        kinds = [p.id for p in site.settings.get("particles", (particle,))]
        column = sum((symbol(f"{kind}__layer_{i}") for kind in kinds for i in range(len(steps))), sympy.Integer(0))
        return Part(rules=tuple(rules), places=tuple(places), transfers=tuple(transfers), observables=(Observable("in_medium", "EV", column, "", "particles in the medium"),))

    def _neighbours(self, particle: Particle, steps: list[sympy.Symbol], diffusion: sympy.Expr, settle: sympy.Expr, at_floor: str | None) -> list[Transfer]:
        out = []
        for i in range(len(steps) - 1):
            gap = (steps[i] + steps[i + 1]) / 2
            step = at_floor if i == 0 else None
            up = Transfer(f"up_{i}__{particle.id}", particle.id, f"layer_{i}", f"layer_{i + 1}", diffusion / (steps[i] * gap), step=step, backward=True)
            down = Transfer(f"down_{i}__{particle.id}", particle.id, f"layer_{i + 1}", f"layer_{i}", diffusion / (steps[i + 1] * gap) + settle / steps[i + 1], step=step)
            out += [up, down]
        return out
