"""How long things take, and how long the same takes elsewhere."""
