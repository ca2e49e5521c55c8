"""One file per measure; `coregulation.coupling.registry` lists them."""
