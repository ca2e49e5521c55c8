"""The methods section, ready to paste, and the papers that it cites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import Finding
from coregulation.coupling.inference import Coupling
from coregulation.reasons import Reason
from coregulation.report import person_methods, regulation_methods
from coregulation.report.bibliography import cite, references
from coregulation.report.catalogue import Catalogue, Voice

Writer = Callable[..., str]
Teller = Callable[[Reason], str]
_SPANS = (QualityReason.SPANS_TOO_SHORT, QualityReason.SPANS_LEFT_OUT)


@dataclass
class Citations:
    """The papers that a text cites: `{paper:boker2002}` in a template prints the citation and keeps the key."""

    keys: list[str] = field(default_factory=list)

    def __format__(self, specification: str) -> str:
        """Cite papers by their keys, with blanks between them."""
        keys = specification.split()
        self.keys += keys
        return cite(*keys)


@dataclass(frozen=True, slots=True)
class Methods:
    """A paragraph and the full references of what it cites."""

    text: str
    references: list[str]


def write_methods(finding: Finding, catalogue: Catalogue) -> Methods:
    """Write the paragraph for a methods section, with its references."""
    citations = Citations()

    def write(key: str, **facts: Any) -> str:
        return catalogue.text(f"methods.{key}", Voice.METHODS, paper=citations, **facts)

    def tell(reason: Reason) -> str:
        return catalogue.sentence(reason, Voice.METHODS)

    text = " ".join(_pieces(finding, write, tell))
    return Methods(text, references(citations.keys))


def _pieces(finding: Finding, write: Writer, tell: Teller) -> Iterator[str]:
    yield from _recorded(finding, write)
    yield from _compared(finding, write, tell)
    yield from regulation_methods.sentences(finding, write)
    yield from person_methods.sentences(finding, write)
    yield from _software(finding, write)


def _recorded(finding: Finding, write: Writer) -> Iterator[str]:
    about = finding.about
    if about.simulated:
        yield write("simulated")
    if len(about.people) == 1:
        yield write("one-person")
        return
    shared = "shared-unknown" if about.shared is None else "shared" if about.shared else "shared-nothing"
    context = write(shared, items=about.shared or ())
    if about.setting:
        context = write("context-setting", context=context, setting=about.setting)
    signals = tuple(dict.fromkeys(c.signal for c in finding.couplings))
    key = "compared" if finding.couplings else "nothing-compared"
    yield write(key, people=len(about.people), signals=signals, context=context)


def _compared(finding: Finding, write: Writer, tell: Teller) -> Iterator[str]:
    """Yield how pairs were compared."""
    if not finding.couplings:
        return
    settings = finding.provenance.settings
    for signal in dict.fromkeys(c.signal for c in finding.couplings):
        yield _prepared(finding, signal, _plan(settings, signal), write)
    yield write("statistic")
    yield from _own(finding, write)
    yield from _left_out(finding, write, tell)
    yield from _secondary(finding, write)
    yield from _script(finding, write)
    yield _intervals(settings.get("bootstrap", {}), write)
    yield from _groups(finding, write)
    if finding.blocks:
        yield write("blocks")
    yield from _descriptions(finding, write)


def _plan(settings: Mapping[str, Any], signal: str) -> Mapping[str, Any]:
    plans: Mapping[str, Any] = settings.get("plans", {})
    found: Mapping[str, Any] = plans.get(signal, plans.get("any other", {}))
    return found


def _prepared(finding: Finding, signal: str, plan: Mapping[str, Any], write: Writer) -> str:
    coupling = next(c for c in finding.couplings if c.signal == signal)
    rate = next((trace.rate for (_, name), trace in finding.traces.items() if name == signal), plan.get("rate"))
    band = plan.get("band")
    steps = [write("step-resampled", rate=float(rate))] if rate else []
    steps += [write("step-band", low=float(band["low"]), high=float(band["high"]))] if band else []
    steps += [write("step-differenced")] if plan.get("difference") else []
    return write(
        "prepared" if steps else "prepared-as-is", signal=signal, steps=tuple(steps), measure=_measure(coupling, write)
    )


def _measure(coupling: Coupling, write: Writer) -> str:
    m = coupling.measure
    return write(
        "lagged-correlation", window=m.window, hop=m.hop, max_lag=m.max_lag,
        detrended=write("detrended") if m.detrend else "",
    )  # fmt: skip


def _own(finding: Finding, write: Writer) -> Iterator[str]:
    own = [c for c in finding.couplings if c.gate == "G1" and c.primary and c.p is not None]
    if own:
        null = finding.provenance.settings.get("null", {})
        yield write("own", null=_null(null, _count(own, write), write), seed=finding.provenance.seed, answers=len(own))


def _left_out(finding: Finding, write: Writer, tell: Teller) -> Iterator[str]:
    """Yield what blocks too short for the null did to what was compared."""
    remarks = {(q.channel, tell(r)) for q in finding.qualities for r in q.remarks if r.code in _SPANS}
    yield from (write("of-signal", signal=channel, remark=remark) for channel, remark in sorted(remarks))


def _secondary(finding: Finding, write: Writer) -> Iterator[str]:
    settings = finding.provenance.settings
    others = [c for c in finding.couplings if not c.primary and c.p is not None]
    for name in dict.fromkeys(c.null for c in others):
        null = next((n for n in settings.get("sensitivity", []) if n.get("name") == name), {"name": name})
        count = _count([c for c in others if c.null == name], write)
        yield write("secondary", null=_null(null, count, write))


def _script(finding: Finding, write: Writer) -> Iterator[str]:
    script = [c for c in finding.couplings if c.gate == "G2" and c.p is not None]
    if script:
        yield write("script", copies=_count(script, write), sessions=finding.provenance.pseudo_sessions)


_NULLS = {
    "circular shift": "null-circular-shift",
    "segment shuffle": "null-segment-shuffle",
    "phase randomisation (FT)": "null-phase",
    "amplitude-adjusted phase randomisation (IAAFT)": "null-iaaft",
}


def _null(null: Mapping[str, Any], count: str, write: Writer) -> str:
    facts = {"least": float(null.get("least") or 0.0), "length": float(null.get("length") or 0.0)}
    name = str(null.get("name"))
    return write(_NULLS.get(name, "null-other"), count=count, name=name, **facts)


def _count(couplings: list[Coupling], write: Writer) -> str:
    counts = {len(c.nulls) for c in couplings}
    low, high = min(counts), max(counts)
    return f"{low}" if low == high else write("count-range", low=low, high=high)


def _intervals(bootstrap: Mapping[str, Any], write: Writer) -> str:
    return write(
        "intervals", level=float(bootstrap.get("level", 0.95)), windows=float(bootstrap.get("windows_per_block", 2)),
        draws=int(bootstrap.get("draws", 999)),
    )  # fmt: skip


def _groups(finding: Finding, write: Writer) -> Iterator[str]:
    for gate, key in (("G1", "group-own"), ("G2", "group-script")):
        groups = [g for g in finding.groups if g.gate == gate and g.p is not None]
        if groups:
            yield write(key, copies=len(groups[0].nulls))


_DESCRIPTIONS = {"PeakPicking": "peak-picking", "Concordance": "concordance"}


def _descriptions(finding: Finding, write: Writer) -> Iterator[str]:
    for name in dict.fromkeys(d.measure for d in finding.descriptions):
        yield write(_DESCRIPTIONS.get(name, "other-measure"), name=name)


def _software(finding: Finding, write: Writer) -> Iterator[str]:
    source = finding.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in source.libraries.items())
    if len(finding.about.people) > 1:
        yield write("preregistered")
    yield write("software", version=source.version, libraries=libraries)
    if len(finding.about.people) > 1 and not regulation_methods.was_asked(finding):
        yield write("regulation-not-tested")
