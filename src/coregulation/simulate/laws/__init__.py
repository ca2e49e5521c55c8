"""Laws of simulation: generators whose truth is known, one file for each law or family of laws.

`registry.LAWS` has them all. A new law is one file with a tuple `LAWS` and its name in `registry.FAMILIES`; it is then a row of the
calibration table (where it draws series), a name for `coregulation simulate`, a row of the table in the documentation and a case
of the tests.
"""
