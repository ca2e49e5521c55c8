"""Who may do what with whose data: one table, used by every request, socket message, report, export and list.

A right follows from how a device is related to a person of a session, and from what that person agreed to. The relation follows
from admission and from the seats that were held, never from an invitation alone. What is not in the table is not allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coregulation.live.room.wire import Role


class Relation(StrEnum):
    """How a device is related to one person of a session."""

    OWN = "own"  # it held this person's seat, and no other
    SHARED = "shared"  # it held this person's seat and somebody else's: both look at it
    SUCCESSOR = "successor"  # it has this person's seat, from which another device agreed
    PARTNER = "partner"  # it held another seat
    FACILITATOR = "facilitator"  # it was admitted to guide
    VIEWER = "viewer"  # it was admitted to look on, while the session lasts
    KEEPER = "keeper"  # the browser that runs this computer, without a seat in the session
    IMPORTER = "importer"  # the same, for a recording that was brought in
    NONE = "none"  # invited, waiting, refused, or of another room


class Right(StrEnum):
    """Something that a device may do with what concerns one person."""

    NAME = "name"  # know the pseudonym and how the sensor does
    CONSENTS = "consents"  # know what the person agreed to
    ANSWERS = "answers"  # read reports, results and the journey
    HALF = "half"  # download the raw recording with private words and ratings
    RAW = "raw"  # download the raw recording without private words and ratings
    ERASE = "erase"
    WORDS = "words"  # hear private words once everybody reveals them
    CUE = "cue"  # see the coin's cue to this person as it comes
    COIN = "coin"  # know afterwards how often the coin was flipped and asked, and its seed


Needs = frozenset[str]
FREE: Needs = frozenset()
PARTNER_SEES: Needs = frozenset({"show-partner"})
GUIDE_SEES: Needs = frozenset({"show-facilitator"})
KEPT: Needs = frozenset({"keep", "show-partner"})
FLIPPED: Needs = frozenset({"coin"})
RESEARCH: Needs = frozenset({"keep", "research"})

# right -> relation -> purposes that the person must have agreed to
POLICY: Mapping[Right, Mapping[Relation, Needs]] = {
    Right.NAME: {
        Relation.OWN: FREE, Relation.SHARED: FREE, Relation.SUCCESSOR: FREE, Relation.PARTNER: FREE,
        Relation.FACILITATOR: FREE, Relation.VIEWER: FREE, Relation.KEEPER: FREE, Relation.IMPORTER: FREE,
    },
    Right.CONSENTS: {
        Relation.OWN: FREE, Relation.SHARED: FREE, Relation.SUCCESSOR: FREE, Relation.PARTNER: FREE,
        Relation.FACILITATOR: FREE, Relation.KEEPER: FREE, Relation.IMPORTER: FREE,
    },
    Right.ANSWERS: {
        Relation.OWN: FREE, Relation.SHARED: PARTNER_SEES, Relation.SUCCESSOR: PARTNER_SEES,
        Relation.PARTNER: PARTNER_SEES, Relation.FACILITATOR: GUIDE_SEES, Relation.KEEPER: KEPT, Relation.IMPORTER: FREE,
    },
    Right.HALF: {Relation.OWN: FREE, Relation.SHARED: FREE},
    Right.RAW: {
        Relation.OWN: FREE, Relation.SHARED: RESEARCH, Relation.KEEPER: RESEARCH, Relation.IMPORTER: FREE,
    },
    Right.ERASE: {Relation.OWN: FREE, Relation.SHARED: FREE, Relation.KEEPER: FREE, Relation.IMPORTER: FREE},
    Right.WORDS: {
        Relation.OWN: FREE, Relation.SHARED: FREE, Relation.SUCCESSOR: FREE, Relation.PARTNER: FREE,
    },
    Right.CUE: {Relation.OWN: FLIPPED},
    Right.COIN: {Relation.OWN: FREE, Relation.PARTNER: FLIPPED, Relation.KEEPER: FLIPPED | RESEARCH},
}  # fmt: skip


def allowed(right: Right, relation: Relation, purposes: Collection[str]) -> bool:
    """Tell whether a right holds.

    Parameters
    ----------
    right
        What is asked for.
    relation
        How the device is related to the person.
    purposes
        What the person agrees to now.

    Returns
    -------
    bool
        Whether the table has the relation and all purposes that it needs are agreed to.
    """
    needs = POLICY[right].get(relation)
    return needs is not None and needs <= frozenset(purposes)


@dataclass(frozen=True, slots=True)
class Place:
    """What a device is in a session.

    Parameters
    ----------
    people
        Whose seats it held.
    role
        As what it was admitted; None where it was not (yet).
    host
        Whether it runs this computer.
    imported
        Whether the session is a recording that was brought in.
    successor
        Of these people, who agreed from another device.
    """

    people: tuple[str, ...] = ()
    role: Role | None = None
    host: bool = False
    imported: bool = False
    successor: tuple[str, ...] = ()

    def relation(self, person: str) -> Relation:
        """Return how the device is related to a person of the session."""
        if self.role == "participant":
            return self._participant(person)
        if self.role == "facilitator":
            return Relation.FACILITATOR
        if self.host:
            return Relation.IMPORTER if self.imported else Relation.KEEPER
        return Relation.VIEWER if self.role == "viewer" else Relation.NONE

    def _participant(self, person: str) -> Relation:
        if person not in self.people:
            return Relation.PARTNER
        if person in self.successor:
            return Relation.SUCCESSOR
        return Relation.OWN if len(self.people) == 1 else Relation.SHARED


@dataclass(frozen=True, slots=True)
class SessionRights:
    """The rights of one device in one session.

    Parameters
    ----------
    place
        What the device is in it.
    people
        Who is (still) in the session.
    agreed
        Purposes that a person agrees to now.
    """

    place: Place
    people: tuple[str, ...]
    agreed: Callable[[str], Collection[str]]

    def may(self, right: Right, person: str) -> bool:
        """Whether the device has a right to what concerns a person of the session."""
        return person in self.people and allowed(right, self.place.relation(person), self.agreed(person))

    def people_for(self, right: Right) -> tuple[str, ...]:
        """Return the people for whom a right holds, in the order of their seats."""
        return tuple(person for person in self.people if self.may(right, person))

    def has_all(self, right: Right) -> bool:
        """Whether a right holds for everybody in the session."""
        return bool(self.people) and self.people_for(right) == self.people
