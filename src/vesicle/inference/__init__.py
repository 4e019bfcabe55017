"""From data to parameters, and from parameters to what they decide: calibration, sensitivity."""
