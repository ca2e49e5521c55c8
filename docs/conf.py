"""How Sphinx builds the documentation: `make docs`, or python -m sphinx -W docs site.

Sphinx with the pydata theme and numpydoc, as NumPy, pandas, SciPy, scikit-learn and MNE have: the reference is made from the same
docstrings that `help()` shows, a reader of those projects finds their way at once, search and dark mode work without a server, and
the project is kept by many. Nothing that a page loads comes from another host (tests/docs/test_site.py).
"""

from __future__ import annotations

import sys
import types
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]

from include import filled  # noqa: E402

from coregulation import __version__  # noqa: E402

project = "coregulation"
author = "The coregulation developers"
project_copyright = f"2026, {author}"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_design",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["generated", "_templates", "pictures", "gallery/*.svg"]
templates_path = ["_templates"]
myst_enable_extensions = ["colon_fence", "attrs_block"]
myst_heading_anchors = 4

autosummary_generate = True
autosummary_imported_members = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's Parameters sections have them in words, with units and shapes
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = "coregulation"
html_static_path = ["_static"]
html_css_files = ["coregulation.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_align": "left",
    "show_prev_next": False,
    "header_links_before_dropdown": 3,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": []}


def _fill(_app: object, _name: str, source: list[str]) -> None:
    source[0] = filled(source[0])


def _escape(_app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    lines[:] = [line.replace("|", r"\|") for line in lines]  # |r| is a size, not a substitution


def _skip(_app: object, _what: str, _name: str, value: object, skip: bool, _options: object) -> bool | None:
    return True if isinstance(value, types.GenericAlias) else skip or None  # a type alias has no page of its own


def setup(app) -> None:  # type: ignore[no-untyped-def]
    """Put generated tables into their pages before they are parsed, and keep the bars of |r|."""
    app.connect("source-read", _fill)
    app.connect("autodoc-process-docstring", _escape)
    app.connect("autodoc-skip-member", _skip)
