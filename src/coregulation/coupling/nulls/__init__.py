"""What linkage is tested against, one kind of null per file; `coregulation.coupling.registry` lists them."""
