"""The kinds of evidence: claims, the references behind them, and the discrepancies found in them. Data only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from ..predicates.errors import did_you_mean
from ..predicates.labels import LabelledEnum, Text, figure
from .errors import BrokenEvidence, UnknownClaim


class Section(LabelledEnum):
    """The part of the article that makes a claim."""

    CLINICAL_CHALLENGE = "clinical_challenge", "the clinical problem", "临床问题"
    FIRST_LINE = "first_line", "first-line treatment", "一线治疗"
    REGIONAL_THERAPY = "regional_therapy", "regional therapy", "区域治疗"
    LOCAL_TREATMENT = "local_treatment", "local treatment", "局部治疗"
    SUMMARY = "summary", "summary", "小结"


class Role(LabelledEnum):
    """What a claim is to the pathway. Outcome rates and prognosis inform people; they never route a patient."""

    SCOPE = "scope", "whom the pathway is for", "适用范围"
    GUARD = "guard", "reason for a step", "步骤依据"
    REGIMEN_CHOICE = "regimen_choice", "choice of regimen", "方案选择"
    MODALITY_CHOICE = "modality_choice", "choice of regional modality", "区域治疗方式选择"
    PARAMETER = "parameter", "number of practice", "操作参数"
    CAUTION = "caution", "caution", "注意事项"
    INVESTIGATIONAL = "investigational", "investigational", "研究性"
    OUTCOME_RATE = "outcome_rate", "outcome rate", "结局数据"
    PROGNOSIS = "prognosis", "prognosis", "预后"

    @property
    def informs_only(self) -> bool:
        """Whether such a claim need not be used; any other is used by the pathway, or is listed as not used."""
        return self in {Role.OUTCOME_RATE, Role.PROGNOSIS}


@attrs.frozen(kw_only=True)
class Claim:
    """One claim of the article, in our own words, its figures as printed.

    `values` are in `unit` and stand in the order of `arms`, where there are arms. `references` are numbers of the
    article's list. `where` says where in the pathway the claim bears, and `anchor` finds it in the article's text.
    """

    id: str
    statement: Text
    role: Role
    section: Section
    paragraph: int
    where: str
    anchor: str
    anchor_in: Literal["body", "references"] = "body"
    study: str | None = None
    design: str | None = None
    n: int | None = None
    arms: tuple[str, ...] = ()
    metric: str | None = None
    values: tuple[int | float | str, ...] = ()
    unit: str | None = None
    ci: str | None = None
    p: str | None = None
    references: tuple[int, ...] = ()
    discrepancies: tuple[str, ...] = ()

    @property
    def figures(self) -> str:
        """What was measured: each value with its unit and the arm it is of, and how sure it is; or nothing."""
        unit = "" if self.unit is None or self.unit in _NO_UNITS else self.unit
        space = "" if unit in ("", "%") else " "
        spelled = [f"{value if isinstance(value, str) else figure(value)}{space}{unit}" for value in self.values]
        if len(self.arms) == len(spelled):
            spelled = [f"{value} ({arm})" for value, arm in zip(spelled, self.arms, strict=True)]
        more = [f"{name} {value}" for name, value in (("CI", self.ci), ("P", self.p)) if value]
        return (f"{self.metric}: " if self.metric else "") + "; ".join([*spelled, *more]) if spelled else ""


_NO_UNITS = frozenset({"year", "date"})
"""Of these the value itself says what it is."""


@attrs.frozen
class Author:
    """A person's family name and initials, or the name of a group, which has no initials."""

    name: str
    initials: str = ""

    @classmethod
    def parse(cls, text: str) -> Author:
        """Read `van Oijen, MGH`; a text without a comma is a group."""
        name, _, initials = text.partition(", ")
        return cls(name, initials)

    def __str__(self) -> str:
        return f"{self.name} {self.initials}".rstrip()


_NAMED = 3
"""How many authors a one-line citation names before *et al.*"""


@attrs.frozen(kw_only=True)
class Reference:
    """A paper, as the article's list gives it.

    `numbers` are its places in the list, which has two of the papers twice. `key` is what to cite it by in a
    bibliography; once given it never changes.
    """

    key: str
    numbers: tuple[int, ...]
    authors: tuple[Author, ...]
    title: str
    journal: str
    year: int
    pmid: str
    month: int | None = None
    day: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    note: str | None = None

    def __str__(self) -> str:
        authors = ", ".join(map(str, self.authors[:_NAMED])) + (", et al" if len(self.authors) > _NAMED else "")
        stop = "" if self.title.endswith("?") else "."
        issue = f"({self.issue})" if self.issue else ""
        place = f";{self.volume}{issue}:{self.pages}" if self.volume else ""
        return f"{authors}. {self.title}{stop} {self.journal}. {self.year}{place}. PMID: {self.pmid}"


class DiscrepancyKind(LabelledEnum):
    """What does not fit."""

    NUMBER = "number", "a number", "数字"
    REFERENCE = "reference", "a reference", "文献"
    WORDING = "wording", "a wording", "表述"


@attrs.frozen(kw_only=True)
class Figure:
    """A figure of a claim as printed and, where the article's own numbers give it, as computed."""

    claim: str
    printed: str
    computed: str | None = None


@attrs.frozen(kw_only=True)
class Discrepancy:
    """Something the article says that does not fit its own numbers, its own references or itself: kept, and noted."""

    id: str
    kind: DiscrepancyKind
    note: Text
    figures: tuple[Figure, ...] = ()


@attrs.frozen(kw_only=True)
class Evidence:
    """Claims by id, references by their numbers in the article's list, discrepancies by id.

    `not_used` says of each claim that is neither used by the pathway nor there to inform only why that is so.
    """

    claims: Mapping[str, Claim]
    references: Mapping[int, Reference]
    discrepancies: Mapping[str, Discrepancy]
    not_used: Mapping[str, Text]

    def __attrs_post_init__(self) -> None:
        for claim in self.claims.values():
            _hold(f"claim {claim.id}", claim.references, self.references, "reference")
            _hold(f"claim {claim.id}", claim.discrepancies, self.discrepancies, "discrepancy")
        for found in self.discrepancies.values():
            _hold(f"discrepancy {found.id}", (figure.claim for figure in found.figures), self.claims, "claim")
        _hold("not_used", self.not_used, self.claims, "claim")

    @property
    def papers(self) -> tuple[Reference, ...]:
        """Each paper once, in the order of the article's list."""
        return tuple(dict.fromkeys(self.references.values()))

    @property
    def studies(self) -> tuple[str, ...]:
        """The names of the studies, in the order of the article."""
        return tuple(dict.fromkeys(claim.study for claim in self.claims.values() if claim.study is not None))

    def claim(self, id_: str) -> Claim:
        """Return the claim of this id, or raise UnknownClaim with the nearest right one."""
        try:
            return self.claims[id_]
        except KeyError:
            raise UnknownClaim(f"no claim has the id {id_!r}{did_you_mean(str(id_), self.claims)}") from None

    def of_study(self, study: str) -> tuple[Claim, ...]:
        """The claims about a study, upper and lower case alike."""
        name = study.casefold()
        return tuple(claim for claim in self.claims.values() if (claim.study or "").casefold() == name)

    def claims_of_reference(self, number: int) -> tuple[Claim, ...]:
        """The claims that rest on the paper with this number, under whichever of its numbers they cite it."""
        paper = self.references.get(number)
        numbers = set() if paper is None else set(paper.numbers)
        return tuple(claim for claim in self.claims.values() if numbers.intersection(claim.references))

    def claims_of_discrepancy(self, id_: str) -> tuple[Claim, ...]:
        """The claims that a discrepancy concerns."""
        return tuple(claim for claim in self.claims.values() if id_ in claim.discrepancies)

    def references_of(self, claims: Iterable[Claim]) -> tuple[Reference, ...]:
        """The papers behind some claims, each once."""
        return tuple(dict.fromkeys(self.references[number] for claim in claims for number in claim.references))

    def discrepancies_of(self, claims: Iterable[Claim]) -> tuple[Discrepancy, ...]:
        """The discrepancies that concern some claims, each once."""
        return tuple(dict.fromkeys(self.discrepancies[id_] for claim in claims for id_ in claim.discrepancies))


def _hold(
    place: str, names: Iterable[int | str], known: Mapping[int, object] | Mapping[str, object], what: str
) -> None:
    for name in names:
        if name not in known:
            raise BrokenEvidence(f"{place}: there is no {what} {name}")
