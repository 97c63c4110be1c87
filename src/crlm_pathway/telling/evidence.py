"""The evidence told: what the article says, what stands behind it, what is doubtful in it, and where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from ..evidence import Claim, Discrepancy, Evidence, Found, Kind, Reference, Use
from ..pathway.pathway import Pathway
from ..predicates.labels import SEMICOLON, Language, Text, figure, labelled, unit_text
from ..predicates.nodes import Predicate
from ..predicates.wording import say
from .words import Languages, Words, row, said, spoken, styled

_IN = Text("in", "所在")
_TO = Text("to", "进入")
_WHEN = Text("when", "条件")
_SOURCE = Text("source", "来源")
_VALUE = Text("value", "数值")
_CLAIMS = Text("claims", "依据")
_NO_CLAIM = Text("none: the article does not say this", "无：原文未提及")
_ROLE = Text("role", "作用")
_WHERE = Text("{0}; {1}, paragraph {2}", "{0}；{1}，第{2}段")
_STUDY = Text("study", "研究")
_FIGURES = Text("figures", "数据")
_USED = Text("used by", "用于")
_UNUSED = Text("not used", "未采用")
_DOUBT = Text("doubt", "疑点")
_REFERENCES = Text("references", "文献")
_SENTENCES = Text("{0} {1}", "{0}{1}")
_PRINTED = Text("Printed: {0}.", "原文：{0}。")
_COMPUTED = Text("Printed: {0}; computed: {1}.", "原文：{0}；推算：{1}。")
_USE = Text("{0} {1} ({2})", "{0}{1}（{2}）")


def tell_claims(evidence: Evidence, languages: Languages = ("en",)) -> Iterator[RenderableType]:
    """Every claim in a line, by the section of the article that makes it."""
    section = None
    for claim in evidence.claims.values():
        if claim.section is not section:
            if section is not None:
                yield ""
            section = claim.section
            yield spoken(section.text.in_, languages, "bold")
        yield row("-", partial(_claim, claim), languages)


def tell_found(
    found: Found, pathway: Pathway, evidence: Evidence, languages: Languages = ("en",)
) -> Iterator[RenderableType]:
    """What a word names, with each claim behind it, and the papers behind these."""
    parts: list[list[RenderableType]] = []
    if found.kind is not Kind.CLAIM:
        parts.append([spoken(partial(_title, found), languages, "bold")])
        if found.element is not None:
            parts[0].append(_sheet(_of_pathway(found.element, pathway), languages))
    for claim in found.claims:
        details = _details(claim, found.uses[claim.id], evidence, noted=found.key)
        parts.append([styled(claim.id, "bold"), _sheet(details, languages)])
    if found.references:
        papers = [
            row("".join(f"[{n}]" for n in paper.numbers), partial(_cited, paper), languages)
            for paper in found.references
        ]
        parts.append([spoken(_REFERENCES.in_, languages, "bold"), *papers])
    for number, part in enumerate(parts):
        yield from ([""] if number else [])
        yield from part


def _title(found: Found, language: Language) -> str:
    element = found.element
    name = element.code or element.key if element is not None else found.key
    label = found.label.in_(language)
    return f"{found.kind.text.in_(language)} {name}" + (f": {label}" if label != name else "")


def _of_pathway(element: Use, pathway: Pathway) -> Iterator[tuple[Text | None, Words]]:
    """What an element is of its pathway: where it stands, its criterion or value, and where that comes from."""
    names = pathway.names

    def criterion(predicate: Predicate) -> tuple[Text, Words]:
        return _WHEN, lambda language: say(predicate, language, names)

    states = [names[state] for state in element.states]
    if element.kind in {Kind.OPTION, Kind.ADVISORY, Kind.TRANSITION} and len(states) < len(pathway.states) / 2:
        yield _IN, lambda language: SEMICOLON.in_(language).join(state.in_(language) for state in states)
    match element.kind:
        case Kind.TRANSITION:
            step = next(step for step in pathway.transitions if step.key == element.key)
            yield _TO, names[step.to].in_
            yield criterion(step.when)
            yield _SOURCE, step.provenance.text.in_
        case Kind.PARAMETER:
            parameter = pathway.parameters[element.key]
            unit = unit_text(parameter.unit)
            yield _VALUE, lambda language: f"{figure(parameter.value)} {unit.in_(language)}".rstrip()
            yield _SOURCE, parameter.provenance.text.in_
        case Kind.OPTION:
            tables = (table for name in element.states for table in pathway.state(name).tables)
            table = next(table for table in tables if table.name == element.table)
            row = next(row for row in table.options if row.key == element.key)
            yield criterion(row.when)
            yield _SOURCE, row.provenance.text.in_
        case Kind.ADVISORY:
            advice = (advice for name in element.states for advice in pathway.state(name).advisories)
            yield criterion(next(found for found in advice if found.key == element.key).criterion)
        case _:
            pass
    if not element.claims:
        yield _CLAIMS, _NO_CLAIM.in_


def _details(claim: Claim, uses: Iterable[Use], evidence: Evidence, noted: str) -> Iterator[tuple[Text | None, Words]]:
    yield None, claim.statement.in_
    yield _ROLE, partial(_role, claim)
    if claim.study is not None:
        patients = f"n = {claim.n}" if claim.n else ""
        yield _STUDY, lambda _: ", ".join(filter(None, (claim.study, claim.design, patients)))
    if claim.figures:
        yield _FIGURES, lambda _: claim.figures
    if claim.references:
        yield _REFERENCES, lambda _: ", ".join(f"[{number}]" for number in claim.references)
    used = list(uses)
    if used:
        yield _USED, lambda language: SEMICOLON.in_(language).join(_use(use, language) for use in used)
    elif claim.id in evidence.not_used:
        yield _UNUSED, evidence.not_used[claim.id].in_
    for id_ in claim.discrepancies:
        doubt = evidence.discrepancies[id_]
        if id_ != noted:
            yield _DOUBT, partial(_doubt, doubt, claim)
        elif any(each.claim == claim.id for each in doubt.figures):
            yield _DOUBT, partial(_figures, doubt, claim)


def _role(claim: Claim, language: Language) -> str:
    role, section = claim.role.text.in_(language), claim.section.text.in_(language)
    return _WHERE.in_(language).format(role, section, claim.paragraph)


def _use(use: Use, language: Language) -> str:
    return _USE.in_(language).format(use.kind.text.in_(language), use.code or use.key, use.label.in_(language))


def _doubt(found: Discrepancy, claim: Claim, language: Language) -> str:
    """What does not fit, with the figures of the claim."""
    note = labelled(found.id, found.note).in_(language)
    return _SENTENCES.in_(language).format(note, _figures(found, claim, language)).rstrip()


def _figures(found: Discrepancy, claim: Claim, language: Language) -> str:
    """The figures of a claim that do not fit, as printed and, where that can be, as computed."""
    return (" " if language == "en" else "").join(
        (_PRINTED if each.computed is None else _COMPUTED).in_(language).format(each.printed, each.computed)
        for each in found.figures
        if each.claim == claim.id
    )


def _claim(claim: Claim, language: Language) -> str:
    return labelled(claim.id, claim.statement).in_(language)


def _cited(paper: Reference, _: Language) -> str:
    return f"{paper}" + (f". doi: {paper.doi}" if paper.doi else "")


def _sheet(rows: Iterable[tuple[Text | None, Words]], languages: Languages) -> RenderableType:
    """A grid of label and words, a row for each language."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, min_width=10)
    grid.add_column(ratio=1, overflow="fold")
    for label, words in rows:
        for line, language in said(words, languages).items():
            grid.add_row(styled("" if label is None else label.in_(language), "dim"), styled(line))
    return Padding(grid, (0, 0, 0, 2))
