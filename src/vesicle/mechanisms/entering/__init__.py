"""Mechanisms of the chapter 'entering'."""
