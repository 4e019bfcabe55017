"""Every system that the reviews describe, with a small experiment that shows whether it works; one file per system.

An experiment states which claims it used and which it predicts, prints its numbers, and has a knocked-out twin that must fail. Systems without an
experiment are listed as "not yet".
"""

from vesicle.systems.base import Check, Experiment, Finding
from vesicle.systems.registry import all_experiments, catalogue, perform

__all__ = ["Check", "Experiment", "Finding", "all_experiments", "catalogue", "perform"]
