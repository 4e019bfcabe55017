"""Other tools' formats: what a scenario or a run looks like to them."""
