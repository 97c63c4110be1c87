"""A journey told: each visit with what it came to, the reasons, the options and what to mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import partial
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from ..courses import Course
from ..journey import Journey
from ..pathway.choosing import Chosen, chosen_since, each_chosen
from ..pathway.deciding import Decision
from ..pathway.explaining import NOT_APPLICABLE
from ..pathway.model import Advisory, Choice, Option
from ..pathway.pathway import Pathway
from ..pathway.wanted import gathered, wanted
from ..predicates.declarations import Declaration
from ..predicates.history import History
from ..predicates.labels import SEMICOLON, Language, Text, figure, labelled, unit_text
from ..predicates.nodes import Predicate, facts_in
from ..predicates.records import facts_of
from ..predicates.waiting import Place
from ..remarks import remarks
from ..steps import Step
from .words import Languages, Words, counted, row, said, spoken, styled

_STEP = Text("step", "步骤")
_BECAUSE = Text("because", "理由")
_MIND = Text("note", "注意")
_CLAIMS = Text("claims", "依据")
_SOURCE = Text("source", "来源")
_WAITING = Text("to know", "待明确")
_LACKING = Text("to be chosen once it is known: {0}", "待明确后选择：{0}")
_ASKED = Text("ask again", "须再记录")
_UNUSED = Text("not used", "本次未用")
_CHECK = Text("to check", "请核对")
_REVIEW = Text("{0}; review in {1} {2}", "{0}；{1}{2}后评估")
_ITEM = Text("no. {0}", "第{0}个")
_ITEMS = Text("{0} (no. {1})", "{0}（第{1}个）")
_LIST = Text(", ", "、")
_VISIT = Text("visit {0}", "第{0}次就诊")
_TIMES = Text("{0} times, until {1}", "共{0}次，至{1}")
_NOW = Text("Now in the state “{0}”.", "目前状态：“{0}”。")
_ENDED = Text("The journey ends in “{0}” after {1}.", "路径终止于“{0}”，共{1}。")
_THEN = Text("{0} {1}", "{0}{1}")
_WAITS = Text("It waits to know:", "等待明确：")
_BEYOND = (
    Text("1 visit after the end was not used.", "终止之后的1次就诊未被采用。"),
    Text("{0} visits after the end were not used.", "终止之后的{0}次就诊未被采用。"),
)
_STEPS = (Text("1 step", "1步"), Text("{0} steps", "{0}步"))
_OPEN = Text(
    "What is known already decides the next step; it is taken at the next visit.",
    "已知信息已可决定下一步，将于下次就诊执行。",
)


def tell(journey: Journey, languages: Languages = ("en",)) -> RenderableType:
    """Return a journey's visits, what each came to, and where the journey stands, to be printed by rich."""
    taken = {step.visit: step for step in journey.steps}
    to_check, later = remarks(journey), _chosen_later(journey)
    told: list[RenderableType] = []
    for _, alike in groupby(range(len(journey.visits)), key=lambda visit: _sameness(visit, taken.get(visit))):
        visits = list(alike)
        step = taken.get(visits[-1])
        sheet = _Sheet(languages)
        if step is None:
            _add_waiting(sheet, journey, visits[-1])
        else:
            _add_step(sheet, step, visits, journey)
        for visit in visits:
            for chosen in later[visit][1] if visit in later else ():
                _add_chosen(sheet, chosen, later[visit][0].history)
        unused = list(_unused(journey, visits[-1], step))
        if unused:
            sheet.add(_UNUSED, partial(_listed, unused), "dim")
        for remark in dict.fromkeys(remark for visit in visits for remark in to_check.get(visit, ())):
            sheet.add(_CHECK, remark.in_, "bold yellow")
        told += [sheet.grid, ""]
    return Group(*told, *_ending(journey, languages))


def beyond(course: Course, journey: Journey, languages: Languages = ("en",)) -> Iterator[RenderableType]:
    """Say how many visits of a course came after the end of its journey."""
    unused = len(course.visits) - len(journey.visits)
    if unused:
        yield spoken(partial(counted, unused, _BEYOND), languages, "yellow")


def _sameness(visit: int, step: Step | None) -> object:
    """Self transitions that bring no new options and follow one another are told once."""
    return step.transition.key if step is not None and step.source == step.target and not step.options else visit


class _Sheet:
    """A grid of date, code, label and words; what is too long for its column goes on below itself."""

    def __init__(self, languages: Languages) -> None:
        self.languages = languages
        self.grid = Table.grid(padding=(0, 2))
        for width in (10, 2, 9):
            self.grid.add_column(no_wrap=True, min_width=width)
        self.grid.add_column(ratio=1, overflow="fold")

    def add(self, label: Text | None, words: Words, style: str = "") -> None:
        """Add a row for each language."""
        self.add_first("", "", label, words, style)

    def add_first(
        self, when: str, code: str, label: Text | None, words: Words, style: str = "", *, label_style: str = "dim"
    ) -> None:
        """Add a row for each language, the first after a date and a code."""
        first = (styled(when, "dim"), styled(code, "bold"))
        for line, language in said(words, self.languages).items():
            spelled = "" if label is None else label.in_(language)
            self.grid.add_row(*first, styled(spelled, label_style), styled(line, style))
            first = (styled(""), styled(""))


def _add_waiting(sheet: _Sheet, journey: Journey, visit: int) -> None:
    decision = journey.visits[visit].decision
    when = _when(journey, visit, sheet.languages[0])
    sheet.add_first(when, "?", _WAITING, partial(_open, decision), label_style="bold")


def _open(decision: Decision | None, language: Language) -> str:
    """The labels of the facts that could still decide, those first that can alone."""
    facts = () if decision is None or decision.question is None else gathered(wanted(decision.question))
    return _listed((fact.text for fact in facts), language)


def _add_step(sheet: _Sheet, step: Step, visits: Sequence[int], journey: Journey) -> None:
    transition, names = step.transition, step.pathway.names
    source, target = names[step.source], names[step.target]
    when = _when(journey, visits[0], sheet.languages[0])
    sheet.add_first(when, transition.code, _STEP, transition.text.in_, "bold")
    sheet.add(None, lambda language: f"{source.in_(language)} → {target.in_(language)}", "cyan")
    if len(visits) > 1:
        sheet.add(None, lambda language: _TIMES.in_(language).format(len(visits), _when(journey, visits[-1], language)))
    sheet.add(_BECAUSE, step.because)
    for chosen in each_chosen(step.pathway.state(step.target), step.options, step.patient):
        if chosen.number == 1:
            sheet.add(None, chosen.table.text.in_, "dim")
        _add_chosen(sheet, chosen, step.history)
    asked = list(_asked_anew(step, _recorded_since(journey, visits[-1])))
    if asked:
        sheet.add(_ASKED, partial(_listed, asked))
    for advisory in step.advisories:
        sheet.add(_MIND, partial(_advice, advisory, step), "yellow")
    sheet.add(_SOURCE, partial(_source, step), "dim")
    if transition.claims:
        sheet.add(_CLAIMS, lambda _: ", ".join(transition.claims), "dim")


def _add_chosen(sheet: _Sheet, chosen: Chosen, history: History) -> None:
    label = Text(chosen.table.text.en.lower(), chosen.table.text.zh)
    if chosen.number is not None:
        label = Text(_ITEM.en.format(chosen.number), _ITEM.zh.format(chosen.number))
    sheet.add(label, partial(_option, chosen.option, chosen.lacking(history)), "green")


def _chosen_later(journey: Journey) -> Mapping[int, tuple[Step, Sequence[Chosen]]]:
    """What tables that could not choose on entering a state chose at a later visit in it, by the visit."""
    steps = {step.visit: step for step in journey.steps}
    found: dict[int, tuple[Step, Sequence[Chosen]]] = {}
    entered: Step | None = None
    options: Mapping[str, Choice] = {}
    facts: dict[str, Any] = {}
    for number, visit in enumerate(journey.visits):
        if entered is not None:
            facts |= visit.facts
            state = journey.pathway.state(entered.target)
            options, new = chosen_since(state, options, entered.patient, facts, entered.history)
            found |= {number: (entered, new)} if new else {}
        if number in steps:
            entered, facts = steps[number], {}
            options = entered.options
    return found


def _when(journey: Journey, visit: int, language: Language) -> str:
    on = journey.visits[visit].on
    return _VISIT.in_(language).format(visit + 1) if on is None else on.isoformat()


def _source(step: Step, language: Language) -> str:
    source, note = step.transition.provenance.text.in_(language), step.transition.note.in_(language)
    return f"{source}{SEMICOLON.in_(language)}{note}" if note else source


def _recorded_since(journey: Journey, visit: int) -> Mapping[str, Any]:
    """What was recorded up to the visit of a step, since the step before it."""
    before = max((step.visit for step in journey.steps if step.visit < visit), default=-1)
    return {name: value for made in journey.visits[before + 1 : visit + 1] for name, value in made.facts.items()}


def _asked_anew(step: Step, recorded: Mapping[str, Any]) -> Iterator[Text]:
    """The facts recorded before a step that nothing asked before the state entered forgot them."""
    pathway = step.pathway
    stale = pathway.stale(step.target)
    used = _used(pathway, (step.guard,), step.source, step.target)
    facts = facts_of(pathway.record)
    for name, value in recorded.items():
        fact, forgotten = facts[name], stale.get(name, frozenset())
        if forgotten is None:
            if fact not in used:
                yield fact.text
            continue
        for within in facts_of(fact.item_record).values() if forgotten else ():
            if within.name in forgotten and within not in used and any(within.of(item) is not None for item in value):
                yield labelled(fact.text, within.text)


def _unused(journey: Journey, visit: int, step: Step | None) -> Iterator[Text]:
    """The facts recorded at a visit that nothing asked, and that stay known."""
    pathway, made = journey.pathway, journey.visits[visit]
    assert made.decision is not None
    source = made.decision.state
    used = _used(pathway, pathway.guards(source), source, None if step is None else step.target)
    stale = {} if step is None else pathway.stale(step.target)
    for name in made.facts:
        fact = facts_of(pathway.record)[name]
        if fact not in used and name not in stale:
            yield fact.text


def _used(pathway: Pathway, guards: Iterable[Predicate], source: str, target: str | None) -> AbstractSet[Declaration]:
    """The facts that some guards of a state speak of, and the tables and advisories of a step from it."""
    entered = () if target is None else (pathway.state(target),)
    criteria = [
        *guards,
        *(row.when for state in entered for table in state.tables for row in table.options),
        *(advice.criterion for state in (pathway.state(source), *entered) for advice in state.advisories),
    ]
    return {fact for criterion in criteria for fact in facts_in(criterion)}


def _listed(texts: Iterable[Text], language: Language) -> str:
    return SEMICOLON.in_(language).join(text.in_(language) for text in texts)


def _option(option: Option | None, lacking: Sequence[Place], language: Language) -> str:
    if option is None and not lacking:
        return NOT_APPLICABLE.in_(language)
    if option is None:
        return _LACKING.in_(language).format(_listed((place.text for place in lacking), language))
    words, review = option.text.in_(language), option.review
    if review is None:
        return words
    return _REVIEW.in_(language).format(words, figure(review.value), unit_text(review.unit).in_(language))


def _advice(advisory: Advisory, step: Step, language: Language) -> str:
    words = advisory.text.in_(language)
    numbers = (str(index + 1) for index in advisory.items(step.patient, step.history))
    items = _LIST.in_(language).join(numbers)
    return _ITEMS.in_(language).format(words, items) if items else words


def _ending(journey: Journey, languages: Languages) -> Iterator[RenderableType]:
    """Where the journey stands, and the facts it waits for, each under the key that records it."""
    question = journey.decision.question
    yield spoken(partial(_standing, journey), languages, "bold")
    for fact in () if question is None else gathered(wanted(question)):
        words = labelled(fact.path, fact.text)
        yield Padding(row("-", words.in_, languages), (0, 0, 0, 2))


def _standing(journey: Journey, language: Language) -> str:
    state = journey.pathway.names[journey.state].in_(language)
    if journey.finished:
        return _ENDED.in_(language).format(state, counted(len(journey.steps), _STEPS, language))
    rest = _OPEN if journey.decision.question is None else _WAITS
    return _THEN.in_(language).format(_NOW.in_(language).format(state), rest.in_(language))
