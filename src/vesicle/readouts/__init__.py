"""What an instrument or a clinician would see: custody, verdict, curves. Pure functions of trajectories."""
