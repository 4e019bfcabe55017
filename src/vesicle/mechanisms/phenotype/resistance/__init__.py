"""Four ways by which vesicles make cells stand more of a drug, each by its own path, and its spread from cell to cell."""
