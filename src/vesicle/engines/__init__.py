"""Engines: a network and a draw in, a trajectory out. No files, no plots."""
