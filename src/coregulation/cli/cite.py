"""`coregulation cite`: how to cite the software, and the papers its methods come from."""

from __future__ import annotations

import argparse
from typing import Any

from coregulation.cli.parsing import add_command
from coregulation.cli.words import text


def add(subparsers: Any) -> None:
    """Add the command."""
    parser = add_command(subparsers, "cite")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> None:
    """Print the references."""
    from coregulation.report.bibliography import cite_software, papers, references

    print(cite_software())
    print(f"\n{text('cite.methods')}")
    for reference in references(papers()):
        print(f"  {reference}")
