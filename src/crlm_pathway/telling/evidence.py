"""The evidence told: what the article says, what stands behind it, what is doubtful in it, and where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from ..evidence import Claim, Discrepancy, Evidence, Found, Kind, Reference, Use
from ..predicates.labels import Language, Text, figure
from .words import Languages, Words, row, said, spoken, styled

_ROLE = Text("role", "作用")
_WHERE = Text("{0}; {1}, paragraph {2}", "{0}；{1}，第{2}段")
_STUDY = Text("study", "研究")
_FIGURES = Text("figures", "数据")
_USED = Text("used by", "用于")
_UNUSED = Text("not used", "未采用")
_DOUBT = Text("doubt", "疑点")
_REFERENCES = Text("references", "文献")
_PRINTED = Text(" Printed: {0}.", "原文：{0}。")
_COMPUTED = Text(" Printed: {0}; computed: {1}.", "原文：{0}；推算：{1}。")
_USE = Text("{0} {1} ({2})", "{0}{1}（{2}）")
_COLON = Text("{0}: {1}", "{0}：{1}")
_SEPARATOR = Text("; ", "；")


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


def tell_found(found: Found, evidence: Evidence, languages: Languages = ("en",)) -> Iterator[RenderableType]:
    """What a word names, with each claim behind it, and the papers behind these."""
    if found.kind is not Kind.CLAIM:
        yield spoken(partial(_title, found), languages, "bold")
        yield ""
    for claim in found.claims:
        yield styled(claim.id, "bold")
        yield _sheet(_details(claim, found.uses[claim.id], evidence), languages)
        yield ""
    if found.kind is Kind.DISCREPANCY:
        yield _sheet([(_DOUBT, partial(_doubt, each, None)) for each in found.discrepancies], languages)
        yield ""
    if found.references:
        yield spoken(_REFERENCES.in_, languages, "bold")
        for paper in found.references:
            yield row("".join(f"[{number}]" for number in paper.numbers), partial(_cited, paper), languages)


def _title(found: Found, language: Language) -> str:
    element = found.element
    name = element.code or element.key if element is not None else found.key
    label = found.label.in_(language)
    return f"{found.kind.text.in_(language)} {name}" + (f": {label}" if label != name else "")


def _details(claim: Claim, uses: Iterable[Use], evidence: Evidence) -> Iterator[tuple[Text | None, Words]]:
    yield None, claim.statement.in_
    yield _ROLE, partial(_role, claim)
    if claim.study is not None:
        patients = f"n = {claim.n}" if claim.n else ""
        yield _STUDY, lambda _: ", ".join(filter(None, (claim.study, claim.design, patients)))
    if claim.values:
        yield _FIGURES, lambda _: _values(claim)
    if claim.references:
        yield _REFERENCES, lambda _: ", ".join(f"[{number}]" for number in claim.references)
    used = list(uses)
    if used:
        yield _USED, lambda language: _SEPARATOR.in_(language).join(_use(use, language) for use in used)
    elif claim.id in evidence.not_used:
        yield _UNUSED, evidence.not_used[claim.id].in_
    for id_ in claim.discrepancies:
        yield _DOUBT, partial(_doubt, evidence.discrepancies[id_], claim)


def _role(claim: Claim, language: Language) -> str:
    role, section = claim.role.text.in_(language), claim.section.text.in_(language)
    return _WHERE.in_(language).format(role, section, claim.paragraph)


def _values(claim: Claim) -> str:
    """The figures of a claim, each with the arm it is of."""
    unit = claim.unit or ""
    spelled = [
        f"{value if isinstance(value, str) else figure(value)}{unit if unit == '%' else ' ' * bool(unit) + unit}"
        for value in claim.values
    ]
    arms = claim.arms if len(claim.arms) == len(spelled) else [""] * len(spelled)
    told = "; ".join(f"{value} ({arm})" if arm else value for value, arm in zip(spelled, arms, strict=True))
    more = "".join(f"; {name} {value}" for name, value in (("CI", claim.ci), ("P", claim.p)) if value)
    return f"{claim.metric}: {told}{more}" if claim.metric else f"{told}{more}"


def _use(use: Use, language: Language) -> str:
    return _USE.in_(language).format(use.kind.text.in_(language), use.code or use.key, use.label.in_(language))


def _doubt(found: Discrepancy, claim: Claim | None, language: Language) -> str:
    """What does not fit, with the figures as printed: those of the claim, or all."""
    figures = (
        (_PRINTED if each.computed is None else _COMPUTED).in_(language).format(each.printed, each.computed)
        for each in found.figures
        if claim is None or each.claim == claim.id
    )
    return _COLON.in_(language).format(found.id, found.note.in_(language)) + "".join(figures)


def _claim(claim: Claim, language: Language) -> str:
    return _COLON.in_(language).format(claim.id, claim.statement.in_(language))


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
