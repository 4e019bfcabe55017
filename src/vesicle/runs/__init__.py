"""Scenarios to run folders: worker processes, checkpoints, writing. The only room that writes run folders."""
