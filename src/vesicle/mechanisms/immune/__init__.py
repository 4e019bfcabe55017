"""Immune cells: what vesicles say to them, what they say to each other, and how many there are."""
