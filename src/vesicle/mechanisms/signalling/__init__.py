"""Mechanisms of the chapter 'signalling'."""
