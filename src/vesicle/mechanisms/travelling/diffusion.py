"""Free diffusion and settling of a sphere.

    D = k_B T / (3 pi eta d)           Stokes-Einstein
    v = (rho_p - rho_f) g d^2 / (18 eta)     Stokes settling

In a well held at 4 C, k_B T and eta are those of that temperature. k_B and g are constants of nature; the unit system (h, um, mg) turns them into exact factors.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.base import Site
from vesicle.network.types import Particle


def particle_diameter(site: Site, particle: Particle) -> sympy.Expr:
    """Diameter of a particle [nm]: what the scenario sets for its product, else the measured one of its kind."""
    own = site.settings.get("diameters", {}).get(particle.id)
    return site.quantity("ev_diameter", "nm", product=particle.product) if own is None else site.given(f"diameter__{particle.id}", own, "nm")


def diffusivity(site: Site, diameter: sympy.Expr, viscosity: sympy.Expr) -> sympy.Expr:
    """D [um2/h] of a sphere of a diameter [nm] in a fluid of a viscosity [mPa*s]."""
    thermal = site.quantity("thermal_energy", "mPa*s*um2*nm/h", label=site.settings.get("cold", ""))
    return thermal / (3 * sympy.pi * viscosity * diameter)


def medium_viscosity(site: Site) -> sympy.Expr:
    """Viscosity of the medium [mPa*s] at the temperature of the experiment."""
    return site.quantity("medium_viscosity", "mPa*s", label=site.settings.get("cold", ""))


def settling_speed(site: Site, diameter: sympy.Expr, viscosity: sympy.Expr) -> sympy.Expr:
    """v [um/h] of a sphere denser than the fluid; zero where it is lighter."""
    fluid = site.quantity("medium_density", "g/mL")
    heavier = sympy.Max(1, site.quantity("ev_buoyant_density", "g/mL", product="exosome") / fluid)
    gravity = site.quantity("gravity", "um*mPa*s*mL/(g*nm2*h)")
    return (heavier - 1) * fluid * gravity * diameter**2 / (18 * viscosity)
