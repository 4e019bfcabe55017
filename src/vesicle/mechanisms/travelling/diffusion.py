"""Free diffusion and settling of a sphere.

    D = k_B T / (3 pi eta d)           Stokes-Einstein
    v = (rho_p - rho_f) g d^2 / (18 eta)     Stokes settling

In a well held at 4 C, k_B T and eta are those of that temperature. k_B and g are constants of nature; the unit system (h, um, mg) turns them into exact factors.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.base import Site


def diffusivity(site: Site, diameter: sympy.Expr, viscosity: sympy.Expr) -> sympy.Expr:
    """D [um2/h] of a sphere of a diameter [nm] in a fluid of a viscosity [mPa*s]."""
    thermal = site.quantity("thermal_energy", "mPa*s*um2*nm/h", label=site.settings.get("cold", ""))
    return thermal / (3 * sympy.pi * viscosity * diameter)


def settling_speed(site: Site, diameter: sympy.Expr, viscosity: sympy.Expr) -> sympy.Expr:
    """v [um/h] of a sphere denser than the fluid; zero where it is lighter."""
    fluid = site.quantity("medium_density", "g/mL")
    heavier = sympy.Max(1, site.quantity("ev_buoyant_density", "g/mL", product="exosome") / fluid)
    gravity = site.quantity("gravity", "um*mPa*s*mL/(g*nm2*h)")
    return (heavier - 1) * fluid * gravity * diameter**2 / (18 * viscosity)
