"""The methods section, ready to paste, and the papers that it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from coregulation.analysis.finding import Finding
from coregulation.analysis.person_reasons import QualityReason
from coregulation.coupling.inference import Coupling
from coregulation.coupling.registry import SECONDARY, null_titled
from coregulation.coupling.settings import LINKAGE
from coregulation.report import measures_section, multiverse_section, natural_page, person_methods, regulation_methods
from coregulation.report.catalogue import Catalogue
from coregulation.report.methods_writer import MethodsWriter
from coregulation.settings import LEVEL

_SPANS = (QualityReason.SPANS_TOO_SHORT, QualityReason.SPANS_LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Methods:
    """A paragraph and the full references of what it cites."""

    text: str
    references: list[str]


def write_methods(finding: Finding, catalogue: Catalogue) -> Methods:
    """Write the paragraph for a methods section, with its references."""
    writer = MethodsWriter(catalogue)
    text = " ".join(_pieces(finding, writer))
    return Methods(text, writer.references)


def _pieces(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    yield from _recorded(finding, write)
    yield from _compared(finding, write)
    yield from regulation_methods.sentences(finding, write)
    yield from natural_page.sentences(finding, write)
    yield from person_methods.sentences(finding, write)
    yield from _software(finding, write)


def _recorded(finding: Finding, write: MethodsWriter) -> Iterator[str]:
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


def _compared(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield how pairs were compared."""
    if not finding.couplings:
        return
    settings = finding.provenance.settings
    for signal in dict.fromkeys(c.signal for c in finding.couplings):
        yield _prepared(finding, signal, _plan(settings, signal), write)
    scales = tuple(dict.fromkeys(write.translate(c.measure.scale.title) for c in finding.couplings))
    yield write("statistic", scales=scales)
    yield from _own(finding, write)
    yield from _left_out(finding, write)
    yield from _secondary(finding, write)
    yield from _script(finding, write)
    yield _intervals(settings.get("bootstrap", {}), write)
    yield from _groups(finding, write)
    if finding.blocks:
        yield write("blocks")
    yield from _descriptions(finding, write)
    yield from measures_section.methods_sentences(finding, write)
    yield from multiverse_section.methods_sentences(finding, write)


def _plan(settings: Mapping[str, Any], signal: str) -> Mapping[str, Any]:
    plans: Mapping[str, Any] = settings.get("plans", {})
    plan: Mapping[str, Any] = plans.get(signal, plans.get("any other", {}))
    return plan


def _prepared(finding: Finding, signal: str, plan: Mapping[str, Any], write: MethodsWriter) -> str:
    coupling = next(c for c in finding.couplings if c.signal == signal)
    rate = next((trace.rate for (_, name), trace in finding.traces.items() if name == signal), plan.get("rate"))
    band = plan.get("band")
    steps = [write("step-resampled", rate=float(rate))] if rate else []
    steps += [write("step-band", low=float(band["low"]), high=float(band["high"]))] if band else []
    steps += [write("step-differenced")] if plan.get("difference") else []
    return write(
        "prepared" if steps else "prepared-as-is", signal=signal, steps=tuple(steps), measure=_measure(coupling, write)
    )


def _measure(coupling: Coupling, write: MethodsWriter) -> str:
    measure = coupling.measure
    return write(
        "measure", title=write.cited(type(measure)), window=measure.window, hop=measure.hop, max_lag=measure.max_lag,
        treatment=tuple(write.translate(clause) for clause in measure.treatment),
    )  # fmt: skip


def _own(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    own = [c for c in finding.couplings if c.gate == "G1" and c.primary and c.p is not None]
    if own:
        chosen = finding.provenance.settings.get("null", {})
        for name in dict.fromkeys(c.null for c in own):
            null = chosen if chosen.get("name") == name else {"name": name}
            count = _count([c for c in own if c.null == name], write)
            yield write("own", copies=count, null=_null(null, write), seed=finding.provenance.seed, answers=len(own))
        if null_titled(str(chosen.get("name"))) is None:
            yield write("null-rule", places=LINKAGE.many_shifts, missing=LINKAGE.max_bridged)


def _left_out(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    """Yield what blocks too short for the null did to what was compared."""
    remarks = {(q.channel, write.tell(r)) for q in finding.qualities for r in q.remarks if r.code in _SPANS}
    yield from (write("of-signal", signal=channel, remark=remark) for channel, remark in sorted(remarks))


def _secondary(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    settings = finding.provenance.settings
    others = [c for c in finding.couplings if not c.primary and c.p is not None]
    for name in dict.fromkeys(c.null for c in others):
        null = next((n for n in settings.get("sensitivity", []) if n.get("name") == name), {"name": name})
        count = _count([c for c in others if c.null == name], write)
        yield write("secondary", copies=count, null=_null(null, write))


def _script(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    script = [c for c in finding.couplings if c.gate == "G2" and c.p is not None]
    if script:
        yield write("script", copies=_count(script, write), sessions=finding.provenance.pseudo_sessions)


def _null(null: Mapping[str, Any], write: MethodsWriter) -> str:
    kind = null_titled(str(null.get("name")))
    if kind is None:
        return str(null.get("name"))
    settings = {f.name: f.default for f in fields(kind)} | dict(null)  # type: ignore[arg-type]  # every null is a dataclass
    return write.cited(kind, kind.description, **settings)


def _count(couplings: list[Coupling], write: MethodsWriter) -> str:
    counts = {len(c.nulls) for c in couplings}
    low, high = min(counts), max(counts)
    return f"{low}" if low == high else write("count-range", low=low, high=high)


def _intervals(bootstrap: Mapping[str, Any], write: MethodsWriter) -> str:
    return write(
        "intervals", level=float(bootstrap.get("level", LEVEL)), windows=float(bootstrap.get("windows_per_block", 2)),
        draws=int(bootstrap.get("draws", 999)),
    )  # fmt: skip


def _groups(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    for group in {g.gate: g for g in reversed(finding.groups) if g.p is not None}.values():
        yield write("group", copies=len(group.nulls), null=_null({"name": group.null}, write))


def _descriptions(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    used = {d.measure for d in finding.descriptions}
    kinds = [kind for kind in SECONDARY.values() if kind.__name__ in used]
    if kinds:
        yield write("secondary-measures", titles=tuple(write.cited(kind) for kind in kinds))


def _software(finding: Finding, write: MethodsWriter) -> Iterator[str]:
    source = finding.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in source.libraries.items())
    if len(finding.about.people) > 1:
        yield write("preregistered")
    yield write("software", version=source.version, libraries=libraries)
    if len(finding.about.people) > 1 and not regulation_methods.was_asked(finding):
        yield write("regulation-not-tested")
