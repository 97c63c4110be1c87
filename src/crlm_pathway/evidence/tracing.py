"""Where a pathway uses which claims, and what stands behind a word: from the pathway to the papers and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import attrs

from ..pathway.model import State
from ..pathway.pathway import Pathway
from ..predicates.labels import LabelledEnum, Text
from ..predicates.nodes import Compare, Parameter, Predicate, walk
from .errors import UnknownWord
from .model import Claim, Discrepancy, Evidence, Reference


class Kind(LabelledEnum):
    """What a word can name: an element of the pathway, or a piece of evidence."""

    STATE = "state", "state", "状态"
    TRANSITION = "transition", "transition", "步骤"
    OPTION = "option", "option", "选项"
    ADVISORY = "advisory", "advisory", "提示"
    PARAMETER = "parameter", "policy parameter", "参数"
    CLAIM = "claim", "claim", "依据"
    STUDY = "study", "study", "研究"
    REFERENCE = "reference", "reference", "参考文献"
    DISCREPANCY = "discrepancy", "discrepancy", "原文疑点"


@attrs.frozen(kw_only=True)
class Use:
    """An element of a pathway, which uses the claims it cites.

    `code` is a transition's, `table` and `name` an option's. `states` are those it belongs to: several for an
    advisory or a parameter they share, every state that is not terminal for an interrupt.
    """

    kind: Kind
    key: str
    label: Text
    claims: tuple[str, ...]
    states: tuple[str, ...] = ()
    code: str = ""
    table: str = ""
    name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called by."""
        return tuple(dict.fromkeys(filter(None, (self.key, self.code, self.name))))


def elements(pathway: Pathway) -> tuple[Use, ...]:
    """Every element of a pathway that can cite claims: those of each state in order, interrupts, then parameters."""
    states: dict[Use, list[str]] = {}
    for state in pathway.states:
        for element in _of(state):
            states.setdefault(element, []).append(state.name)
    for step in pathway.interrupts:
        interrupt = Use(kind=Kind.TRANSITION, key=step.key, code=step.code, label=step.text, claims=step.claims)
        states[interrupt] = [state.name for state in pathway.states if not state.terminal]
    mentioned = {state.name: _parameters(pathway, state) for state in pathway.states}
    for name, parameter in pathway.parameters.items():
        element = Use(kind=Kind.PARAMETER, key=name, label=parameter.text, claims=parameter.claims)
        states[element] = [state for state, names in mentioned.items() if name in names]
    return tuple(attrs.evolve(element, states=tuple(found)) for element, found in states.items())


def _of(state: State) -> Iterator[Use]:
    yield Use(kind=Kind.STATE, key=state.name, label=state.text, claims=state.claims)
    for step in state.transitions:
        yield Use(kind=Kind.TRANSITION, key=step.key, code=step.code, label=step.text, claims=step.claims)
    for table in state.tables:
        for row in table.options:
            yield Use(kind=Kind.OPTION, key=row.key, name=row.name, table=table.name, label=row.text, claims=row.claims)
    for advice in state.advisories:
        yield Use(kind=Kind.ADVISORY, key=advice.key, label=advice.text, claims=advice.claims)


def _parameters(pathway: Pathway, state: State) -> frozenset[str]:
    """The names of the parameters that a state's criteria and reviews mention."""
    rows = [row for table in state.tables for row in table.options]
    criteria: list[Predicate] = [
        *(step.when for step in pathway.leaving(state)),
        *(row.when for row in rows),
        *(table.given for table in state.tables),
        *(table.done for table in state.tables if table.done is not None),
        *(advice.when for advice in state.advisories),
    ]
    bounds = (part.right for criterion in criteria for part in walk(criterion) if isinstance(part, Compare))
    found = (*bounds, *(row.review for row in rows))
    return frozenset(parameter.name for parameter in found if isinstance(parameter, Parameter))


def uses(pathway: Pathway) -> Mapping[str, tuple[Use, ...]]:
    """Where a pathway uses each claim, by the claim's id, in the order of the pathway."""
    found: dict[str, tuple[Use, ...]] = {}
    for element in elements(pathway):
        for claim in dict.fromkeys(element.claims):
            found[claim] = (*found.get(claim, ()), element)
    return found


@attrs.frozen(kw_only=True)
class Found:
    """Something that a word names, and the evidence behind it.

    `element` is what it is of the pathway, None for a piece of evidence. `uses` says for each of the claims where the
    pathway uses it: nowhere for those that only inform, and for those of which the evidence says why in `not_used`.
    """

    kind: Kind
    key: str
    label: Text
    element: Use | None
    claims: tuple[Claim, ...]
    references: tuple[Reference, ...]
    discrepancies: tuple[Discrepancy, ...]
    uses: Mapping[str, tuple[Use, ...]]


def about(pathway: Pathway, evidence: Evidence, word: str) -> tuple[Found, ...]:
    """Return all that a word names, upper and lower case alike; a word can name several things.

    A word is the id of a claim or discrepancy; a study; a reference's number, PMID, DOI or citation key; a transition's
    key or code; an option's key or name; an advisory's key; a parameter's or state's name; or the label of any of
    these. Studies of whose names it is a part come last. A word that names nothing stands for the claims that speak of
    it. Raises UnknownWord with the nearest names, and UnknownClaim when the pathway cites a claim that the evidence
    does not have.
    """
    wanted = word.strip().casefold()
    known = list(_known(pathway, evidence))
    matching = [it for names, it in known if wanted in map(str.casefold, (*names, it.label.en, it.label.zh))]
    if wanted and not wanted.isdecimal():  # a number is that of a reference, not one in a study's name
        part = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)" if wanted.isascii() else re.escape(wanted))
        studies = [it for _, it in known if it.kind is Kind.STUDY and part.search(it.key.casefold())]
        matching += [study for study in studies if study not in matching]
        matching = matching or [it for _, it in known if it.kind is Kind.CLAIM and _speaks_of(part, it.label)]
    if not matching:
        spelt = {name.casefold(): name for names, _ in known for name in names}
        spelt |= {part.casefold(): part for study in evidence.studies for part in study.split() if part[:2].isupper()}
        near = [f"`{spelt[name]}`" for name in get_close_matches(wanted, spelt, n=3)]
        raise UnknownWord(
            f"nothing in {pathway.name} or its evidence is called {word!r} or speaks of it"
            + (f" (did you mean {', '.join(near[:-1])}{' or ' if near[1:] else ''}{near[-1]}?)" if near else "")
            + ("" if near else f"; ask by the name or key of one of these: {', '.join(kind.text.en for kind in Kind)}")
        )
    everywhere = uses(pathway)
    return tuple(_found(subject, evidence, everywhere) for subject in matching)


def _speaks_of(word: re.Pattern[str], label: Text) -> bool:
    return any(word.search(words.casefold()) for words in (label.en, label.zh))


@attrs.frozen(kw_only=True)
class _Subject:
    """Something that can be asked about; papers are given where they are not just those behind the claims."""

    kind: Kind
    key: str
    label: Text
    claims: tuple[str, ...]
    element: Use | None = None
    paper: Reference | None = None
    discrepancy: Discrepancy | None = None


def _known(pathway: Pathway, evidence: Evidence) -> Iterator[tuple[tuple[str, ...], _Subject]]:
    """All that can be asked about, each with its names."""
    for element in elements(pathway):
        yield (
            element.names,
            _Subject(kind=element.kind, key=element.key, label=element.label, claims=element.claims, element=element),
        )
    for claim in evidence.claims.values():
        yield (claim.id,), _Subject(kind=Kind.CLAIM, key=claim.id, label=claim.statement, claims=(claim.id,))
    for study in evidence.studies:
        claims = _ids(evidence.of_study(study))
        yield (study,), _Subject(kind=Kind.STUDY, key=study, label=Text(study), claims=claims)
    for paper in evidence.papers:
        claims = _ids(evidence.claims_of_reference(paper.numbers[0]))
        names = (*map(str, paper.numbers), paper.pmid, paper.key, *filter(None, [paper.doi]))
        label = Text(paper.title)
        yield names, _Subject(kind=Kind.REFERENCE, key=paper.key, label=label, claims=claims, paper=paper)
    for found in evidence.discrepancies.values():
        claims = _ids(evidence.claims_of_discrepancy(found.id))
        yield (
            (found.id,),
            _Subject(kind=Kind.DISCREPANCY, key=found.id, label=found.note, claims=claims, discrepancy=found),
        )


def _ids(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    return tuple(claim.id for claim in claims)


def _found(subject: _Subject, evidence: Evidence, everywhere: Mapping[str, tuple[Use, ...]]) -> Found:
    claims = tuple(map(evidence.claim, subject.claims))
    return Found(
        kind=subject.kind,
        key=subject.key,
        label=subject.label,
        element=subject.element,
        claims=claims,
        references=evidence.references_of(claims) if subject.paper is None else (subject.paper,),
        discrepancies=evidence.discrepancies_of(claims) if subject.discrepancy is None else (subject.discrepancy,),
        uses={claim.id: everywhere.get(claim.id, ()) for claim in claims},
    )
