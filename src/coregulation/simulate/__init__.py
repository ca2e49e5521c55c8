"""Bodies with known truth: what every estimator is compared with, and what a plan can be tried on before recording.

The simulator encodes an account of how people steady each other; it does not prove it. Nothing here opens a file or reads
a clock: all chance comes from the `rng` or the seed passed in.
"""
