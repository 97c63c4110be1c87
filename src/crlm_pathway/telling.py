"""A journey told to people: each step with its reasons, its options and what to mind, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from .courses import Course
from .journey import Journey
from .pathway.deciding import Decision
from .pathway.explaining import Explanation, Line
from .pathway.model import Advisory, Option
from .predicates.labels import Language, Text, figure, printable, unit_text
from .predicates.wording import UNKNOWN
from .steps import Step

_STEP = Text("step", "步骤")
_BECAUSE = Text("because", "理由")
_MIND = Text("note", "注意")
_CLAIMS = Text("claims", "依据")
_SOURCE = Text("source", "来源")
_WAITING = Text("waits for", "等待")
_REVIEW = Text("{0}; review in {1} {2}", "{0}；{1}{2}后评估")
_ITEM = Text("no. {0}", "第{0}个")
_ITEMS = Text("{0} (no. {1})", "{0}（第{1}个）")
_LIST = Text(", ", "、")
_VISIT = Text("visit {0}", "第{0}次就诊")
_TIMES = Text("{0} times, until {1}", "共{0}次，至{1}")
_SEPARATOR = Text("; ", "；")
_NOW = Text("Now in the state “{0}”.", "目前状态：“{0}”。")
_ENDED = Text("The journey ends in “{0}” after {1} steps.", "路径终止于“{0}”，共{1}步。")
_THEN = Text("{0} {1}", "{0}{1}")
_WAITS = Text("It waits for {0}.", "等待：{0}。")
_BEYOND = Text("{0} visit(s) after the end were not used.", "终止之后的{0}次就诊未被采用。")
_OPEN = Text(
    "What is known already decides the next step; it is taken at the next visit.",
    "已知信息已可决定下一步，将于下次就诊执行。",
)


def styled(words: str, style: str = "") -> RichText:
    """Words in a style, without what could upset a terminal."""
    return RichText("\n".join(map(printable, words.split("\n"))), style=style)


def tell(journey: Journey, language: Language = "en") -> RenderableType:
    """Return a journey's visits, what each came to, and where the journey stands, to be printed by rich."""
    taken = {step.visit: step for step in journey.steps}
    told: list[RenderableType] = []
    for _, alike in groupby(range(len(journey.visits)), key=lambda visit: _sameness(visit, taken.get(visit))):
        visits = list(alike)
        step = taken.get(visits[-1])
        if step is None:
            told.append(_waited(journey, visits[-1], language))
        else:
            told.append(_step(step, visits, journey, language))
        told.append("")
    told.append(styled(_ending(journey, language), style="bold"))
    return Group(*told)


def beyond(course: Course, journey: Journey, language: Language = "en") -> Iterator[RenderableType]:
    """Say which visits of a course came after the end of its journey."""
    unused = len(course.visits) - len(journey.visits)
    if unused:
        yield styled(_BEYOND.in_(language).format(unused), "yellow")


def why_here(journey: Journey, language: Language = "en") -> Iterator[RenderableType]:
    """Tell the last step, if there is one."""
    if journey.steps:
        step = journey.steps[-1]
        yield _step(step, [step.visit], journey, language)
        yield ""


def set_out(explanation: Explanation, language: Language = "en") -> RenderableType:
    """Return an explanation set so that long lines go on below themselves, to be printed by rich."""
    return Group(*(_line(line) for line in explanation.lines(language)))


def _line(line: Line) -> RenderableType:
    if not line.mark:
        return styled(line.words, style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(line.mark, styled(line.words), style="" if line.depth else "bold")
    return Padding(grid, (0, 0, 0, 2 * line.depth))


def _sameness(visit: int, step: Step | None) -> object:
    """Self transitions that bring no new options and follow one another are told once."""
    return step.transition.key if step is not None and step.source == step.target and not step.options else visit


def _grid() -> Table:
    """Date, code, label, words; what is too long for its column goes on below itself."""
    grid = Table.grid(padding=(0, 2))
    for width in (10, 2, 9):
        grid.add_column(no_wrap=True, min_width=width)
    grid.add_column(ratio=1, overflow="fold")
    return grid


def _waited(journey: Journey, visit: int, language: Language) -> RenderableType:
    decision = journey.visits[visit].decision
    grid = _grid()
    open_ = "" if decision is None else _open(decision, language)
    when = styled(_when(journey, visit, language), style="dim")
    grid.add_row(when, "?", styled(_WAITING.in_(language), style="bold"), styled(open_))
    return grid


def _open(decision: Decision, language: Language) -> str:
    """The labels of the facts that could still decide."""
    places = () if decision.question is None else decision.question.places
    return _SEPARATOR.in_(language).join(place.text.in_(language) for place in places)


def _step(step: Step, visits: Sequence[int], journey: Journey, language: Language) -> RenderableType:
    names = step.pathway.names
    grid = _grid()
    heading = styled(step.transition.text.in_(language), style="bold")
    way = styled(f"{names[step.source].in_(language)} → {names[step.target].in_(language)}", style="cyan")
    when = styled(_when(journey, visits[0], language), style="dim")
    grid.add_row(when, styled(step.transition.code, style="bold"), styled(_STEP.in_(language), style="dim"), heading)
    grid.add_row("", "", "", way)
    if len(visits) > 1:
        last = _when(journey, visits[-1], language)
        grid.add_row("", "", "", _TIMES.in_(language).format(len(visits), last))
    for label, words, style in _details(step, language):
        grid.add_row("", "", styled(label, style="dim"), styled(words, style=style))
    return grid


def _when(journey: Journey, visit: int, language: Language) -> str:
    on = journey.visits[visit].on
    return _VISIT.in_(language).format(visit + 1) if on is None else on.isoformat()


def _details(step: Step, language: Language) -> Iterator[tuple[str, str, str]]:
    yield _BECAUSE.in_(language), step.because(language), ""
    for table in step.pathway.state(step.target).tables:
        choice = step.options[table.name]
        if isinstance(choice, tuple):
            for number, option in enumerate(choice, start=1):
                yield _ITEM.in_(language).format(number), _option(option, language), "green"
        else:
            yield table.text.in_(language).lower(), _option(choice, language), "green"
    for advisory in step.advisories:
        yield _MIND.in_(language), _advice(advisory, step, language), "yellow"
    source = step.transition.provenance.text.in_(language)
    note = step.transition.note.in_(language)
    yield _SOURCE.in_(language), f"{source}{_SEPARATOR.in_(language)}{note}" if note else source, "dim"
    if step.transition.claims:
        yield _CLAIMS.in_(language), ", ".join(step.transition.claims), "dim"


def _option(option: Option | None, language: Language) -> str:
    if option is None:
        return UNKNOWN.in_(language)
    words = option.text.in_(language)
    review = option.review
    if review is None:
        return words
    return _REVIEW.in_(language).format(words, figure(review.value), unit_text(review.unit).in_(language))


def _advice(advisory: Advisory, step: Step, language: Language) -> str:
    words = advisory.text.in_(language)
    numbers = (str(index + 1) for index in advisory.items(step.patient, step.history))
    items = _LIST.in_(language).join(numbers)
    return _ITEMS.in_(language).format(words, items) if items else words


def _ending(journey: Journey, language: Language) -> str:
    state = journey.pathway.names[journey.state].in_(language)
    if journey.finished:
        return _ENDED.in_(language).format(state, len(journey.steps))
    waiting = _open(journey.decision, language)
    rest = _WAITS.in_(language).format(waiting) if waiting else _OPEN.in_(language)
    return _THEN.in_(language).format(_NOW.in_(language).format(state), rest)
