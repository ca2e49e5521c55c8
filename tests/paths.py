"""Where the checkout lies, and the real recordings beside it that may not ship."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
