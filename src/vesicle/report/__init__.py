"""Figures, tables and pages from readouts and provenance; returns documents, saves nothing."""
