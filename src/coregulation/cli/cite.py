"""`coregulation cite`: how to cite the software, and the papers its methods come from."""

from __future__ import annotations

import argparse
from typing import Any


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "cite",
        help="how to cite the software and its methods",
        description="Print how to cite this version, and the papers that the methods come from.",
        epilog="example:\n  coregulation cite",
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> None:
    """Print the references."""
    from coregulation.report.bibliography import cite_software, papers, references

    print(cite_software())
    print("\nMethods:")
    for reference in references(papers()):
        print(f"  {reference}")
