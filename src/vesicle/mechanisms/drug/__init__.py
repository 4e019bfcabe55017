"""Mechanisms of the chapter 'drug'."""
