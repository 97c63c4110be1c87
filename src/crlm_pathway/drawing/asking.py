"""What is asked to be drawn, as a figure: the arguments of `draw`, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

import attrs

from ..journey import Journey
from ..pathway.deciding import Decision
from ..pathway.model import DecisionTable, Option, State
from ..pathway.pathway import Pathway
from ..predicates.errors import did_you_mean
from . import words
from .errors import DrawingError
from .figure import Direction, Figure, Listing, in_languages
from .levels import LEVELS, Languages, Level, compared, of_state, of_table, whole
from .way import Way, visits, waits_for, way_of

if TYPE_CHECKING:
    from ..pathway.model import Choice

LANGUAGES: Mapping[str, Languages] = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
NARROWEST, WIDEST = 30, 2000
"""The widths, in mm, that a picture may be made for."""

_NO_WAY = Way()
_NOTHING: Mapping[str, Choice] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked about a picture; see `draw`."""

    level: Level
    state: str | None
    table: str | None
    compare: Pathway | None
    language: str
    direction: Direction | None
    width: float | None

    def __attrs_post_init__(self) -> None:
        _one_of("level", self.level, LEVELS)
        _one_of("language", self.language, tuple(LANGUAGES))
        if self.direction is not None:
            _one_of("direction", self.direction, DIRECTIONS)
        if self.width is not None and not (_is_number(self.width) and NARROWEST <= self.width <= WIDEST):
            raise DrawingError(f"`width` is from {NARROWEST} to {WIDEST} mm, not {self.width!r}")
        given = [name for name in ("state", "table", "compare") if getattr(self, name) is not None]
        if len(given) > 1:
            raise DrawingError(f"a picture is of one thing: {' or '.join(f'`{name}`' for name in given)}, not both")
        if self.compare is not None and not isinstance(self.compare, Pathway):
            raise DrawingError(f"`compare` is a pathway, not {self.compare!r}")

    @property
    def languages(self) -> Languages:
        """The languages of the picture."""
        return LANGUAGES[self.language]

    def figure(self, what: Any) -> Figure:
        """The picture of something, made for the width and direction that are asked for."""
        found = self._of(what)
        return attrs.evolve(found, direction=self.direction or found.direction, width=self.width or found.width)

    def _of(self, what: Any) -> Figure:
        match what:
            case Pathway():
                return self._of_pathway(what)
            case Journey():
                return self._of_journey(what)
            case State():
                self._alone("state")
                return of_state(what, self.languages, pathway=None, level=self.level)
            case DecisionTable():
                self._alone("decision table")
                return of_table(what, self.languages, level=self.level)
            case Decision():
                self._alone("decision")
                return self._of_decision(what)
            case _:
                raise DrawingError(
                    f"draw takes a Pathway, a Journey, a State, a DecisionTable or a Decision, not {what!r}"
                )

    def _alone(self, kind: str) -> None:
        for name in ("state", "table", "compare"):
            if getattr(self, name) is not None:
                raise DrawingError(f"`{name}` says what to draw of a pathway; this is a {kind} alone")

    def _of_pathway(self, pathway: Pathway, way: Way = _NO_WAY, chosen: Mapping[str, Choice] = _NOTHING) -> Figure:
        if self.compare is not None:
            return compared(pathway, self.compare, self.languages)
        if self.state is not None:
            state = pathway.state(self.state)
            return of_state(state, self.languages, pathway=pathway, level=self.level, way=way)
        if self.table is not None:
            table = _table(pathway, self.table)
            rows = _rows(chosen.get(self.table))
            return of_table(table, self.languages, names=pathway.names, level=self.level, chosen=rows)
        return whole(pathway, self.languages, self.level, way)

    def _of_journey(self, journey: Journey) -> Figure:
        if self.compare is not None:
            raise DrawingError("`compare` compares pathways: write draw(journey.pathway, compare=...)")
        drawn = self._of_pathway(journey.pathway, way_of(journey), journey.options)
        if self.state is not None or self.table is not None or not journey.visits:
            return drawn
        made = Listing(in_languages(words.VISITS, self.languages), visits(journey, self.languages))
        return attrs.evolve(drawn, listings=(*drawn.listings, made))

    def _of_decision(self, decision: Decision) -> Figure:
        pathway = decision.pathway
        if pathway is None:
            raise DrawingError(f"this decision does not know its pathway: {decision}")
        step = decision.transition
        taken = () if step is None else ((decision.state, step),)
        waits = None if decision.question is None else waits_for(decision.question)
        way = Way(taken, decision.state if step is None else step.to, waits)
        return of_state(pathway.state(decision.state), self.languages, pathway=pathway, level=self.level, way=way)


def _table(pathway: Pathway, name: str) -> DecisionTable:
    known = {table.name: table for state in pathway.states for table in state.tables}
    if name not in known:
        near = did_you_mean(str(name), known) or (f": it has {', '.join(known)}" if known else "")
        raise DrawingError(f"{pathway.name} has no table {name!r}{near}")
    return known[name]


def _rows(choice: Choice) -> Iterator[str]:
    """The keys of the rows that a table chose."""
    match choice:
        case Option(key=key):
            yield key
        case tuple():
            yield from (key for one in choice for key in _rows(one))


def _one_of(name: str, given: object, known: Iterable[str]) -> None:
    if given not in (known := tuple(known)):
        raise DrawingError(f"`{name}` is one of {', '.join(known)}, not {given!r}{did_you_mean(str(given), known)}")


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
