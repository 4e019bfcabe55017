"""Mechanisms of the chapter 'acting'."""
