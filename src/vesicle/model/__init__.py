"""From what a user wants (a scenario) and what is known (evidence) to one checked network.

No solver lives here; SBML is written here because it is the network in another notation.
"""
