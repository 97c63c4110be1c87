"""What a picture of a part shows: one state, or one decision table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from ..evidence import Evidence
from ..pathway.model import DecisionTable, State, Transition
from ..pathway.pathway import Pathway
from ..predicates.labels import SEMICOLON, Names, Text, labelled
from ..predicates.nodes import Predicate
from . import words
from .charts import Languages, Speaker, criteria, edges, kind_of, stopping
from .citations import Cites, uncited, with_references
from .described import paragraph, way_on
from .figure import Chart, Entry, Figure, Grid, Kind, Line, Listing, Node, in_languages
from .grids import grid
from .levels import PAGE_MM, Level
from .way import NO_WAY, Way

_NOBODY: Names = MappingProxyType({})


def of_state(
    state: State,
    languages: Languages,
    *,
    pathway: Pathway | None,
    level: Level = "criteria",
    way: Way = NO_WAY,
    known: Evidence | None = None,
) -> Figure:
    """One state: what it asks anew, its ways on with their guards, and its tables."""
    drawn = _OneState(state, languages, pathway, way).figure
    return with_references(drawn, languages, known) if level == "evidence" else drawn(uncited)


class _OneState:
    def __init__(self, state: State, languages: Languages, pathway: Pathway | None, way: Way) -> None:
        self.state = state
        self.languages = languages
        self.pathway = pathway
        self.way = way if state.name in way.states else NO_WAY
        self.names: Names = {} if pathway is None else pathway.names
        self.steps = state.transitions if pathway is None else pathway.leaving(state)

    def figure(self, cites: Cites) -> Figure:
        state, languages = self.state, self.languages
        rows = [criterion for table in state.tables for criterion in _asked_in(table)]
        guards = [*(step.when for step in self.steps), *rows, *(advice.criterion for advice in state.advisories)]
        title = state.text if self.pathway is None else labelled(self.pathway.text, state.text)
        return Figure(
            name=state.name,
            title=in_languages(title, languages),
            described=in_languages(self.described(), languages),
            languages=languages,
            charts=(self.chart(cites),),
            grids=tuple(_grid(table, languages, self.names, cites) for table in state.tables),
            listings=(*self.advisories(), *criteria(guards, languages, self.names)),
            width=PAGE_MM,
            direction="LR",
        )

    def advisories(self) -> Iterator[Listing]:
        speaker = Speaker(self.names, self.languages)
        told = tuple(Entry("", speaker.labelled(one.text, one.criterion)) for one in self.state.advisories)
        if told:
            yield Listing(in_languages(words.ADVISORIES, self.languages), told)

    def chart(self, cites: Cites) -> Chart:
        state, languages, way = self.state, self.languages, self.way
        speaker, order = Speaker(self.names, languages), way.order

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
            edges=tuple(edges(((state.name, step) for step in self.steps), line)),
            way=bool(way.states),
        )

    def target(self, name: str) -> Node:
        label, kind = in_languages(self.label(name), self.languages), Kind.STAGE
        if self.pathway is not None:
            kind = kind_of(self.pathway.state(name), stopping(self.pathway))
        # Somebody may have come there another way.
        visited = any(source == self.state.name and step.to == name for source, step in self.way.steps)
        here = name == self.way.here and self.way.steps[-1][0] == self.state.name
        return Node(name, label, kind, visited=visited, here=visited and here)

    def label(self, name: str) -> Text:
        return self.names.get(name, Text(name.replace("_", " ")))

    def described(self) -> Text:
        said = [Text(f"{self.state.text.en}.", f"{self.state.text.zh}。")]
        return paragraph([*said, *(way_on(step, self.label(step.to)) for step in self.steps)])


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
            listings=tuple(criteria(_asked_in(table), languages, names)),
            width=PAGE_MM,
        )

    return with_references(drawn, languages, known) if level == "evidence" else drawn(uncited)
