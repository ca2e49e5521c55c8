"""The practices and the crossover designs, one TOML file each; `coregulation.live.practice` reads them."""
