"""The methods section, ready to paste, and the papers it leans on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import Finding
from coregulation.coupling.inference import Coupling
from coregulation.coupling.registry import DESCRIPTIONS, null_titled
from coregulation.report import person_methods, regulation_methods
from coregulation.report.citations import citation_list, registered_papers
from coregulation.report.person_words import sentence
from coregulation.report.sentences import join_names, signal_name

PAPERS: Mapping[str, str] = {
    "Benjamini & Hochberg, 1995": "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and "
    "powerful approach to multiple testing. Journal of the Royal Statistical Society B 57, 289–300.",
    "Boker et al., 2002": "Boker SM, Xu M, Rotondo JL, King K (2002). Windowed cross-correlation and peak picking for the "
    "analysis of variability in the association between behavioral time series. Psychological Methods 7, 338–355. "
    "doi 10.1037/1082-989X.7.3.338",
    "Künsch, 1989": "Künsch HR (1989). The jackknife and the bootstrap for general stationary observations. Annals of "
    "Statistics 17, 1217–1241.",
    "Phipson & Smyth, 2010": "Phipson B, Smyth GK (2010). Permutation p-values should never be zero. Statistical "
    "Applications in Genetics and Molecular Biology 9, 39.",
    "Politis & Romano, 1992": "Politis DN, Romano JP (1992). A circular block-resampling procedure for stationary data. In: "
    "LePage R, Billard L (eds) Exploring the limits of bootstrap. Wiley, 263–270.",
    "Schreiber & Schmitz, 2000": "Schreiber T, Schmitz A (2000). Surrogate time series. Physica D 142, 346–382.",
    "Theiler et al., 1992": "Theiler J, Eubank S, Longtin A, Galdrikian B, Farmer JD (1992). Testing for nonlinearity in time "
    "series: the method of surrogate data. Physica D 58, 77–94.",
}


def methods_text(finding: Finding) -> str:
    """Return the paragraph for a methods section."""
    return " ".join(_pieces(finding))


def papers(text: str) -> list[str]:
    """Return the full references of the papers that a text names."""
    every = {**registered_papers(), **PAPERS, **regulation_methods.PAPERS, **person_methods.PAPERS}
    return [full for short, full in every.items() if short in text]


def _pieces(finding: Finding) -> Iterator[str]:
    yield from _what(finding)
    yield from _compared(finding)
    yield from regulation_methods.told(finding)
    yield from person_methods.bodies_methods(finding)
    yield _made(finding)


def _compared(finding: Finding) -> Iterator[str]:
    """Yield how pairs were compared."""
    if not finding.couplings:
        return
    settings = finding.provenance.settings
    for signal in dict.fromkeys(c.signal for c in finding.couplings):
        yield _prepared(finding, signal, _plan(settings, signal))
    scales = list(dict.fromkeys(c.measure.scale.title for c in finding.couplings))
    yield (
        f"The statistic of a pair and signal was the largest, over the lags, of the absolute mean over windows of "
        f"{join_names(scales)}, so that choosing the lag is part of the test."
    )
    yield from _held(finding)
    yield _intervals(settings.get("bootstrap", {}))
    yield from _groups(finding)
    yield from _blocks(finding)
    yield from _described(finding)


def _what(finding: Finding) -> Iterator[str]:
    about = finding.about
    if about.simulated:
        yield "The data are simulated."
    shared = (
        "whether anything was shared was not stated" if about.shared is None
        else f"shared by all: {join_names(about.shared)}" if about.shared else "nothing was shared, as stated"
    )  # fmt: skip
    place = f"; setting: {about.setting}" if about.setting else ""
    if len(about.people) == 1:
        yield "One person was recorded."
        return
    if not finding.couplings:
        yield f"{len(about.people)} people were recorded; no signal of any two of them could be compared ({shared}{place})."
        return
    signals = join_names([signal_name(s) for s in dict.fromkeys(c.signal for c in finding.couplings)])
    yield f"Recordings of {signals} of {len(about.people)} people at one time were compared ({shared}{place})."


def _plan(settings: Mapping[str, Any], signal: str) -> Mapping[str, Any]:
    plans: Mapping[str, Any] = settings.get("plans", {})
    found: Mapping[str, Any] = plans.get(signal, plans.get("any other", {}))
    return found


def _prepared(finding: Finding, signal: str, plan: Mapping[str, Any]) -> str:
    coupling = next(c for c in finding.couplings if c.signal == signal)
    rate = next((trace.rate for (_, name), trace in finding.traces.items() if name == signal), plan.get("rate"))
    band = plan.get("band")
    steps = [f"resampled to {rate:g} Hz"] if rate else []
    steps += [f"band-passed from {band['low']:g} to {band['high']:g} Hz (linear phase)"] if band else []
    steps += ["differenced once"] if plan.get("difference") else []
    return f"{signal_name(signal).capitalize()} was {join_names(steps)} and compared by {_measure(coupling)}."


def _measure(coupling: Coupling) -> str:
    measure = coupling.measure
    return (
        f"{measure.title}{citation_list(type(measure))} in windows of {measure.window:g} s, one every {measure.hop:g} s, at lags up to "
        f"±{measure.max_lag:g} s; {', and '.join(measure.treatment)}"
    )


def _held(finding: Finding) -> Iterator[str]:
    settings = finding.provenance.settings
    own = [c for c in finding.couplings if c.gate == "G1" and c.primary and c.p is not None]
    if own:
        null = settings.get("null", {})
        yield (
            f"Beyond each one's own dynamics it was held against {_count(own)} {_null(null)}, inside blocks where blocks are "
            f"long enough, with p by the +1 rule (Phipson & Smyth, 2010) and seed {finding.provenance.seed}; p was adjusted "
            f"over all primary answers to this question ({len(own)}) (Benjamini & Hochberg, 1995)."
        )
        yield from _left_out(finding)
    others = [c for c in finding.couplings if not c.primary and c.p is not None]
    for name in dict.fromkeys(c.null for c in others):
        null = next((n for n in settings.get("sensitivity", []) if n.get("name") == name), {"name": name})
        yield f"As a secondary check it was held against {_count([c for c in others if c.null == name])} {_null(null)}."
    script = [c for c in finding.couplings if c.gate == "G2" and c.p is not None]
    if script:
        yield (
            f"Beyond the scripted input it was held against {_count(script)} pseudo-dyads from {finding.provenance.pseudo_sessions} "
            "other session(s) of the same script, roles kept where they were stated."
        )


def _left_out(finding: Finding) -> Iterator[str]:
    """Yield what blocks too short for the null did to what was compared."""
    codes = (QualityReason.SPANS_TOO_SHORT, QualityReason.SPANS_LEFT_OUT)
    remarks = {(q.channel, sentence(r)) for q in finding.qualities for r in q.remarks if r.code in codes}
    yield from (f"{signal_name(channel).capitalize()}: {text}" for channel, text in sorted(remarks))


def _null(null: Mapping[str, Any]) -> str:
    kind = null_titled(str(null.get("name")))
    if kind is None:
        return str(null.get("name"))
    settings = {f.name: f.default for f in fields(kind)} | dict(null)  # type: ignore[arg-type]  # every null is a dataclass
    return f"{kind.description.format_map(settings)}{citation_list(kind)}"


def _count(couplings: list[Coupling]) -> str:
    counts = {len(c.nulls) for c in couplings}
    low, high = min(counts), max(counts)
    return f"{low}" if low == high else f"{low} to {high}"


def _intervals(bootstrap: Mapping[str, Any]) -> str:
    return (
        f"Intervals ({100 * bootstrap.get('level', 0.95):g} %) come from a circular block bootstrap over windows "
        f"(Künsch, 1989; Politis & Romano, 1992) with blocks of {bootstrap.get('windows_per_block', 2):g} windows' lengths and "
        f"{bootstrap.get('draws', 999)} draws: of the strength at the lag found, with a t quantile; of the lag by choosing it "
        "anew in each draw, widened by what the clocks leave open. A leader is named where the lag's interval leaves zero out."
    )


def _groups(finding: Finding) -> Iterator[str]:
    for group in {g.gate: g for g in reversed(finding.groups) if g.p is not None}.values():
        yield (
            f"The group's statistic, the mean over pairs, was held against {len(group.nulls)} surrogates made by "
            f"{_null({'name': group.null})}."
        )


def _blocks(finding: Finding) -> Iterator[str]:
    if finding.blocks:
        yield "Linkage in single blocks, and contrasts between blocks, are secondary and taken at the session's lag."


def _described(finding: Finding) -> Iterator[str]:
    """Yield which descriptive measures there are."""
    used = {d.measure for d in finding.descriptions}
    kinds = [kind for kind in DESCRIPTIONS.values() if kind.__name__ in used]
    if kinds:
        titles = join_names([f"{kind.title}{citation_list(kind)}" for kind in kinds])
        yield f"Secondary measures, without a test: {titles}."


def _made(finding: Finding) -> str:
    source = finding.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in source.libraries.items())
    if len(finding.about.people) == 1:
        return f"Analysed with coregulation {source.version} ({libraries})."
    return (
        f"Measure, null and statistic were set before anything was compared. Analysed with coregulation {source.version} ({libraries})"
        f"{regulation_methods.untested(finding)}."
    )
