"""Every number about linkage: each pair's statistic with its null, groups, blocks, contrasts, secondary measures."""

from __future__ import annotations

from collections.abc import Iterator

from coregulation.analysis.finding import Finding
from coregulation.analysis.results import GroupFinding
from coregulation.analysis.verdict import Verdict
from coregulation.coupling.inference import Coupling
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.catalogue.formatter import MISSING
from coregulation.report.parts import PageTable, number
from coregulation.report.rendering import say
from coregulation.report.result import named_leader

MAX_ROWS = 400  # of the table of all pairs; the rest is in tables/couplings.csv
_COUPLING = (
    "pair", "signal", "gate", "mean-r", "interval", "lag-s", "lag-interval", "first", "null", "p", "adjusted-p", "windows",
    "coverage",
)  # fmt: skip
_MIN_MINUTES = 1.5  # a shorter common stretch is not told in minutes


def answered(finding: Finding, answer: Verdict) -> list[Coupling | GroupFinding]:
    """Return the primary answers that the overall answer rests on."""
    if finding.groups:
        return list(finding.groups)
    return [c for gate in ("G1", "G2") for c in finding.of((answer.people[0], answer.people[1]), gate)]


def details(finding: Finding, answer: Verdict, catalogue: Catalogue) -> Iterator[str]:
    """Yield, for the people, how often coincidence did as well."""
    owners = answered(finding, answer)
    for owner in owners:
        if owner.p is None:
            yield catalogue.text("linkage.refused", signal=owner.signal, why=say(owner.refused or "", catalogue))
        else:
            yield _counted(owner, answer, catalogue)
    minutes = max((c.windows * c.measure.window / 60 for c in owners if isinstance(c, Coupling)), default=0.0)
    if minutes >= _MIN_MINUTES:
        yield catalogue.text("linkage.minutes", length=minutes * 60)


def _counted(owner: Coupling | GroupFinding, answer: Verdict, catalogue: Catalogue) -> str:
    copies = len(owner.nulls)
    matched = round((owner.p or 1.0) * (copies + 1)) - 1
    kind = "group" if isinstance(owner, GroupFinding) else "pair"
    shifted = catalogue.text(
        f"linkage.copies-{kind}-{owner.gate.lower()}", first=answer.people[0], second=answer.people[-1], copies=copies,
        signal=owner.signal, names=answer.people, people=len(answer.people),
    )  # fmt: skip
    return f"{shifted} {catalogue.text(_matched(matched, copies), matched=matched, copies=copies, one_in=round(copies / max(matched, 1)))}"


def _matched(matched: int, copies: int) -> str:
    """Return the key of the sentence that says how many copies matched as well."""
    if matched == 0:
        return "linkage.none-matched"
    return "linkage.some-matched" if 2 * matched < copies else "linkage.most-matched"


def tables(finding: Finding, answer: Verdict, catalogue: Catalogue) -> Iterator[PageTable]:
    """Yield, for the methods section, every number that the answer rests on."""
    adjusted = finding.adjusted_ps()
    if finding.groups:
        header = [
            catalogue.text(f"column.{key}") for key in ("signal", "gate", "group-statistic", "null", "p", "adjusted-p")
        ]
        rows = [_group_row(group, adjusted.get(id(group)), catalogue) for group in finding.groups]
        yield PageTable(header, rows, catalogue.text("table.groups"))
        return
    mine = [c for c in finding.couplings if c.pair == answer.people]
    yield _couplings(mine, adjusted, catalogue)
    yield from _blocks(finding, catalogue)
    yield from _descriptions(finding, catalogue)


def all_pairs(finding: Finding, catalogue: Catalogue) -> list[PageTable]:
    """Return every pair's numbers, the smallest p first, and block by block where there are groups."""
    rank = sorted((c for c in finding.couplings if c.primary), key=lambda c: 2.0 if c.p is None else c.p)
    out = [_couplings(rank[:MAX_ROWS], finding.adjusted_ps(), catalogue)]
    return [*out, *_blocks(finding, catalogue)] if finding.groups else out


def _couplings(couplings: list[Coupling], adjusted: dict[int, float], catalogue: Catalogue) -> PageTable:
    rows = [_coupling_row(c, adjusted.get(id(c)), catalogue) for c in couplings]
    return PageTable([catalogue.text(f"column.{key}") for key in _COUPLING], rows, catalogue.text("table.couplings"))


def _coupling_row(coupling: Coupling, adjusted: float | None, catalogue: Catalogue) -> list[str]:
    e = coupling.estimate
    strength = [
        number(e.value, ".2f"), _range(e.interval, catalogue), number(e.lag, ".1f"), _range(e.lag_interval, catalogue),
        named_leader(coupling, adjusted) or MISSING,
    ] if e else [MISSING] * 5  # fmt: skip
    gate = coupling.gate if coupling.primary else catalogue.text("cell.secondary", gate=coupling.gate)
    return [
        catalogue.text("list.people", names=coupling.pair), catalogue.text("cell.signal", signal=coupling.signal), gate,
        *strength, f"{len(coupling.nulls)} × {null_name(coupling.null, catalogue)}", *_ps(coupling, adjusted, catalogue),
        number(coupling.windows, ".1f"), number(coupling.coverage, ".2f"),
    ]  # fmt: skip


def null_name(name: str | None, catalogue: Catalogue) -> str:
    """Name a null by the title that results carry; a dash where there is none."""
    return MISSING if name is None else catalogue.text("cell.null", null=name)


def _group_row(group: GroupFinding, adjusted: float | None, catalogue: Catalogue) -> list[str]:
    return [
        catalogue.text("cell.signal", signal=group.signal), group.gate, number(group.statistic, ".3f"),
        f"{len(group.nulls)} × {null_name(group.null, catalogue)}", *_ps(group, adjusted, catalogue),
    ]  # fmt: skip


def _ps(owner: Coupling | GroupFinding, adjusted: float | None, catalogue: Catalogue) -> list[str]:
    if owner.p is None:
        return [catalogue.text("cell.refused", why=say(owner.refused or "", catalogue, Voice.METHODS)), MISSING]
    return [catalogue.text("cell.p", p=owner.p), catalogue.text("cell.p", p=adjusted)]


def _range(interval: tuple[float, float], catalogue: Catalogue) -> str:
    return catalogue.text("format.range", low=number(interval[0], ".2f"), high=number(interval[1], ".2f"))


def _blocks(finding: Finding, catalogue: Catalogue) -> Iterator[PageTable]:
    if finding.blocks:
        rows = [
            [
                *b.pair, catalogue.text("cell.signal", signal=b.signal), b.block, number(b.value, ".2f"),
                _range(b.interval, catalogue), str(b.windows),
            ]
            for b in finding.blocks
        ]  # fmt: skip
        yield _secondary("blocks", "first-person second-person signal block mean-r interval windows", rows, catalogue)
    if finding.contrasts:
        rows = [
            [
                *c.pair, catalogue.text("cell.signal", signal=c.signal), " → ".join(c.blocks), number(c.difference, "+.2f"),
                _range(c.interval, catalogue),
            ]
            for c in finding.contrasts
        ]  # fmt: skip
        columns = "first-person second-person signal from-to difference-z interval"
        yield _secondary("contrasts", columns, rows, catalogue)


def _descriptions(finding: Finding, catalogue: Catalogue) -> Iterator[PageTable]:
    if finding.descriptions:
        rows = [
            [
                *d.pair, catalogue.text("cell.signal", signal=d.signal), catalogue.text("cell.measure", measure=d.measure),
                catalogue.text("cell.quantity", quantity=d.quantity), number(d.value, ".2f"),
            ]
            for d in finding.descriptions
        ]  # fmt: skip
        yield _secondary("secondary", "first-person second-person signal measure quantity value", rows, catalogue)


def _secondary(name: str, columns: str, rows: list[list[str]], catalogue: Catalogue) -> PageTable:
    header = [catalogue.text(f"column.{key}") for key in columns.split()]
    return PageTable(header, rows[:MAX_ROWS], catalogue.text(f"table.{name}"))
