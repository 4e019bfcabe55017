"""Mechanisms of the chapter 'travelling'."""
