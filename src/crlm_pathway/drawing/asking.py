"""What is asked to be drawn, as a figure: the arguments of `draw`, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, get_args

import attrs

from ..about import DISCLAIMER
from ..evidence import Evidence
from ..journey import Journey
from ..pathway.deciding import Decision
from ..pathway.model import DecisionTable, Option, State
from ..pathway.pathway import Pathway
from ..predicates.errors import did_you_mean
from . import words
from .charts import Languages
from .comparison import compared
from .described import described
from .errors import DrawingError
from .figure import Direction, Figure, Listing
from .levels import LEVELS, Level, whole
from .parts import of_state, of_table
from .way import NO_WAY, Way, visits, waits_for, way_described, way_of

if TYPE_CHECKING:
    from ..pathway.model import Choice
    from . import Drawable

LANGUAGES: Mapping[str, Languages] = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
NARROWEST, WIDEST = 30, 2000
"""The widths, in mm, that a picture may be made for."""

MOST_SHOWN = 100
"""So many characters of what cannot be drawn are shown."""


@attrs.frozen(kw_only=True)
class Request:
    """What is asked about a picture; see `draw`."""

    level: Level
    state: str | None
    table: str | None
    compare: Pathway | None
    evidence: Evidence | None
    language: str
    direction: Direction | None
    width: float | None

    def __attrs_post_init__(self) -> None:
        _one_of("level", self.level, LEVELS)
        _one_of("language", self.language, tuple(LANGUAGES))
        if self.direction is not None:
            _one_of("direction", self.direction, DIRECTIONS)
        if self.width is not None and not (is_number(self.width) and NARROWEST <= self.width <= WIDEST):
            raise DrawingError(f"`width` is from {NARROWEST} to {WIDEST} mm, not {self.width!r}")
        for name in ("state", "table"):
            if not isinstance(getattr(self, name), str | None):
                raise DrawingError(f"`{name}` is the name of a {name}, not {getattr(self, name)!r}")
        if self.compare is None:
            return
        if not isinstance(self.compare, Pathway):
            raise DrawingError(f"`compare` is a pathway, not {self.compare!r}")
        for name in ("state", "table"):
            if getattr(self, name) is not None:
                raise DrawingError(f"a picture is of one thing: `{name}` or `compare`, not both")
        if self.level != "overview":
            raise DrawingError(f"two pathways are compared in their overviews, not at the level {self.level!r}")

    @property
    def languages(self) -> Languages:
        """The languages of the picture."""
        return LANGUAGES[self.language]

    def figure(self, what: Drawable) -> Figure:
        """The picture of something, made for the width and direction that are asked for; and what it is not."""
        found = self._of(what)
        return attrs.evolve(
            found,
            direction=self.direction or found.direction,
            width=self.width or found.width,
            notes=(*found.notes, found.say(DISCLAIMER)),
        )

    def _of(self, what: object) -> Figure:
        match what:
            case Pathway():
                return self._of_pathway(what)
            case Journey():
                return self._of_journey(what)
            case State():
                self._alone("state")
                return of_state(what, self.languages, pathway=None, level=self.level, known=self.evidence)
            case DecisionTable():
                self._alone("decision table")
                return of_table(what, self.languages, level=self.level, known=self.evidence)
            case Decision():
                self._alone("decision")
                return self._of_decision(what)
            case _:
                raise DrawingError(
                    f"draw takes a Pathway, a Journey, a State, a DecisionTable or a Decision, not {_shortly(what)}"
                )

    def _alone(self, kind: str) -> None:
        for name in ("state", "table", "compare"):
            if getattr(self, name) is not None:
                raise DrawingError(f"`{name}` says what to draw of a pathway; this is a {kind} alone")

    def _of_pathway(self, pathway: Pathway, way: Way = NO_WAY, journey: Journey | None = None) -> Figure:
        if self.compare is not None:
            return compared(pathway, self.compare, self.languages)
        if self.table is not None:
            return self._of_table(pathway, self.table, journey)
        if self.state is not None:
            return self._of_state(pathway.state(self.state), pathway, way)
        return whole(pathway, self.languages, self.level, way, self.evidence)

    def _of_state(self, state: State, pathway: Pathway, way: Way) -> Figure:
        return of_state(state, self.languages, pathway=pathway, level=self.level, way=way, known=self.evidence)

    def _of_table(self, pathway: Pathway, name: str, journey: Journey | None) -> Figure:
        """A table by its name; with `state`, that of the state, else of the one where a journey is, or the only one."""
        found = {state.name: table for state in pathway.states for table in state.tables if table.name == name}
        if not found:
            known = {table.name for state in pathway.states for table in state.tables}
            near = did_you_mean(name, known) or (f": it has {', '.join(sorted(known))}" if known else "")
            raise DrawingError(f"{pathway.name} has no table {name!r}{near}")
        here = None if journey is None else journey.state
        where = self.state or (here if here in found else next(iter(found)))
        if pathway.state(where).name not in found:
            raise DrawingError(f"{where} has no table {name!r}; it is one of {' and '.join(found)}")
        if self.state is None and here not in found and len(set(found.values())) > 1:
            raise DrawingError(f"{' and '.join(found)} have a table {name!r} each: say which with `state`")
        rows = _rows(journey.options.get(name)) if journey is not None and here == where else ()
        return of_table(
            found[where],
            self.languages,
            pathway=pathway,
            level=self.level,
            chosen=rows,
            known=self.evidence,
        )

    def _of_journey(self, journey: Journey) -> Figure:
        if self.compare is not None:
            raise DrawingError("`compare` compares pathways: write draw(journey.pathway, compare=...)")
        way = way_of(journey)
        found = self._of_pathway(journey.pathway, way, journey)
        here = journey.pathway.names[journey.state]
        if self.table is not None:
            asked = self.table in {table.name for table in journey.pathway.state(journey.state).tables}
            asked = asked and self.state in (None, journey.state)
            return found if asked else attrs.evolve(found, notes=(found.say(words.NOT_NOW.filled(here)), *found.notes))
        if self.state is not None:
            come = self.state in way.states
            return found if come else attrs.evolve(found, notes=(found.say(words.NOT_HERE.filled(here)), *found.notes))
        made = visits(journey, self.languages)
        listed = (Listing(found.say(words.VISITS), made),) if made else ()
        return attrs.evolve(
            found,
            described=found.say(words.STOP.join([described(journey.pathway), way_described(journey, way)])),
            listings=(*found.listings, *listed),
        )

    def _of_decision(self, decision: Decision) -> Figure:
        pathway = decision.pathway
        if pathway is None:
            raise DrawingError(f"this decision, unpickled, does not know its pathway any more: {decision}")
        step = decision.transition
        taken = () if step is None else ((decision.state, step),)
        waits = None if decision.question is None else waits_for(decision.question)
        way = Way(taken, decision.state if step is None else step.to, waits)
        return self._of_state(pathway.state(decision.state), pathway, way)


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


def is_number(given: object) -> bool:
    """Whether something is a number; a truth is none."""
    return isinstance(given, int | float) and not isinstance(given, bool)


def _shortly(what: object) -> str:
    """What stands for something in a message."""
    said = repr(what)
    return said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]}..."
