"""Two pathways compared: what one has that the other lacks, and what is not the same in both."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal

import attrs

from ..pathway.model import NOTHING, DecisionTable, Option, State, Transition, lists_of
from ..pathway.pathway import Pathway
from ..predicates.declarations import Declaration
from ..predicates.domains import Boolean, Choice, Numeric
from ..predicates.labels import SEMICOLON, LabelledEnum, Language, Names, Text, figure, labelled, text_of, unit_text
from ..predicates.nodes import NEVER, Compare, Named, Parameter, Predicate, walk
from ..predicates.records import contradictions_of, facts_of
from ..predicates.wording import YES_NO, said, value_text
from . import words
from .figure import Entry, Listing, Mark, in_languages


class Part(LabelledEnum):
    """What may differ, in the order in which differences are told."""

    PATHWAY = "pathway", "pathway", "路径"
    PARAMETER = "parameter", "parameter", "参数"
    FACT = "fact", "fact", "事实"
    CONTRADICTION = "contradiction", "refused together", "不得并存"
    STATE = "state", "state", "状态"
    TRANSITION = "transition", "step", "步骤"
    TABLE = "table", "decision table", "决策表"
    ROW = "row", "row", "决策表的行"
    ADVISORY = "advisory", "advisory", "提示"
    INVARIANT = "invariant", "promise", "承诺"


Side = Literal["added", "removed", "changed"]
"""Only the second has it, only the first has it, or both have it and it is not the same."""


@attrs.frozen
class Turn:
    """A way in which a part differs, in words; `parameter` is that of policy whose number is all that differs."""

    text: Text
    parameter: str | None = None


@attrs.frozen
class Change:
    """A part that is not the same in two pathways, in words: `what` has each way in which it differs.

    `key` is its name, `within` the names of the state and the table it belongs to, `code` that of a transition.
    """

    kind: Part
    key: str
    code: str
    label: Text
    mark: Side
    what: tuple[Turn, ...]
    within: tuple[str, ...] = ()
    places: tuple[Text, ...] = attrs.field(default=(), repr=False)

    def by_policy(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some parameters by whose numbers it differs, if it differs by nothing else."""
        found = {turn.parameter: None for turn in self.what}
        return tuple(name for name in found if name is not None) if found.keys() <= set(names) else ()

    @property
    def text(self) -> Text:
        """All of it in one paragraph."""
        name = words.COMMA.join(words.QUOTED.filled(text) for text in (*self.places, self.label))
        return labelled(_KIND.filled(self.kind.text, name), SEMICOLON.join(turn.text for turn in self.what))


@attrs.frozen
class Differences:
    """All that is not the same in the pathways `one` and `other`, which are given by their labels; false if nothing.

    The order in which states, transitions and rows are declared is no difference.
    """

    one: Text
    other: Text
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, kind: Part) -> tuple[Change, ...]:
        """The parts of one kind that differ."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def transitions(self) -> Mapping[str, Change]:
        """The transitions that differ, interrupts included, by key."""
        return MappingProxyType({change.key: change for change in self.of(Part.TRANSITION)})

    @property
    def states(self) -> Mapping[str, Change]:
        """The states that differ in themselves, by name; what leaves them, and their tables, are parts of their own."""
        return MappingProxyType({change.key: change for change in self.of(Part.STATE)})

    @property
    def rows(self) -> Mapping[tuple[str, ...], Change]:
        """The rows of decision tables that differ, by state, table and key."""
        return MappingProxyType({(*change.within, change.key): change for change in self.of(Part.ROW)})

    @property
    def touched(self) -> frozenset[str]:
        """The states that differ in themselves, or own a table, a row or an advisory that differs."""
        owners = {change.within[0] for change in self.changes if change.within}
        return frozenset((*self.states, *owners))

    def listing(self, languages: tuple[Language, ...]) -> Listing:
        """All differences in words; what differs only by numbers of policy is told with those."""
        policy = {change.key: change for change in self.of(Part.PARAMETER) if change.mark == "changed"}
        following: dict[str, list[Change]] = {name: [] for name in policy}
        told: list[Change] = []
        for change in self.changes:
            names = change.by_policy(policy)
            told += [] if names else [change]
            for name in names:
                following[name].append(change)
        return Listing(
            in_languages((_VERSIONS if self.one == self.other else _HEADING).filled(self.one, self.other), languages),
            tuple(
                Entry(
                    sign=change.code,
                    text=in_languages(_with(change, following.get(change.key, ())), languages),
                    mark=Mark.CHANGED if change.mark == "changed" else Mark.ADDED,
                )
                for change in told
            )
            or (Entry(sign="", text=in_languages(_SAME, languages)),),
        )


def _with(change: Change, following: Sequence[Change]) -> Text:
    """What differs and, of a number of policy, what differs by it."""
    if change.kind is not Part.PARAMETER or not following:
        return change.text
    names = (
        Text(one.code) if one.code else _KIND.filled(one.kind.text, words.QUOTED.filled(one.label)) for one in following
    )
    return _BEARS_ON.filled(change.text, words.COMMA.join(names))


def differences(one: Pathway, other: Pathway) -> Differences:
    """Return what differs between two pathways: two versions of one, or one under two policies, or any two."""
    first, second = _inventory(one), _inventory(other)
    found: list[Change] = []
    for place in sorted({**first, **second}, key=lambda place: list(Part).index(place[0])):
        mine, theirs = first.get(place), second.get(place)
        if mine is not None and theirs is not None:
            found += _changed(place, mine, theirs)
        elif mine is not None and mine.parent in second:
            found.append(_change(place, mine, "removed", map(Turn, (_ONLY_FIRST, *mine.gist))))
        elif theirs is not None and theirs.parent in first:
            found.append(_change(place, theirs, "added", map(Turn, (_ONLY_SECOND, *theirs.gist))))
    return Differences(one.text, other.text, tuple(found))


# -- words -----------------------------------------------------------------------------------------------------------

_HEADING = Text("What differs between the first, “{0}”, and the second, “{1}”", "前者“{0}”与后者“{1}”的不同")
_VERSIONS = Text("What differs between the two", "二者的不同")
_BEARS_ON = Text("{0}; with it {1}", "{0}；随之变动：{1}")
_SAME = Text("nothing: both decide and say the same", "无：二者的决策与表述均相同")
_ONLY_FIRST = Text("only in the first", "仅见于前者")
_ONLY_SECOND = Text("only in the second", "仅见于后者")
_KIND = Text("{0} {1}", "{0}{1}")
_TURNED = Text("{0}: {1} → {2}", "{0}：{1} → {2}")
_SAME_WORDS = Text("{0}: not the same, though the words are", "{0}：有改动，但表述相同")
_NO_LONGER = Text("{0}: no longer {1}", "{0}：不再包括{1}")
_ALSO = Text("{0}: also {1}", "{0}：另包括{1}")
_NONE = Text("none", "无")

_NAME = Text("name", "名称")
_LABEL = Text("label", "标签")
_CODE = Text("code", "编号")
_FROM = Text("from", "起始状态")
_TO = Text("to", "目标状态")
_START = Text("begins in", "起始于")
_RECORD = Text("record", "记录")
_VALUE = Text("value", "数值")
_RANGE = Text("range", "范围")
_VALUES = Text("values", "取值")
_DEFAULT = Text("unless recorded", "未记录时")
_TOGETHER = Text("only when recorded together", "仅限同时记录")
_TERMINAL = Text("an end", "终点")
_CRITERION = Text("criterion", "条件")
_NOTE = Text("note", "说明")
_CLAIMS = Text("claims", "依据")
_PROMISED = Text("promised", "承诺")
_NEVER_OR_ALWAYS = {True: Text("never", "从不"), False: Text("always", "始终")}
_LIMITS = Text("{0} {1}, ≤ {2}", "{0} {1}，≤ {2}")
_WHOLE = Text("whole numbers", "整数")
_LIST = Text("list", "列表")
_MEANS = Text("“{0}” means", "“{0}”的含义")
_WAY = Text("{0} → {1}", "{0} → {1}")


def _turned(name: Text, before: Text, after: Text) -> Text:
    """What was said, and what is said; where one language says the same, what the other says."""
    if before == after:
        return _SAME_WORDS.filled(name)
    en = _TURNED.filled(name, before, after).en if before.en != after.en else f"{name.en}: {before.zh} → {after.zh}"
    zh = _TURNED.filled(name, before, after).zh if before.zh != after.zh else f"{name.zh}：{before.en} → {after.en}"
    return Text(en, zh)


def _amount(value: float, unit: str) -> Text:
    """A number in its unit."""
    text = unit_text(unit)
    return Text(f"{figure(value)} {text.en}".rstrip(), f"{figure(value)} {text.zh}".rstrip())


def _value(parameter: Parameter) -> Text:
    return _amount(parameter.value, parameter.unit)


# -- what a part is compared by --------------------------------------------------------------------------------------

Places = Mapping[type[Any], str]
"""Where the records stand: the pathway's own, and by the path of the list those of its items."""


@attrs.frozen
class _Plain:
    """Something that is the same when its form is; of a number of policy, with the name of its parameter."""

    form: Hashable
    text: Text
    parameter: str | None = None

    @classmethod
    def words(cls, text: Text) -> _Plain:
        return cls(text, text if text != NOTHING else _NONE)

    def turned(self, name: Text, other: _Plain) -> Iterator[Turn]:
        if self.form != other.form:
            parameter = self.parameter if self.parameter == other.parameter else None
            yield Turn(_turned(name, self.text, other.text), parameter)


@attrs.frozen
class _Several:
    """Things in no order, by what identifies them."""

    items: Mapping[str, Text]

    def turned(self, name: Text, other: _Several) -> Iterator[Turn]:
        gone = [text for key, text in self.items.items() if key not in other.items]
        new = [text for key, text in other.items.items() if key not in self.items]
        if gone:
            yield Turn(_NO_LONGER.filled(name, words.COMMA.join(gone)))
        if new:
            yield Turn(_ALSO.filled(name, words.COMMA.join(new)))


@attrs.frozen
class _Criterion:
    """A criterion: the same when it is built the same, of facts, numbers and named criteria of the same names.

    Of two that are not, those parts are told of which that is true of themselves: the whole of it, what a named
    criterion within means, the value of a parameter.
    """

    predicate: Predicate
    names: Names
    places: Places

    def turned(self, name: Text, other: _Criterion) -> Iterator[Turn]:
        if self.form(numbers=True, inside=True) == other.form(numbers=True, inside=True):
            return
        told = tuple(self._apart(name, other))
        yield from told or (Turn(_turned(name, self.text, other.text)),)

    @property
    def text(self) -> Text:
        return said(self.predicate, self.names)

    def _apart(self, name: Text, other: _Criterion) -> Iterator[Turn]:
        mine, theirs = self._named(), other._named()
        compared = [(name, self, other)]
        for key in (key for key in mine if key in theirs):
            compared += [(_MEANS.filled(mine[key].text), self._of(mine[key]), other._of(theirs[key]))]
        for what, before, after in compared:
            if before.form(numbers=False, inside=False) != after.form(numbers=False, inside=False):
                yield Turn(_turned(what, before.text, after.text))
        numbers = other._numbers()
        for key, parameter in self._numbers().items():
            if key in numbers and numbers[key].value != parameter.value:
                yield Turn(_turned(Text(key), _value(parameter), _value(numbers[key])), key)

    def _of(self, part: Named) -> _Criterion:
        return attrs.evolve(self, predicate=part.predicate)

    def form(self, *, numbers: bool, inside: bool) -> Hashable:
        """What it is built of; if not `numbers`, without the values of parameters, if not `inside` without meanings."""

        def built(value: Any) -> Hashable:
            match value:
                case Declaration():
                    return (self.places.get(value.owner, value.owner.__name__), value.name)
                case Enum():
                    return str(value.value)
                case Parameter(name, number):
                    return ("parameter", name, number if numbers else None)
                case Named(name, text, predicate):
                    return ("named", name, text, built(predicate) if inside else None)
                case tuple():
                    return tuple(map(built, value))
                case _ if attrs.has(type(value)):
                    parts = (getattr(value, field.name) for field in attrs.fields(type(value)))
                    return (type(value).__name__, *map(built, parts))
                case _:
                    return (type(value) is bool, value)

        return built(self.predicate)

    def _named(self) -> Mapping[str, Named]:
        found: dict[str, Named] = {}
        for part in walk(self.predicate):
            if isinstance(part, Named):
                found.setdefault(part.name, part)
        return found

    def _numbers(self) -> Mapping[str, Parameter]:
        bounds = (part.right for part in walk(self.predicate) if isinstance(part, Compare))
        return {bound.name: bound for bound in bounds if isinstance(bound, Parameter)}


_Aspect = _Plain | _Several | _Criterion

_Place = tuple[Part, tuple[str, ...], str]
"""A part by its kind, the names of what it stands in, and its own."""

_ROOT: _Place = (Part.PATHWAY, (), "")


@attrs.frozen
class _Item:
    """A part of a pathway by its aspects, and what it stands in; `gist` says of one that stands alone what it is."""

    label: Text
    aspects: Mapping[Text, _Aspect]
    parent: _Place
    code: str = ""
    gist: tuple[Text, ...] = ()
    places: tuple[Text, ...] = ()


def _changed(place: _Place, mine: _Item, theirs: _Item) -> Iterator[Change]:
    what: list[Turn] = []
    for name, before in mine.aspects.items():
        after = theirs.aspects[name]
        assert type(after) is type(before)
        what += before.turned(name, after)  # type: ignore[arg-type]  # they are of one kind
    if what:
        yield _change(place, attrs.evolve(mine, code=theirs.code), "changed", what)


def _change(place: _Place, item: _Item, mark: Side, what: Iterable[Turn]) -> Change:
    kind, within, key = place
    return Change(kind, key, item.code, item.label, mark, tuple(what), within, item.places)


# -- the parts of a pathway ------------------------------------------------------------------------------------------


def _inventory(pathway: Pathway) -> Mapping[_Place, _Item]:
    taken = _Inventory(pathway)
    return dict((*taken.pathway(), *taken.facts(pathway.record), *taken.states(), *taken.promises()))


_Found = Iterator[tuple[_Place, _Item]]


class _Inventory:
    """A pathway, part by part."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway
        self._places = dict(_places(pathway.record, ""))

    def pathway(self) -> _Found:
        pathway = self._pathway
        aspects: dict[Text, _Aspect] = {
            _NAME: _Plain.words(Text(pathway.name)),
            _LABEL: _Plain.words(pathway.text),
            _RECORD: _Plain.words(Text(pathway.record.__name__)),
            _START: self._state(pathway.start),
        }
        yield _ROOT, _Item(pathway.text, aspects, _ROOT)
        for parameter in pathway.parameters.values():
            aspects = {
                _VALUE: _Plain((parameter.value, parameter.unit), _value(parameter)),
                _LABEL: _Plain.words(parameter.text),
                _RANGE: _Plain.words(Text(f"{figure(parameter.at_least)} – {figure(parameter.at_most)}")),
                **_source(parameter),
            }
            label = labelled(parameter.name, parameter.text)
            yield (Part.PARAMETER, (), parameter.name), _Item(label, aspects, _ROOT, gist=(_value(parameter),))

    def facts(self, record: type[Any], *lists: Text) -> _Found:
        path = self._places[record]
        prefix = f"{path}." if path else ""
        for fact in facts_of(record).values():
            aspects: dict[Text, _Aspect] = {
                _LABEL: _Plain.words(fact.text),
                _VALUES: _domain(fact),
                _DEFAULT: _Plain(repr(fact.default), value_text(fact, fact.default)),
            }
            gist = (_domain(fact).text,)
            yield (Part.FACT, (), prefix + fact.name), _Item(fact.text, aspects, _ROOT, gist=gist, places=lists)
        for refused in contradictions_of(record):
            aspects = {_CRITERION: self._criterion(refused.when), _TOGETHER: _yes_no(refused.together)}
            key = f"{prefix}{refused.at.name}: {refused.text.en}"
            yield (Part.CONTRADICTION, (), key), attrs.evolve(self._item(refused.text, aspects), places=lists)
        for listed in lists_of(record):
            yield from self.facts(listed.item_record, *lists, listed.text)

    def states(self) -> _Found:
        for state in self._pathway.states:
            aspects: dict[Text, _Aspect] = {
                _LABEL: _Plain.words(state.text),
                words.ASKS_ANEW: _Several({self._path(fact): fact.text for fact in state.asks}),
                _TERMINAL: _yes_no(state.terminal),
                _CLAIMS: _claims(state.claims),
            }
            yield (Part.STATE, (), state.name), _Item(state.text, aspects, _ROOT)
            for step in state.transitions:
                yield self._transition(step, self._state(state.name))
            for table in state.tables:
                yield from self._table(table, state)
            for advice in state.advisories:
                aspects = {
                    _LABEL: _Plain.words(advice.text),
                    _CRITERION: self._criterion(advice.when),
                    words.OVER: self._listed(advice.each),
                    _CLAIMS: _claims(advice.claims),
                }
                yield (Part.ADVISORY, (state.name,), advice.key), self._within(state, advice.text, aspects)
        for step in self._pathway.interrupts:
            yield self._transition(step, _Plain(None, words.FROM_ANY))

    def promises(self) -> _Found:
        for promise in self._pathway.invariants:
            aspects: dict[Text, _Aspect] = {
                _LABEL: _Plain.words(promise.text),
                _PROMISED: _Plain.words(_NEVER_OR_ALWAYS[promise.always is None]),
                _CRITERION: self._criterion(promise.when),
            }
            yield (Part.INVARIANT, (), promise.key), self._item(promise.text, aspects)

    def _transition(self, step: Transition, source: _Plain) -> tuple[_Place, _Item]:
        target = self._state(step.to)
        aspects: dict[Text, _Aspect] = {
            _LABEL: _Plain.words(step.text),
            _CODE: _Plain.words(Text(step.code)),
            _FROM: source,
            _TO: target,
            _CRITERION: self._criterion(step.when),
            _NOTE: _Plain.words(step.note),
            **_source(step),
        }
        way = _WAY.filled(source.text, target.text)
        item = self._item(step.text, aspects)
        return (Part.TRANSITION, (), step.key), attrs.evolve(item, code=step.code, gist=(way, *item.gist))

    def _table(self, table: DecisionTable, state: State) -> _Found:
        place = (Part.TABLE, (state.name,), table.name)
        aspects: dict[Text, _Aspect] = {
            _LABEL: _Plain.words(table.text),
            words.OVER: self._listed(table.over),
            words.DONE: self._criterion(NEVER if table.done is None else table.done),
            words.COVERS: self._criterion(table.given),
        }
        yield place, self._within(state, table.text, aspects)
        for row in table.options:
            found = self._within(state, row.text, self._row(row))
            found = attrs.evolve(found, parent=place, places=(*found.places, table.text))
            yield (Part.ROW, (state.name, table.name), row.key), found

    def _row(self, row: Option) -> Mapping[Text, _Aspect]:
        review = row.review
        return {
            _LABEL: _Plain.words(row.text),
            words.OPTION: _Plain.words(Text(row.name)),
            _CRITERION: self._criterion(row.when),
            words.REVIEW: _Plain(None, _NONE) if review is None else _later(review),
            words.NEVER_CHOSEN: _yes_no(row.never),
            **_source(row),
        }

    def _within(self, state: State, label: Text, aspects: Mapping[Text, _Aspect]) -> _Item:
        return attrs.evolve(self._item(label, aspects), parent=(Part.STATE, (), state.name), places=(state.text,))

    def _item(self, label: Text, aspects: Mapping[Text, _Aspect]) -> _Item:
        """A part of the pathway itself; where it has a criterion, that is its gist."""
        when = aspects.get(_CRITERION)
        gist = (labelled(_CRITERION, when.text),) if isinstance(when, _Criterion) else ()
        return _Item(label, aspects, _ROOT, gist=gist)

    def _criterion(self, predicate: Predicate) -> _Criterion:
        return _Criterion(predicate, self._pathway.names, self._places)

    def _state(self, name: str) -> _Plain:
        """A state named by another part: the same when its name is, whatever its label."""
        return _Plain(name, self._pathway.names[name])

    def _path(self, fact: Declaration) -> str:
        return f"{self._places.get(fact.owner, fact.owner.__name__)}.{fact.name}"

    def _listed(self, fact: Declaration | None) -> _Plain:
        return _Plain(None, _NONE) if fact is None else _Plain(self._path(fact), fact.text)


def _later(review: Parameter) -> _Plain:
    """When to review, which is a number of policy."""
    text = words.NAMED.filled(words.LATER.filled(_value(review)), Text(review.name))
    return _Plain((review.name, review.value, review.unit), text, review.name)


def _places(record: type[Any], path: str) -> Iterator[tuple[type[Any], str]]:
    yield record, path
    for listed in lists_of(record):
        yield from _places(listed.item_record, f"{path}.{listed.name}" if path else listed.name)


def _source(part: Transition | Option | Parameter) -> Mapping[Text, _Aspect]:
    return {words.SOURCE: _Plain.words(part.provenance.text), _CLAIMS: _claims(part.claims)}


def _claims(ids: Iterable[str]) -> _Several:
    return _Several({claim: Text(claim) for claim in ids})


def _yes_no(truth: bool) -> _Plain:
    return _Plain.words(YES_NO[truth])


def _domain(fact: Declaration) -> _Plain:
    """The values that a fact may take, by what they are and are called."""
    match fact.domain:
        case Boolean():
            return _Plain.words(words.COMMA.join(YES_NO.values()))
        case Choice(enum):
            members = [(str(member.value), text_of(member)) for member in enum]
            return _Plain(
                tuple(members), words.COMMA.join(words.NAMED.filled(text, Text(value)) for value, text in members)
            )
        case Numeric(low, high, unit, whole, exclusive):
            limits = _LIMITS.filled(Text(">" if exclusive else "≥"), Text(figure(low)), _amount(high, unit))
            return _Plain.words(words.COMMA.join((limits, _WHOLE)) if whole else limits)
        case _:
            return _Plain.words(_LIST)
