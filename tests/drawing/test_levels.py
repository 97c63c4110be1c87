"""What each picture shows: the whole pathway, a state, a table, a way, or two pathways."""

from __future__ import annotations

from copy import copy
from datetime import date
from pickle import dumps, loads
from typing import Any

import attrs
import pytest

from crlm_pathway import (
    CRLM,
    DecisionTable,
    Fact,
    Journey,
    Option,
    Parameter,
    Pathway,
    PathwayError,
    Patient,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    integer,
    record,
)
from crlm_pathway.drawing import DrawingError, figure_of
from crlm_pathway.drawing.figure import Chart, Edge, Figure, Kind, Line, Mark
from crlm_pathway.drawing.levels import FEW, LEVELS
from crlm_pathway.evidence import load
from crlm_pathway.predicates.wording import say


@record
class Light:
    """A record of two facts."""

    green: Fact[bool] = boolean("green", zh="绿")
    cars: Fact[int] = integer(0, 9, "cars", zh="车辆")


MOST = Parameter("most_cars", 3, Text("most cars"))


def to(target: str, code: str, **more: Any) -> Transition:
    given = {"key": f"key {code}", "when": Light.green, "text": Text(f"go {code}"), "provenance": Provenance.STATED}
    return Transition(code=code, to=target, **{**given, **more})


def lights(*, most: Parameter = MOST) -> Pathway:
    option = Option(name="go", when=Light.green, text=Text("Drive"), provenance=Provenance.GLUE)
    stay = Option(name="stay", when=~Light.green, text=Text("Stay"), provenance=Provenance.GLUE)
    table = DecisionTable(name="drive", text=Text("Driving"), options=(option, stay))
    first = State(
        name="first",
        text=Text("First", "一"),
        asks=(Light.green,),
        transitions=(
            to("last", "T1"),
            to("first", "T2", when=~Light.green & (Light.cars < most), provenance=Provenance.GLUE),
            to("last", "T3", when=~Light.green & (Light.cars >= most)),
        ),
        tables=(table,),
    )
    return Pathway(name="lights", text=Text("Lights", "灯"), record=Light, start="first", states=(first, ended("last")))


def ended(name: str) -> State:
    return State(name=name, text=Text(name.title()), terminal=True)


def lines(figure: Figure) -> dict[str, Line]:
    return {line.code: line for edge in edges(figure.charts[0]) for line in edge.lines}


def edges(chart: Chart) -> tuple[Edge, ...]:
    return (*chart.edges, *chart.interrupts)


# -- the whole pathway ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_every_state_and_every_transition_is_drawn(level: Any) -> None:
    (chart,) = figure_of(CRLM, level=level).charts
    assert [node.name for node in chart.nodes] == [state.name for state in CRLM.states]
    drawn = [(edge.source, edge.target, line.key) for edge in edges(chart) for line in edge.lines]
    ways = [(state.name, step.to, step.key) for state in CRLM.states for step in state.transitions]
    assert sorted(map(str, drawn)) == sorted(
        map(str, [*ways, *((None, step.to, step.key) for step in CRLM.interrupts)])
    )


def test_few_transitions_carry_their_labels_and_of_many_there_is_a_key() -> None:
    few, many = figure_of(lights()), figure_of(CRLM)
    assert len(lights().transitions) <= FEW < len(CRLM.transitions)
    assert lines(few)["T1"].text == ("go T1",)
    assert not few.listings
    assert not lines(many)["A7"].text
    assert {entry.sign: entry.text for entry in many.listings[0].entries} == {
        step.code: (step.text.en,) for step in CRLM.transitions
    }


def test_the_criteria_say_every_guard_on_its_arrow_or_in_a_listing() -> None:
    few, many = figure_of(lights(), level="criteria"), figure_of(CRLM, level="criteria")
    assert lines(few)["T1"].guard == ("green: yes",)
    assert not lines(few)["T2"].guard
    listed = {entry.sign: entry.text for one in few.listings for entry in one.entries}
    assert listed == {
        "T2": ("go T2: green: no and cars < 3 [most_cars]",),
        "T3": ("go T3: green: no and cars ≥ 3 [most_cars]",),
    }
    assert {code for code, line in lines(many).items() if line.guard} == {"B1", "C1", "D1", "D3", "X1"}
    assert lines(many)["D3"].guard == ("fit and willing",)
    listed = {entry.sign: entry.text for one in many.listings for entry in one.entries if entry.sign}
    for step in CRLM.transitions:
        assert listed[step.code] == (f"{step.text.en}: {say(step.when, 'en', CRLM.names, apart=True)}",)


def test_the_evidence_numbers_papers_as_they_are_first_cited() -> None:
    figure = figure_of(CRLM, level="evidence")
    references = figure.listings[-1]
    assert references.heading == ("References",)
    cited = [number for one in figure.listings[:-1] for entry in one.entries for number in entry.cites]
    assert list(dict.fromkeys(cited)) == sorted(set(cited)) == [int(entry.sign) for entry in references.entries]
    papers = {int(entry.sign): entry.text[0] for entry in references.entries}
    known = load()
    step = next(step for step in CRLM.transitions if step.code == "C5")
    behind = known.references_of(map(known.claim, step.claims))
    entry = next(entry for one in figure.listings for entry in one.entries if entry.sign == "C5")
    assert {papers[number] for number in entry.cites} == set(map(str, behind))


def test_papers_are_looked_for_in_the_evidence_that_is_given() -> None:
    none = attrs.evolve(load(), claims={}, discrepancies={}, not_used={})
    figure = figure_of(CRLM, level="evidence", evidence=none)
    assert not any(entry.cites for one in figure.listings for entry in one.entries)
    assert figure.notes[0][0].startswith("No paper is known here for the claims: cc-liver-commonest-site, ")


def test_a_claim_that_is_not_known_has_no_number_and_the_picture_says_so() -> None:
    first = lights().state("first")
    cited = attrs.evolve(first, transitions=(to("last", "T1", claims=("nobody-said-so",)), *first.transitions[1:]))
    figure = figure_of(attrs.evolve(lights(), states=(cited, ended("last"))), level="evidence")
    assert lines(figure)["T1"].cites == ()
    assert figure.listings[-1].heading != ("References",)
    assert figure.notes[0] == ("No paper is known here for the claims: nobody-said-so",)


def test_transitions_between_the_same_states_share_an_edge_if_they_share_a_provenance() -> None:
    (chart,) = figure_of(lights()).charts
    assert [[line.code for line in edge.lines] for edge in chart.edges] == [["T1", "T3"], ["T2"]]


def test_interrupts_are_drawn_once_from_any_state_and_ends_are_told_apart() -> None:
    (chart,) = figure_of(CRLM).charts
    assert [(edge.source, edge.target) for edge in chart.interrupts] == [(None, "deceased"), (None, "withdrawn")]
    kinds = {node.name: node.kind for node in chart.nodes}
    assert kinds["deceased"] is kinds["withdrawn"] is Kind.STOPPED
    assert kinds["palliative_care"] is Kind.END
    assert kinds["local_treatment"] is Kind.STAGE


def test_a_label_is_said_in_each_language_but_once_where_it_is_the_same() -> None:
    (chart,) = figure_of(lights(), language="both").charts
    assert [node.title for node in chart.nodes] == [("First", "一"), ("Last",)]
    assert figure_of(lights(), language="zh").title == ("灯",)


def test_whoever_cannot_see_the_picture_is_told_what_is_on_it() -> None:
    (said,) = figure_of(CRLM).described
    for step in CRLM.transitions:
        assert f"{step.code} " in said
        assert step.text.en in said
    assert f"{len(CRLM.states)} states, 33 transitions; begins in “Initial assessment”" in said


def test_whoever_cannot_see_a_way_or_a_comparison_is_told_what_is_on_it() -> None:
    journey = Journey.begin(lights(), Light(cars=0))
    journey.visit(on=date(2024, 1, 8))
    (said,) = figure_of(journey).described
    assert "The journey stands in “First”, waits to know: green. visit 1, 2024-01-08, waits to know: green" in said
    (said,) = figure_of(lights(), compare=lights().with_policy(most_cars=5), language="zh").described
    assert "灯：most_cars = 3与灯：most_cars = 5并列对照。" in said
    assert "3 → 5" in said


# -- a state, a table ----------------------------------------------------------------------------------------------


def test_a_state_shows_what_it_asks_its_ways_on_with_their_guards_and_its_tables() -> None:
    figure = figure_of(CRLM, state="regional_therapy")
    (chart,) = figure.charts
    assert chart.nodes[0].notes == (("asks anew: SIRT already given; progressed on HAI; progressed on DEBIRI",),)
    assert set(lines(figure)) == {"D1", "D3", "X1", "X2"}
    assert lines(figure)["D1"].guard == ("not “fit and willing”",)
    assert [grid.name for grid in figure.grids] == ["modality"]
    assert figure.listings[0].heading == ("Named criteria",)


def test_a_state_tells_its_advisories() -> None:
    (advisories, _) = figure_of(CRLM, state="initial_assessment").listings
    assert advisories.heading == ("Advisories",)
    (said,) = advisories.entries[0].text
    assert said.endswith("may not suit this many metastases: number of liver metastases ≥ 10 [high_burden_count]")


def test_a_state_or_a_table_may_stand_alone() -> None:
    first = lights().state("first")
    assert figure_of(first).charts[0].nodes[1].title == ("last",)
    assert figure_of(first.tables[0]).grids[0].heading == ("Driving",)
    with pytest.raises(DrawingError, match="`table` says what to draw of a pathway; this is a state alone"):
        figure_of(first, table="drive")


def test_a_table_cites_its_papers_and_marks_the_rows_that_a_journey_chose() -> None:
    rows = figure_of(CRLM, table="lesions", level="evidence").grids[0].rows
    assert any(row.cites for row in rows)
    journey = Journey.begin(lights(), Light(green=False, cars=0))
    journey.visit(green=True)
    assert not any(row.chosen for row in figure_of(journey, table="drive").grids[0].rows)
    journey = Journey.begin(lights(), Light(cars=0))
    journey.visit(green=False)
    chosen = [row.key for row in figure_of(journey, table="drive").grids[0].rows if row.chosen]
    assert chosen == ["stay"]


def test_of_tables_of_one_name_that_of_the_state_is_drawn_which_is_named_or_where_the_journey_is() -> None:
    first = lights().state("first")
    (table,) = first.tables
    second = attrs.evolve(
        first,
        name="second",
        transitions=(to("last", "S1", key="leave"), to("second", "S2", key="stay", when=~Light.green)),
        tables=(attrs.evolve(table, text=Text("Driving on")),),
    )
    onwards = attrs.evolve(first, transitions=(to("second", "T1"), to("first", "T2", when=~Light.green)))
    two = attrs.evolve(lights(), states=(onwards, second, ended("last")))
    assert figure_of(two, table="drive", state="second").title == ("Lights: Driving on",)
    with pytest.raises(DrawingError, match="first and second have a table 'drive' each: say which with `state`"):
        figure_of(two, table="drive")
    with pytest.raises(DrawingError, match="last has no table 'drive'; it is one of first and second"):
        figure_of(two, table="drive", state="last")
    journey = Journey.begin(two, Light(cars=0))
    journey.visit(green=True)
    drawn = figure_of(journey, table="drive")
    assert drawn.title == ("Lights: Driving on",)
    assert [row.key for row in drawn.grids[0].rows if row.chosen] == ["go"]
    assert not any(row.chosen for row in figure_of(journey, table="drive", state="first").grids[0].rows)


# -- the way taken -------------------------------------------------------------------------------------------------


def test_the_way_taken_is_numbered_and_its_visits_are_told_with_their_dates() -> None:
    journey = Journey.begin(lights(), Light(cars=0))
    journey.visit(on=date(2024, 1, 8))
    for day in (9, 10, 11):
        journey.visit(on=date(2024, 1, day), green=False)
    journey.visit(green=True)
    figure = figure_of(journey)
    assert {code: line.order for code, line in lines(figure).items() if line.order} == {"T2": (1, 2, 3), "T1": (4,)}
    assert [(entry.sign, entry.text) for entry in figure.listings[-1].entries] == [
        ("?", ("visit 1, 2024-01-08, waits to know: green",)),
        ("①–③", ("visits 2–4, 2024-01-09 to 2024-01-11: T2",)),
        ("④", ("visit 5: T1 → Last",)),
    ]
    assert [node.name for node in figure.charts[0].nodes if node.here] == ["last"]


def test_a_journey_that_waits_says_for_what_in_the_state_it_is_in() -> None:
    (chart,) = figure_of(Journey.begin(CRLM, Patient()), language="zh").charts
    (here,) = (node for node in chart.nodes if node.here)
    assert here.name == "initial_assessment"
    assert here.notes[0][0].startswith("等待明确：")


def test_an_interrupt_taken_leads_from_the_state_it_was_taken_in() -> None:
    journey = Journey.begin(CRLM, Patient())
    journey.visit(withdrawn=True)
    (chart,) = figure_of(journey).charts
    assert [(edge.source, edge.target) for edge in chart.edges if edge.taken] == [("initial_assessment", "withdrawn")]
    assert not any(edge.taken for edge in chart.interrupts)


def test_a_decision_is_drawn_as_its_state_with_the_step_taken_or_what_it_waits_for() -> None:
    pathway = lights()
    step = figure_of(pathway.decide("first", Light(green=True)))
    assert [line.code for line in lines(step).values() if line.order] == ["T1"]
    assert figure_of(copy(pathway.decide("first", Light(green=True)))) == step
    with pytest.raises(DrawingError, match="this decision, unpickled, does not know its pathway any more"):
        figure_of(loads(dumps(pathway.decide("first", Light(green=True)))))  # noqa: S301 - our own
    waiting = figure_of(pathway.decide("first", Light()))
    assert waiting.charts[0].nodes[0].notes[-1] == ("waits to know: green; cars",)


def test_what_the_tables_chose_is_told_with_the_step() -> None:
    journey = Journey.begin(lights(), Light(green=False, cars=0))
    journey.visit()
    (entry,) = figure_of(journey).listings[-1].entries
    assert entry.text == ("visit 1: T2 (Driving: Stay)",)


def test_a_code_may_hold_braces() -> None:
    first = lights().state("first")
    braced = attrs.evolve(first, transitions=(to("last", "T{0}"), to("first", "T{x", when=~Light.green)))
    journey = Journey.begin(attrs.evolve(lights(), states=(braced, ended("last"))), Light(green=True))
    journey.visit()
    (entry,) = figure_of(journey).listings[-1].entries
    assert entry.text == ("visit 1: T{0} → Last",)


def test_a_journey_that_is_not_where_a_state_or_table_is_drawn_is_said_not_to_be() -> None:
    journey = Journey.begin(lights(), Light())
    assert figure_of(journey, state="last").notes[0] == ("The journey, now in “First”, has not come here.",)
    assert len(figure_of(journey, state="first").notes) == len(figure_of(journey, table="drive").notes) == 1
    journey.visit(green=True)
    assert figure_of(journey, table="drive").notes[0] == ("The journey is in “Last”, where this table is not asked.",)
    (chart,) = figure_of(journey, state="first").charts
    assert [node.name for node in chart.nodes if node.here] == ["last"]


def test_an_end_that_is_not_reached_at_all_is_no_end_reached_from_any_state() -> None:
    alone = attrs.evolve(lights(), start="last", states=(ended("last"),))
    assert [node.kind for node in figure_of(alone).charts[0].nodes] == [Kind.END]


# -- two pathways --------------------------------------------------------------------------------------------------


def test_two_policies_stand_side_by_side_with_what_differs_marked_and_told() -> None:
    figure = figure_of(lights(), compare=lights().with_policy(most_cars=5))
    one, other = figure.charts
    assert (one.heading, other.heading) == (("most_cars = 3",), ("most_cars = 5",))
    marks = [{line.code: line.mark for edge in edges(chart) for line in edge.lines} for chart in (one, other)]
    assert marks[0] == marks[1] == {"T1": None, "T2": Mark.CHANGED, "T3": Mark.CHANGED}
    (entry,) = figure.listings[0].entries
    assert "3 → 5" in entry.text[0]
    assert "T2, T3" in entry.text[0]
    assert [(one.sign, one.text) for one in figure.listings[1].entries] == [("T2", ("go T2",)), ("T3", ("go T3",))]


def test_a_pathway_beside_itself_is_said_to_be_the_same() -> None:
    figure = figure_of(lights(), compare=lights())
    assert [chart.heading for chart in figure.charts] == [("Lights",), ("Lights",)]
    assert figure.listings[0].entries[0].text == ("nothing: both decide and say the same",)


def test_what_only_one_of_two_versions_has_is_marked_there() -> None:
    first = lights().state("first")
    shorter = attrs.evolve(first, transitions=(to("last", "T1"), to("first", "T2", when=~Light.green)))
    one, other = figure_of(lights(), compare=attrs.evolve(lights(), states=(shorter, ended("last")))).charts
    assert {line.code: line.mark for edge in one.edges for line in edge.lines}["T3"] is Mark.ADDED
    assert "T3" not in {line.code for edge in other.edges for line in edge.lines}


# -- what cannot be drawn ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "criterion"}, r"`level` is one of overview, criteria, evidence, not 'criterion' \(did you mean"),
        ({"language": "de"}, "`language` is one of en, zh, both, not 'de'"),
        ({"direction": "BT"}, "`direction` is one of TB, LR, not 'BT'"),
        ({"width": 3}, "`width` is from 30 to 2000 mm, not 3"),
        ({"state": "local_treatmnt"}, r"did you mean `local_treatment`\?"),
        ({"table": "lesion"}, r"did you mean `lesions`\?"),
        ({"state": "ned_surveillance", "table": "lesions"}, "ned_surveillance has no table 'lesions'"),
        ({"state": ["ned_surveillance"]}, r"`state` is the name of a state, not \['ned_surveillance'\]"),
        ({"compare": CRLM, "table": "lesions"}, "a picture is of one thing: `table` or `compare`, not both"),
        ({"compare": CRLM, "level": "evidence"}, "compared in their overviews, not at the level 'evidence'"),
        ({"compare": "crlm"}, "`compare` is a pathway, not 'crlm'"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_what_is_right(options: dict[str, Any], said: str) -> None:
    with pytest.raises(PathwayError, match=said):
        figure_of(CRLM, **options)


def test_what_is_no_pathway_is_refused() -> None:
    with pytest.raises(DrawingError, match=r"draw takes a Pathway, a Journey, .* not Light\(\)"):
        figure_of(Light())  # type: ignore[arg-type]
    with pytest.raises(DrawingError, match=r"write draw\(journey.pathway, compare="):
        figure_of(Journey.begin(lights(), Light()), compare=lights())
