"""How a donor cell makes vesicles: endosomes, budding, release, and what regulates them."""
