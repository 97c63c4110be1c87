"""What each picture shows: the pathway at three levels of detail, one state, one table, two pathways."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from types import MappingProxyType
from typing import Literal, get_args

import attrs

from ..evidence import Evidence, Reference, load
from ..pathway.model import NOTHING, DecisionTable, State, Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import SEMICOLON, Language, Names, Text, figure as spelled, labelled
from ..predicates.nodes import Predicate, Provenance
from ..predicates.wording import said
from . import words
from .definitions import definitions
from .differences import Differences, differences
from .figure import Chart, Edge, Entry, Figure, Grid, Kind, Line, Listing, Mark, Node, Words, in_languages
from .grids import grid
from .lettering import measured
from .way import Way

Level = Literal["overview", "criteria", "evidence"]
LEVELS: tuple[Level, ...] = get_args(Level)

COLUMN_MM, PAGE_MM, ROOM_MM = 85.0, 190.0, 175.0
"""The widths that pictures are made for: a column of a journal, and A4 within its margins."""

FEW = 12
"""So many transitions can be labelled on their arrows in a column; of more only the codes stand there."""

SHORT_EMS = 14.0
"""A guard no longer than this stands on its arrow."""

Languages = tuple[Language, ...]
Saying = Callable[[str | None, Transition], Line]
"""How a transition from a state (an interrupt: from any) stands on its arrow."""

_NO_WAY = Way()
_NOBODY: Names = MappingProxyType({})


# -- the whole pathway -----------------------------------------------------------------------------------------------


def whole(
    pathway: Pathway, languages: Languages, level: Level, way: Way = _NO_WAY, known: Evidence | None = None
) -> Figure:
    """The whole pathway: its states and short labels, or every guard too, or the papers behind them too."""
    match level:
        case "overview":
            return _overview(pathway, languages, way)
        case "criteria":
            return _in_full(pathway, languages, way, _uncited)
        case "evidence":
            return _with_references(lambda cites: _in_full(pathway, languages, way, cites), languages, known)


def _overview(pathway: Pathway, languages: Languages, way: Way) -> Figure:
    """States and short labels: on the arrows if they are few, else under their codes in a key."""
    few = len(pathway.transitions) <= FEW

    def saying(_source: str | None, step: Transition) -> Line:
        return Line(step.key, step.code, in_languages(step.text, languages) if few else ())

    key = () if few else (Listing((), tuple(_key(pathway, languages, way))),)
    return _whole(pathway, languages, way, saying, listings=key, width=COLUMN_MM)


Cites = Callable[[Iterable[str]], tuple[int, ...]]
"""The numbers of the papers behind some claims."""


def _uncited(_claims: Iterable[str]) -> tuple[int, ...]:
    return ()


def _with_references(drawn: Callable[[Cites], Figure], languages: Languages, known: Evidence | None) -> Figure:
    """A figure with its papers numbered in the order in which they are first cited, and listed."""
    cited = _Citations(load() if known is None else known)
    found = drawn(cited)
    return attrs.evolve(
        found,
        listings=(*found.listings, *cited.listing(languages)),
        notes=(*found.notes, *cited.unknown(languages)),
        room=0.0,
    )


class _Citations:
    """The numbers of papers, in the order in which claims first cite them."""

    def __init__(self, known: Evidence) -> None:
        self._known = known
        self._numbers: dict[Reference, int] = {}
        self._unknown: dict[str, None] = {}

    def __call__(self, claims: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the papers behind some claims; a claim that is not known here has none."""
        claims = tuple(claims)
        self._unknown |= dict.fromkeys(claim for claim in claims if claim not in self._known.claims)
        known = [self._known.claims[claim] for claim in claims if claim in self._known.claims]
        papers = self._known.references_of(known)
        return tuple(sorted({self._numbers.setdefault(paper, len(self._numbers) + 1) for paper in papers}))

    def unknown(self, languages: Languages) -> Iterator[Words]:
        if self._unknown:
            yield in_languages(words.UNKNOWN_CLAIMS.filled(Text(", ".join(self._unknown))), languages)

    def listing(self, languages: Languages) -> Iterator[Listing]:
        if self._numbers:
            papers = (Entry(f"{number}", (str(paper),)) for paper, number in self._numbers.items())
            yield Listing(in_languages(words.REFERENCES, languages), tuple(papers))


def _in_full(pathway: Pathway, languages: Languages, way: Way, cites: Cites) -> Figure:
    speaker = _Speaker(pathway.names, languages)
    cited = {step.key: cites(step.claims) for step in pathway.transitions}
    few = len(pathway.transitions) <= FEW
    short = {step.key for step in pathway.transitions if few and speaker.is_short(step.when)}

    def saying(_source: str | None, step: Transition) -> Line:
        if not few:
            return Line(step.key, step.code)
        guard = speaker.guard(step.when) if step.key in short else ()
        return Line(step.key, step.code, in_languages(step.text, languages), guard, cited[step.key])

    def entry(step: Transition) -> Entry:
        return Entry(step.code, speaker.labelled(step.text, step.when), cited[step.key])

    long = [
        Listing(
            in_languages(state.text, languages),
            tuple(entry(step) for step in state.transitions if step.key not in short),
        )
        for state in pathway.states
    ]
    interrupts = tuple(entry(step) for step in pathway.interrupts if step.key not in short)
    listings = (
        *(listing for listing in long if listing.entries),
        *([Listing(in_languages(words.ANY_STATE, languages), interrupts)] if interrupts else []),
        *_criteria((step.when for step in pathway.transitions), languages, pathway.names),
    )
    whole = _whole(pathway, languages, way, saying, listings=listings, width=PAGE_MM)
    return whole if few else attrs.evolve(whole, direction="LR", room=ROOM_MM)


def _criteria(guards: Iterable[Predicate], languages: Languages, names: Names) -> Iterator[Listing]:
    named = definitions(guards, languages, names)
    if named:
        yield Listing(in_languages(words.CRITERIA, languages), named)


def _key(pathway: Pathway, languages: Languages, way: Way) -> Iterator[Entry]:
    """The codes, with what they mean; where a way was taken, of its steps and of those on from where it stands."""
    on = () if way.here is None else pathway.leaving(pathway.state(way.here))
    shown = {step.key for step in (*on, *(step for _, step in way.steps))}
    for step in pathway.transitions:
        if not way.states or step.key in shown:
            yield Entry(step.code, in_languages(step.text, languages))


def _whole(
    pathway: Pathway,
    languages: Languages,
    way: Way,
    saying: Saying,
    *,
    listings: tuple[Listing, ...] = (),
    width: float,
) -> Figure:
    return Figure(
        name=pathway.name,
        title=in_languages(pathway.text, languages),
        described=in_languages(described(pathway), languages),
        languages=languages,
        charts=(chart(pathway, languages, saying, way),),
        listings=listings,
        width=width,
    )


def described(pathway: Pathway) -> Text:
    """A pathway in a sentence or two, then each of its transitions: for those who cannot see the picture."""
    names = pathway.names
    ends = [words.QUOTED.filled(state.text) for state in pathway.states if state.terminal]
    said = words.DESCRIBED.filled(
        pathway.text,
        Text(str(len(pathway.states))),
        Text(str(len(pathway.transitions))),
        names[pathway.start],
        words.COMMA.join(ends),
    )
    steps = [(state.text, step) for state in pathway.states for step in state.transitions]
    steps += [(words.ANY_STATE, step) for step in pathway.interrupts]
    return _paragraph([said, *(_way_on(step, names[step.to], source) for source, step in steps)])


def _way_on(step: Transition, target: Text, source: Text = NOTHING) -> Text:
    """A transition in words."""
    return Text(
        f"{step.code} {source.en} → {target.en}: {step.text.en}.".replace("  ", " "),
        f"{step.code} {source.zh} → {target.zh}：{step.text.zh}。".replace("  ", " "),
    )


def _paragraph(sentences: Iterable[Text]) -> Text:
    return Text(" ", "").join(sentences)


# -- states and arrows -----------------------------------------------------------------------------------------------


def chart(pathway: Pathway, languages: Languages, saying: Saying, way: Way = _NO_WAY) -> Chart:
    """The states of a pathway and its transitions, with the way that was taken."""
    order, touched = way.order, way.states
    drawn: list[tuple[str | None, Transition]] = [
        (state.name, step) for state in pathway.states for step in state.transitions
    ]
    stops = _stops(pathway)
    # An interrupt is drawn once, from any state; where the way took it, it is drawn from there too.
    taken = {(source, step.key) for source, step in way.steps}
    drawn += dict.fromkeys((source, step) for source, step in way.steps if step in pathway.interrupts)

    def line(source: str | None, step: Transition) -> Line:
        said = saying(source, step)
        return attrs.evolve(said, order=order[source, step.key]) if (source, step.key) in taken else said

    return Chart(
        name=pathway.name,
        start=pathway.start,
        nodes=tuple(
            Node(
                name=state.name,
                title=in_languages(state.text, languages),
                kind=_kind(state, stops),
                notes=(in_languages(way.waits, languages),) if way.waits and state.name == way.here else (),
                visited=state.name in touched,
                here=state.name == way.here,
            )
            for state in pathway.states
        ),
        edges=tuple(_edges(drawn, line)),
        interrupts=tuple(_edges([(None, step) for step in pathway.interrupts], line)),
        way=bool(touched),
    )


def _stops(pathway: Pathway) -> frozenset[str]:
    """The states that interrupts lead to, and no other transition."""
    others = {step.to for state in pathway.states for step in state.transitions}
    return frozenset(step.to for step in pathway.interrupts) - others


def _kind(state: State, stops: Collection[str]) -> Kind:
    if not state.terminal:
        return Kind.STAGE
    return Kind.STOPPED if state.name in stops else Kind.END


def _edges(drawn: Iterable[tuple[str | None, Transition]], saying: Saying) -> Iterator[Edge]:
    groups: dict[tuple[str | None, str, Provenance], list[Line]] = {}
    for source, step in drawn:
        groups.setdefault((source, step.to, step.provenance), []).append(saying(source, step))
    for (source, target, provenance), lines in groups.items():
        yield Edge(source, target, provenance, tuple(lines))


@attrs.frozen
class _Speaker:
    """Criteria in the languages of a picture."""

    names: Names
    languages: Languages

    def guard(self, predicate: Predicate) -> Words:
        return in_languages(said(predicate, self.names, apart=True), self.languages)

    def is_short(self, predicate: Predicate) -> bool:
        return all(measured(said) <= SHORT_EMS for said in self.guard(predicate))

    def labelled(self, text: Text, predicate: Predicate) -> Words:
        return in_languages(labelled(text, said(predicate, self.names, apart=True)), self.languages)


# -- one state, one table --------------------------------------------------------------------------------------------


def of_state(
    state: State,
    languages: Languages,
    *,
    pathway: Pathway | None,
    level: Level = "criteria",
    way: Way = _NO_WAY,
    known: Evidence | None = None,
) -> Figure:
    """One state: what it asks anew, its ways on with their guards, and its tables."""
    drawn = _OneState(state, languages, pathway, way).figure
    return _with_references(drawn, languages, known) if level == "evidence" else drawn(_uncited)


class _OneState:
    def __init__(self, state: State, languages: Languages, pathway: Pathway | None, way: Way) -> None:
        self.state = state
        self.languages = languages
        self.pathway = pathway
        self.way = way if state.name in way.states else _NO_WAY
        self.names: Names = {} if pathway is None else pathway.names
        self.steps = state.transitions if pathway is None else pathway.leaving(state)

    def figure(self, cites: Cites) -> Figure:
        state, languages = self.state, self.languages
        rows = [criterion for table in state.tables for criterion in _asked_in(table)]
        criteria = [*(step.when for step in self.steps), *rows, *(advice.criterion for advice in state.advisories)]
        title = state.text if self.pathway is None else labelled(self.pathway.text, state.text)
        return Figure(
            name=state.name,
            title=in_languages(title, languages),
            described=in_languages(self.described(), languages),
            languages=languages,
            charts=(self.chart(cites),),
            grids=tuple(_grid(table, languages, self.names, cites) for table in state.tables),
            listings=(*self.advisories(), *_criteria(criteria, languages, self.names)),
            width=PAGE_MM,
            direction="LR",
        )

    def advisories(self) -> Iterator[Listing]:
        speaker = _Speaker(self.names, self.languages)
        told = tuple(Entry("", speaker.labelled(one.text, one.criterion)) for one in self.state.advisories)
        if told:
            yield Listing(in_languages(words.ADVISORIES, self.languages), told)

    def chart(self, cites: Cites) -> Chart:
        state, languages, way = self.state, self.languages, self.way
        speaker, order = _Speaker(self.names, languages), way.order

        def line(source: str | None, step: Transition) -> Line:
            return Line(
                step.key,
                step.code,
                in_languages(step.text, languages),
                speaker.guard(step.when),
                cites(step.claims),
                order.get((source, step.key), ()),
            )

        notes = [words.ASKS.filled(SEMICOLON.join(fact.text for fact in state.asks))] if state.asks else []
        notes += [] if way.waits is None or way.here != state.name else [way.waits]
        others = dict.fromkeys(step.to for step in self.steps if step.to != state.name)
        here = Node(
            name=state.name,
            title=in_languages(state.text, languages),
            kind=Kind.END if state.terminal else Kind.STAGE,
            notes=tuple(in_languages(note, languages) for note in notes),
            visited=state.name in way.states,
            here=state.name == way.here,
        )
        return Chart(
            name=state.name,
            nodes=(here, *map(self.target, others)),
            edges=tuple(_edges(((state.name, step) for step in self.steps), line)),
            way=bool(way.states),
        )

    def target(self, name: str) -> Node:
        label, kind = in_languages(self.label(name), self.languages), Kind.STAGE
        if self.pathway is not None:
            kind = _kind(self.pathway.state(name), _stops(self.pathway))
        # Somebody may have come there another way.
        visited = any(source == self.state.name and step.to == name for source, step in self.way.steps)
        here = name == self.way.here and self.way.steps[-1][0] == self.state.name
        return Node(name, label, kind, visited=visited, here=visited and here)

    def label(self, name: str) -> Text:
        return self.names.get(name, Text(name.replace("_", " ")))

    def described(self) -> Text:
        said = [Text(f"{self.state.text.en}.", f"{self.state.text.zh}。")]
        return _paragraph([*said, *(_way_on(step, self.label(step.to)) for step in self.steps)])


def _grid(table: DecisionTable, languages: Languages, names: Names, cites: Cites, chosen: Iterable[str] = ()) -> Grid:
    cited = {row.key: cites(row.claims) for row in table.options}
    return grid(table, languages, names, cites=cited, chosen=frozenset(chosen))


def _asked_in(table: DecisionTable) -> Iterator[Predicate]:
    """The criteria of a table: of its rows, and of when they are asked."""
    yield from (row.when for row in table.options)
    yield from () if table.done is None else (table.done,)
    yield table.given


def of_table(
    table: DecisionTable,
    languages: Languages,
    *,
    pathway: Pathway | None = None,
    level: Level = "criteria",
    chosen: Iterable[str] = (),
    known: Evidence | None = None,
) -> Figure:
    """A decision table alone, with the criteria it names; `chosen` are the keys of rows to be marked."""
    options = SEMICOLON.join(dict.fromkeys(row.text for row in table.options))
    names = _NOBODY if pathway is None else pathway.names
    title = table.text if pathway is None else labelled(pathway.text, table.text)

    def drawn(cites: Cites) -> Figure:
        return Figure(
            name=table.name,
            title=in_languages(title, languages),
            described=in_languages(labelled(table.text, options), languages),
            languages=languages,
            grids=(_grid(table, languages, names, cites, chosen),),
            listings=tuple(_criteria(_asked_in(table), languages, names)),
            width=PAGE_MM,
        )

    return _with_references(drawn, languages, known) if level == "evidence" else drawn(_uncited)


# -- two pathways ----------------------------------------------------------------------------------------------------


def compared(one: Pathway, other: Pathway, languages: Languages) -> Figure:
    """Two policies or versions side by side, what differs marked and listed."""
    found = differences(one, other)
    return Figure(
        name=f"{one.name}_compared",
        title=in_languages(one.text, languages),
        described=in_languages(_compared_described(one, other, found), languages),
        languages=languages,
        charts=(_side(one, other, found, languages), _side(other, one, found, languages)),
        listings=(found.listing(languages), *_changed(one, other, found, languages)),
        width=PAGE_MM,
    )


def _changed(one: Pathway, other: Pathway, found: Differences, languages: Languages) -> Iterator[Listing]:
    """The codes of what differs, with what they mean in the first, or in the other."""
    steps = {step.key: step for step in (*other.transitions, *one.transitions) if step.key in found.transitions}
    if steps:
        order = [step.key for step in (*one.transitions, *other.transitions) if step.key in steps]
        entries = (Entry(steps[key].code, in_languages(steps[key].text, languages)) for key in dict.fromkeys(order))
        yield Listing((), tuple(entries))


def _compared_described(one: Pathway, other: Pathway, found: Differences) -> Text:
    """Two pathways in a sentence, then all that differs."""
    both = words.COMPARED.filled(labelled(one.text, _policy(one, other)), labelled(other.text, _policy(other, one)))
    return _paragraph([both, *(Text(f"{change.text.en}.", f"{change.text.zh}。") for change in found.changes)])


def _side(pathway: Pathway, other: Pathway, found: Differences, languages: Languages) -> Chart:
    there = {step.key for step in other.transitions}
    states = {state.name for state in other.states}

    def saying(_source: str | None, step: Transition) -> Line:
        mark = Mark.ADDED if step.key not in there else Mark.CHANGED if step.key in found.transitions else None
        return Line(step.key, step.code, mark=mark)

    drawn = chart(pathway, languages, saying)
    nodes = (
        attrs.evolve(
            node,
            mark=Mark.ADDED if node.name not in states else Mark.CHANGED if node.name in found.touched else None,
        )
        for node in drawn.nodes
    )
    return attrs.evolve(drawn, nodes=tuple(nodes), heading=in_languages(_policy(pathway, other), languages))


def _policy(pathway: Pathway, other: Pathway) -> Text:
    """What tells a pathway from another of the same name: its policy where that differs, else its fingerprint."""
    differing = [
        f"{name} = {spelled(parameter.value)}"
        for name, parameter in pathway.parameters.items()
        if name not in other.parameters or other.parameters[name].value != parameter.value
    ]
    if pathway.text != other.text:
        return pathway.text
    if differing or pathway.fingerprint == other.fingerprint:
        return Text(SEMICOLON.en.join(differing)) if differing else pathway.text
    return Text(pathway.fingerprint)
