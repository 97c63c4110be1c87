"""What a picture of a whole pathway shows, at three levels of detail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import attrs

from ..evidence import Evidence
from ..pathway.model import Transition
from ..pathway.pathway import Pathway
from . import words
from .charts import Languages, Saying, Speaker, chart, criteria
from .citations import Cites, uncited, with_references
from .described import described
from .figure import Entry, Figure, Line, Listing, in_languages
from .way import NO_WAY, Way

Level = Literal["overview", "criteria", "evidence"]
LEVELS: tuple[Level, ...] = get_args(Level)

COLUMN_MM, PAGE_MM, ROOM_MM = 85.0, 190.0, 175.0
"""The widths that pictures are made for: a column of a journal, and A4 within its margins; and the height that is left
for listings on a page."""

FEW = 12
"""So many transitions can be labelled on their arrows in a column; of more only the codes stand there."""


def whole(
    pathway: Pathway, languages: Languages, level: Level, way: Way = NO_WAY, known: Evidence | None = None
) -> Figure:
    """The whole pathway: its states and short labels, or every guard too, or the papers behind them too."""
    match level:
        case "overview":
            return _overview(pathway, languages, way)
        case "criteria":
            return _in_full(pathway, languages, way, uncited)
        case "evidence":
            return with_references(lambda cites: _in_full(pathway, languages, way, cites), languages, known)


def _overview(pathway: Pathway, languages: Languages, way: Way) -> Figure:
    """States and short labels: on the arrows if they are few, else under their codes in a key."""
    few = len(pathway.transitions) <= FEW

    def saying(_source: str | None, step: Transition) -> Line:
        return Line(step.key, step.code, in_languages(step.text, languages) if few else ())

    key = () if few else (Listing((), tuple(_key(pathway, languages, way))),)
    return _whole(pathway, languages, way, saying, listings=key, width=COLUMN_MM)


def _in_full(pathway: Pathway, languages: Languages, way: Way, cites: Cites) -> Figure:
    speaker = Speaker(pathway.names, languages)
    cited = {step.key: cites(step.claims) for step in pathway.transitions}
    few = len(pathway.transitions) <= FEW
    short = {step.key for step in pathway.transitions if speaker.is_short(step.when)}
    # Where only codes stand on the arrows, what a code means is listed, its guard too.
    listed = {step.key for step in pathway.transitions} - (short if few else set())

    def saying(_source: str | None, step: Transition) -> Line:
        guard = speaker.guard(step.when) if step.key in short else ()
        if not few:
            return Line(step.key, step.code, guard=guard)
        return Line(step.key, step.code, in_languages(step.text, languages), guard, cited[step.key])

    def entry(step: Transition) -> Entry:
        return Entry(step.code, speaker.labelled(step.text, step.when), cited[step.key])

    long = [
        Listing(
            in_languages(state.text, languages),
            tuple(entry(step) for step in state.transitions if step.key in listed),
        )
        for state in pathway.states
    ]
    interrupts = tuple(entry(step) for step in pathway.interrupts if step.key in listed)
    listings = (
        *(listing for listing in long if listing.entries),
        *([Listing(in_languages(words.ANY_STATE, languages), interrupts)] if interrupts else []),
        *criteria((step.when for step in pathway.transitions), languages, pathway.names),
    )
    whole = _whole(pathway, languages, way, saying, listings=listings, width=PAGE_MM)
    return whole if few else attrs.evolve(whole, direction="LR", room=ROOM_MM)


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
