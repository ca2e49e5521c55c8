"""`python -m coregulation`, the same as the command `coregulation`."""

from __future__ import annotations

import sys

from coregulation.cli import main

if __name__ == "__main__":
    sys.exit(main())
