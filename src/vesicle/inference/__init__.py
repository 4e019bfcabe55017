"""What the numbers say about the parameters: sensitivity."""
