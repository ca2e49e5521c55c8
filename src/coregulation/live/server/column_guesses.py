"""What the columns of a file that was dropped on the page may be: proposals, which somebody there confirms or changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coregulation.io.suggestion import Proposal
    from coregulation.io.tables.contents import ColumnContents, Contents

    Groups = dict[str, list[tuple[ColumnContents, str]]]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column may be: whose it is, as a number from 0 and as the file calls them, and which channel in which unit."""

    who: int
    name: str
    channel: str
    unit: str | None


def guess_columns(file: Contents, person: int | None) -> dict[int, ColumnGuess]:
    """Propose what the columns of a file may be.

    Parameters
    ----------
    file
        What it holds.
    person
        Whose it is, counted from 0, where each file is another's; None where one file may be of several people.

    Returns
    -------
    dict
        By the column's number; nothing of columns that tell nothing.
    """
    from coregulation.io.suggestion import propose_options

    proposal = propose_options([file])
    values = [column for column in file.columns if column.kind == "number" and column.means != "time"]
    groups = _by_names(values) or _proposed(values, proposal)
    owner = person if person is not None else 0 if file.is_recording and len(proposal.people) == 1 else None
    return {
        column.number: ColumnGuess(
            at if owner is None else owner, who if owner is None else "", channel, column.unit or _unit(channel, proposal.options)
        )
        for at, (who, own) in enumerate(groups.items())
        for column, channel in own
    }  # fmt: skip


def _by_names(values: Sequence[ColumnContents]) -> Groups:
    from coregulation.io.suggestion import people_of_columns

    return people_of_columns(values) or _called_alike(values)


def _proposed(values: Sequence[ColumnContents], proposal: Proposal) -> Groups:
    """Group the columns that a command line would be proposed with, or the only one."""
    channel = proposal.options.get("signal")
    if channel is None or not values:
        return {}
    handles = [word.partition("=")[2] for word in proposal.people if "=" in word]
    named = [column for handle in handles for column in values if handle in (column.name, str(column.number))]
    chosen = named or (values if len(values) == 1 else [])
    return {column.name: [(column, channel)] for column in chosen}


def _called_alike(values: Sequence[ColumnContents]) -> Groups:
    """Group columns by the one part in which their names differ."""
    from coregulation.io.tables.likely_channels import channels_by_person

    names = channels_by_person([column.name for column in values])
    groups: Groups = {}
    for column in values:
        if column.name in names:
            channel, person = names[column.name]
            groups.setdefault(person, []).append((column, channel))
    return groups


def _unit(channel: str, options: Mapping[str, str]) -> str | None:
    """Return the unit that is proposed for a channel."""
    return options.get("unit") if options.get("signal", channel) == channel else None
