"""An explanation told: why a step was taken, why not the others, and what the article says for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from rich.console import Group, RenderableType
from rich.padding import Padding

from ..evidence import Evidence
from ..journey import Journey
from ..pathway.explaining import Explanation, Line
from ..predicates.labels import Language, Text, labelled
from .words import Languages, row, spoken

_VISIT = Text("Visit {0}", "第{0}次就诊")
_VISIT_ON = Text("Visit {0}, {1}", "第{0}次就诊，{1}")
_NOW = Text("Now", "目前")
_CLAIMS = Text("what the article says for it:", "原文依据：")
_REFERENCES = Text(" [{0}]", "［{0}］")


def explain_moment(journey: Journey, visit: int | None) -> Explanation:
    """Return why a visit of a journey came to what it did, counted from 0, or what None, the present, will come to."""
    if visit is None:
        return journey.pathway.explain(journey.state, journey.patient, journey.history)
    step = next((step for step in journey.steps if step.visit == visit), None)
    if step is not None:
        return journey.pathway.explain(step.source, step.patient, step.history)
    decision = journey.visits[visit].decision
    assert decision is not None
    assert decision.question is not None
    return journey.pathway.explain(decision.state, decision.question.record, decision.question.history)


def heading(journey: Journey, visit: int | None, language: Language) -> str:
    """When it was: the visit with its date, or now."""
    if visit is None:
        return _NOW.in_(language)
    on = journey.visits[visit].on
    return (_VISIT if on is None else _VISIT_ON).in_(language).format(visit + 1, on)


def why(explanation: Explanation, language: Language, evidence: Evidence, *, folded: bool = True) -> Iterator[Line]:
    """An explanation line by line, with what the article says."""
    return explanation.lines(language, folded=folded, behind=partial(_claims, language=language, evidence=evidence))


def _claims(ids: Iterable[str], language: Language, evidence: Evidence) -> Iterator[Line]:
    """What the article says for a transition or an option."""
    ids = tuple(ids)
    if ids:
        yield Line(1, "§", _CLAIMS.in_(language))
    for id_ in ids:
        claim = evidence.claims.get(id_)
        if claim is None:  # another pathway's, of another article
            yield Line(2, "-", id_)
            continue
        numbers = ", ".join((*map(str, claim.references), *claim.discrepancies))
        references = _REFERENCES.in_(language).format(numbers) if numbers else ""
        yield Line(2, "-", labelled(claim.id, claim.statement).in_(language) + references)


def set_out(lines: Callable[[Language], Iterable[Line]], languages: Languages = ("en",)) -> RenderableType:
    """Return lines set so that long ones go on below themselves, each in every language, to be printed by rich."""
    alike = zip(*(lines(language) for language in languages), strict=True)
    return Group(*(_set(dict(zip(languages, one, strict=True)), languages) for one in alike))


def _set(lines: Mapping[Language, Line], languages: Languages) -> RenderableType:
    """A line in every language, as deep as it stands."""

    def words(language: Language) -> str:
        return lines[language].words

    first = lines[languages[0]]
    style = "" if first.mark and first.depth else "bold"
    told = row(first.mark, words, languages, style) if first.mark else spoken(words, languages, style)
    return Padding(told, (0, 0, 0, 2 * first.depth))
