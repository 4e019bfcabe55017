"""What the stochastic engine is made of: expressions as tapes, networks as tables of events, keyed draws, the kernel."""
