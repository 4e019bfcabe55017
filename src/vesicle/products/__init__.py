"""What is given: donor, cargo, loading, surface, dose metric."""
