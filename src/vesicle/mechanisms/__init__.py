"""The processes of the field, one module each, in chapters.

A mechanism takes structure and sign from claims, size from measurements, and brings a partial
network. Built-in mechanisms are found over this room's chapters; others by the entry point
``vesicle.mechanisms``.
"""

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.registry import all_mechanisms

__all__ = ["Mechanism", "Site", "all_mechanisms"]
