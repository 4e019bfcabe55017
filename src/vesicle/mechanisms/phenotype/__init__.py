"""Mechanisms of the chapter 'phenotype'."""
