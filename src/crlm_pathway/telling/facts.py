"""The facts of a record told: the key of each, what it means, what may stand there, and where it is asked anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from ..pathway.model import lists_of
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.domains import Boolean, Choice, ListOf, Numeric
from ..predicates.errors import DataError, Problem, did_you_mean
from ..predicates.labels import Language, Text, figure, labelled, text_of, unit_text
from ..predicates.records import facts_of
from .words import Languages, Words, said, spoken, styled

_OF_PATIENT = Text("at referral (patient) and at a visit (facts)", "转诊时（patient）及就诊时（facts）")
_OF_ITEM = Text("of an item of {0}", "{0}的每一项")
_TRUTH = Text("true or false", "true（是）或false（否）")
_WHOLE = Text("whole number {0}", "整数，{0}")
_NUMBER = Text("number {0}", "数值，{0}")
_RANGE = Text("from {0} to {1} {2}", "{0}至{1}{2}")
_ABOVE = Text("above {0}, up to {1} {2}", "大于{0}，至多{1}{2}")
_LIST = Text("list; an item has the facts below it", "列表；每一项的信息见下")
_DEFAULT = Text("{0} at referral unless recorded otherwise", "转诊时未另行记录则为{0}")
_ASKED = Text("asked anew in {0}", "进入以下状态后须重新记录：{0}")
_LISTING = Text(", ", "、")


def tell_facts(pathway: Pathway, words: Iterable[str], languages: Languages = ("en",)) -> Iterator[RenderableType]:
    """Every fact of a pathway's record and of the items of its lists, or those whose keys are given.

    Raises a DataError for keys that no fact has.
    """
    wanted = {word.strip().rpartition(".")[2] for word in words}
    records = [pathway.record, *(listed.item_record for listed in lists_of(pathway.record))]
    known = {name for record in records for name in facts_of(record)}
    if unknown := sorted(wanted - known):
        raise DataError(Problem(key, f"{pathway.name} has no such fact{did_you_mean(key, known)}") for key in unknown)
    for number, record in enumerate(records):
        facts = [fact for name, fact in facts_of(record).items() if not wanted or name in wanted]
        if facts:
            yield from ([""] if number and not wanted else [])
            yield spoken(_heading(pathway, record), languages, "bold")
            yield _sheet(facts, pathway, languages)


def _heading(pathway: Pathway, record: type[Any]) -> Words:
    if record is pathway.record:
        return _OF_PATIENT.in_
    listed = next(fact for fact in lists_of(pathway.record) if fact.item_record is record)
    return lambda language: _OF_ITEM.in_(language).format(listed.name)


def _sheet(facts: Iterable[Declaration], pathway: Pathway, languages: Languages) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(max_width=30, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for fact in facts:
        key = styled(fact.name, "bold")
        for line in said(fact.text.in_, languages):
            grid.add_row(key, styled(line))
            key = styled("")
        for text in _details(fact, pathway):
            for line in said(text.in_, languages):
                grid.add_row(key, styled(line, "dim"))
    return grid


def _details(fact: Declaration, pathway: Pathway) -> Iterator[Text]:
    match fact.domain:
        case Boolean():
            yield _TRUTH
        case Choice(enum):
            yield from (labelled(str(member.value), text_of(member)) for member in enum)
        case Numeric(low, high, unit, whole, above):
            yield _each(lambda language: _range(low, high, unit, language, whole=whole, above=above))
        case ListOf():
            yield _LIST
    if fact.default is not None:
        yield _each(lambda language: _DEFAULT.in_(language).format(str(fact.default).lower()))
    asking = [state.text for state in pathway.states if fact in state.asks]
    if asking:
        yield _each(
            lambda language: _ASKED.in_(language).format(
                _LISTING.in_(language).join(text.in_(language) for text in asking)
            )
        )


def _each(words: Words) -> Text:
    return Text(words("en"), words("zh"))


def _range(low: float, high: float, unit: str, language: Language, *, whole: bool, above: bool) -> str:
    spelled = (_ABOVE if above else _RANGE).in_(language)
    words = spelled.format(figure(low), figure(high), unit_text(unit).in_(language)).rstrip()
    return (_WHOLE if whole else _NUMBER).in_(language).format(words)
