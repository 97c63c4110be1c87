"""Two pathways compared: policies, versions, and pathways that have nothing in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from crlm_pathway import (
    CRLM,
    Advisory,
    Fact,
    Invariant,
    LabelledEnum,
    Option,
    Pathway,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
    boolean,
    choice,
    integer,
    many,
    named,
    number,
    record,
    rounds_here,
)
from crlm_pathway.drawing.differences import Change, Differences, Part as Kind, differences
from crlm_pathway.drawing.figure import Mark
from crlm_pathway.predicates.nodes import Compare, Parameter, walk
from crlm_pathway.predicates.records import contradiction
from crlm_pathway.predicates.wording import say
from small import COATS, FIXES, HEAVY, INSPECT, INTERRUPTS, LOST, MOST, SCRAPPED, SOLD, WORKSHOP, pathway, row, step
from universe import Colour, Part, Thing


def versions(**ways: Any) -> Pathway:
    """The small pathway with some of its states, or of its own fields, exchanged."""
    known = {"inspect": INSPECT, "workshop": WORKSHOP, "sold": SOLD, "scrapped": SCRAPPED, "lost": LOST}
    states = {name: ways.pop(name, state) for name, state in known.items()}
    return pathway(*filter(None, states.values()), **ways)


def stepping(number: int, **changed: Any) -> Pathway:
    """The small pathway with one transition of the workshop changed."""
    steps = list(WORKSHOP.transitions)
    steps[number] = attrs.evolve(steps[number], **changed)
    return versions(workshop=attrs.evolve(WORKSHOP, transitions=tuple(steps)))


def tabled(table: Any, **changed: Any) -> Pathway:
    """The small pathway with one of its two tables changed."""
    tables = tuple(attrs.evolve(found, **changed) if found is table else found for found in (COATS, FIXES))
    return versions(workshop=attrs.evolve(WORKSHOP, tables=tables))


def rowed(**changed: Any) -> Pathway:
    """The small pathway with the first row of its first table changed."""
    first, second = COATS.options
    return tabled(COATS, options=(attrs.evolve(first, **changed), second))


def promising(**promise: Any) -> Pathway:
    return pathway(invariants=(Invariant(**{"key": "kept", "text": Text("kept", "守信"), **promise}),))


CLUE = named("clue", Text("a clue", "线索"), Thing.alive & Thing.sold)
WEEKS = Parameter("weeks", 2, Text("weeks", "周数"), unit="weeks")


def clued(text: str = "a clue", criterion: Predicate = CLUE) -> Pathway:
    """The small pathway with a named criterion inside another."""
    inner = criterion if criterion is not CLUE else named("clue", Text(text, "线索"), Thing.alive & Thing.sold)
    return stepping(2, when=named("outer", Text("outer", "外"), inner | (Thing.size <= 0)))


def given_text(found: Differences) -> list[tuple[str, str, str, list[str]]]:
    return [
        (change.kind.value, change.key, change.mark, [turn.text.en for turn in change.what]) for change in found.changes
    ]


CASES: dict[str, tuple[Pathway, Pathway, list[tuple[str, str, str, list[str]]]]] = {
    "the pathway itself": (
        stepping(0, to="inspect"),
        attrs.evolve(stepping(0, to="inspect"), name="items", text=Text("Items", "物件"), start="workshop"),
        [
            (
                "pathway",
                "",
                "changed",
                ["name: things → items", "label: Things → Items", "begins in: Inspection → Workshop"],
            )
        ],
    ),
    "a label in one language": (
        pathway(),
        pathway(text=Text("Things", "东西")),
        [("pathway", "", "changed", ["label: 物件 → 东西"])],
    ),
    "a parameter's value": (
        pathway(),
        pathway().with_policy(most=3),
        [
            ("parameter", "most", "changed", ["value: 2 → 3"]),
            *[("transition", key, "changed", ["most: 2 → 3"]) for key in ("again", "give_up", "odd")],
        ],
    ),
    "a parameter's words": (
        rowed(review=WEEKS),
        rowed(
            review=attrs.evolve(
                WEEKS, text=Text("so many", "周数"), unit="days", at_most=9, provenance=Provenance.STATED, claims=("c",)
            )
        ),
        [
            (
                "parameter",
                "weeks",
                "changed",
                [
                    "value: 2 weeks → 2 days",
                    "label: weeks → so many",
                    "range: 0 – 1000 → 0 – 9",
                    "source: added so that every case is covered → stated by the source",
                    "claims: also c",
                ],
            ),
            ("row", "thick", "changed", ["review: in 2 weeks [weeks] → in 2 days [weeks]"]),
        ],
    ),
    "a parameter and a review": (
        rowed(),
        rowed(review=WEEKS),
        [
            ("parameter", "weeks", "added", ["only in the second", "2 weeks"]),
            ("row", "thick", "changed", ["review: none → in 2 weeks [weeks]"]),
        ],
    ),
    "a state": (
        pathway(),
        versions(lost=None, interrupts=(attrs.evolve(INTERRUPTS[0], to="sold"),)),
        [
            ("state", "lost", "removed", ["only in the first"]),
            ("transition", "lose", "changed", ["to: Lost → Sold"]),
        ],
    ),
    "what a state is": (
        pathway(),
        versions(
            workshop=attrs.evolve(WORKSHOP, text=Text("Shop", "车间"), asks=(Thing.size, Thing.weight), claims=("c",))
        ),
        [
            (
                "state",
                "workshop",
                "changed",
                ["label: Workshop → Shop", "asks anew: no longer broken", "asks anew: also weight", "claims: also c"],
            )
        ],
    ),
    "an end": (
        versions(lost=attrs.evolve(LOST, terminal=False, transitions=(step("find", "sold", Thing.alive),))),
        pathway(),
        [
            ("state", "lost", "changed", ["an end: no → yes"]),
            ("transition", "find", "removed", ["only in the first", "Lost → Sold", "criterion: alive: yes"]),
        ],
    ),
    "a transition": (
        pathway(),
        stepping(
            2,
            to="scrapped",
            code="Z",
            text=Text("mended", "修好"),
            provenance=Provenance.STATED,
            claims=("c",),
            note=Text("a note", "说明"),
        ),
        [
            (
                "transition",
                "fixed",
                "changed",
                [
                    "label: fixed → mended",
                    "code: FIXED → Z",
                    "to: Sold → Scrapped",
                    "note: none → a note",
                    "source: added so that every case is covered → stated by the source",
                    "claims: also c",
                ],
            )
        ],
    ),
    "a guard": (
        pathway(),
        stepping(2, when=Thing.size <= 1),
        [("transition", "fixed", "changed", ["criterion: size ≤ 0 → size ≤ 1"])],
    ),
    "a guard and a number in it": (
        pathway(),
        versions(
            workshop=attrs.evolve(
                WORKSHOP,
                transitions=(
                    step("again", "workshop", rounds_here < attrs.evolve(MOST, value=3)),
                    WORKSHOP.transitions[2],
                ),
            )
        ),
        [
            ("parameter", "most", "changed", ["value: 2 → 3"]),
            (
                "transition",
                "again",
                "changed",
                [
                    "criterion: size > 0 and rounds in this state < 2 [most] → rounds in this state < 3 [most]",
                    "most: 2 → 3",
                ],
            ),
            (
                "transition",
                "give_up",
                "removed",
                [
                    "only in the first",
                    "Workshop → Scrapped",
                    "criterion: size > 0 and rounds in this state ≥ 2 [most] and times of “again” so far ≥ 1",
                ],
            ),
            (
                "transition",
                "odd",
                "removed",
                [
                    "only in the first",
                    "Workshop → Scrapped",
                    f"criterion: {say(WORKSHOP.transitions[3].when, names=pathway().names)}",
                ],
            ),
        ],
    ),
    "what a named criterion means": (
        clued(),
        clued(criterion=named("clue", Text("a clue", "线索"), Thing.alive)),
        [("transition", "fixed", "changed", ["“a clue” means: alive: yes and sold: yes → alive: yes"])],
    ),
    "what a named criterion is called": (
        clued(),
        clued(text="a trace"),
        [("transition", "fixed", "changed", ["“outer” means: a clue or size ≤ 0 → a trace or size ≤ 0"])],
    ),
    "a criterion in the same words": (
        clued(),
        clued(criterion=named("hint", Text("a clue", "线索"), Thing.alive & Thing.sold)),
        [("transition", "fixed", "changed", ["“outer” means: not the same, though the words are"])],
    ),
    "where a transition starts": (
        pathway(),
        versions(
            inspect=attrs.evolve(INSPECT, transitions=(*INSPECT.transitions, WORKSHOP.transitions[3])),
            workshop=attrs.evolve(WORKSHOP, transitions=WORKSHOP.transitions[:3]),
        ),
        [("transition", "odd", "changed", ["from: Workshop → Inspection"])],
    ),
    "an interrupt": (
        pathway(),
        pathway(interrupts=(*INTERRUPTS, step("steal", "lost", Thing.sold))),
        [("transition", "steal", "added", ["only in the second", "any state → Lost", "criterion: sold: yes"])],
    ),
    "a table, with its rows": (
        pathway(),
        versions(workshop=attrs.evolve(WORKSHOP, tables=(FIXES,))),
        [("table", "coat", "removed", ["only in the first"])],
    ),
    "what a table is": (
        pathway(),
        tabled(COATS, text=Text("Cover", "涂层"), given=Thing.alive),
        [
            (
                "table",
                "coat",
                "changed",
                ["label: Coat → Cover", "promised to cover every case in which: always → alive: yes"],
            )
        ],
    ),
    "what a table is over": (
        tabled(FIXES, options=(row("all", Part.broken | ~Part.broken),)),
        tabled(FIXES, options=(row("all", Thing.sold | ~Thing.sold),), over=None, done=None),
        [
            (
                "table",
                "fixes",
                "changed",
                [
                    "for each of: parts → none",
                    "nothing more to do when: broken so far: yes and width > 5 mm → never",
                ],
            ),
            ("row", "all", "changed", ["criterion: broken: yes or broken: no → sold: yes or sold: no"]),
        ],
    ),
    "a row": (
        pathway(),
        tabled(COATS, options=(*COATS.options, row("none", ~Thing.alive))),
        [("row", "none", "added", ["only in the second", "criterion: alive: no"])],
    ),
    "what a row is": (
        pathway(),
        rowed(
            name="fat",
            key="thick",
            text=Text("Thick", "厚"),
            when=Thing.weight >= 9,
            never=True,
            provenance=Provenance.IMPLIED,
            claims=("c", "d"),
        ),
        [
            (
                "row",
                "thick",
                "changed",
                [
                    "label: thick → Thick",
                    "option: thick → fat",
                    "criterion: weight ≥ 10 kg → weight ≥ 9 kg",
                    "never chosen: no → yes",
                    "source: added so that every case is covered → implied by the source",
                    "claims: also c, d",
                ],
            )
        ],
    ),
    "an advisory": (
        pathway(),
        versions(
            inspect=attrs.evolve(INSPECT, advisories=()),
            workshop=attrs.evolve(
                WORKSHOP,
                advisories=(
                    HEAVY,
                    Advisory(key="wide", when=Thing.sold, text=Text("broad", "宽"), claims=("c",)),
                ),
            ),
        ),
        [
            ("advisory", "heavy", "removed", ["only in the first", "criterion: weight > 50 kg"]),
            (
                "advisory",
                "wide",
                "changed",
                [
                    "label: wide → broad",
                    "criterion: width > 8 mm → sold: yes",
                    "for each of: parts → none",
                    "claims: also c",
                ],
            ),
        ],
    ),
    "a promise": (
        pathway(),
        promising(never=Thing.sold),
        [("invariant", "kept", "added", ["only in the second", "criterion: sold: yes"])],
    ),
    "what is promised": (
        promising(never=Thing.sold),
        promising(always=Thing.alive, text=Text("Kept", "守信")),
        [
            (
                "invariant",
                "kept",
                "changed",
                ["label: kept → Kept", "promised: never → always", "criterion: sold: yes → alive: yes"],
            )
        ],
    ),
}


@pytest.mark.parametrize(("one", "other", "expected"), CASES.values(), ids=CASES)
def test_what_differs_is_said(one: Pathway, other: Pathway, expected: list[tuple[str, str, str, list[str]]]) -> None:
    assert given_text(differences(one, other)) == expected


MIRRORED = {"added": "removed", "removed": "added", "changed": "changed"}


@pytest.mark.parametrize(("one", "other"), [case[:2] for case in CASES.values()], ids=CASES)
def test_seen_from_the_other_side_the_same_parts_differ(one: Pathway, other: Pathway) -> None:
    def marks(changes: tuple[Change, ...], seen: Callable[[str], str] = str) -> set[Any]:
        return {(change.kind, change.within, change.key, seen(change.mark)) for change in changes}

    assert marks(differences(other, one).changes) == marks(differences(one, other).changes, MIRRORED.__getitem__)


@pytest.mark.parametrize(("one", "other"), [case[:2] for case in CASES.values()], ids=CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_difference_is_told_in_words(one: Pathway, other: Pathway, language: Any) -> None:
    found = differences(one, other)
    listing = found.listing((language,))
    policy = [change.key for change in found.of(Kind.PARAMETER) if change.mark == "changed"]
    told = [change for change in found.changes if not change.by_policy(policy)]
    for entry, change in zip(listing.entries, told, strict=True):
        assert entry.sign == change.code
        assert entry.mark is (Mark.CHANGED if change.mark == "changed" else Mark.ADDED)
        assert all(turn.text.in_(language) in entry.text[0] for turn in change.what)


def test_what_differs_by_numbers_of_policy_alone_is_told_with_those() -> None:
    found = differences(CRLM, CRLM.with_policy(max_regional_rounds=2, rfa_max_diameter_mm=20))
    diameter, rounds = found.listing(("en",)).entries
    assert "3 → 2; with it C3, C4, C5, C6, E4, E5" in rounds.text[0]
    assert "30 mm → 20 mm" in diameter.text[0]
    assert "row “radiofrequency ablation (deep lesion)”" in diameter.text[0]


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("label", {"text": Text("mended", "修好")}, "label: fixed → mended"),
        ("code", {"code": "Z"}, "code: FIXED → Z"),
        ("note", {"note": Text("a note", "说明")}, "note: none → a note"),
        ("to", {"to": "scrapped"}, "to: Sold → Scrapped"),
        ("criterion", {"when": Thing.size < Parameter("criterion", 3, Text("a limit"))}, "criterion: size ≤ 2"),
    ],
)
def test_what_is_said_otherwise_is_told_though_a_parameter_has_the_name_of_what_says_it(
    name: str, changed: dict[str, Any], told: str
) -> None:
    bounded = {"when": Thing.size <= Parameter(name, 2, Text("a limit"))}
    found = differences(stepping(2, **bounded), stepping(2, **{**bounded, **changed}).with_policy(**{name: 3}))
    (change,) = found.of(Kind.TRANSITION)
    assert change.by_policy([name]) == ()
    (_, entry) = found.listing(("en",)).entries
    assert told in entry.text[0]
    assert f"{name}: 2 → 3" in entry.text[0]


def test_the_interval_of_a_review_is_told_with_its_number_of_policy() -> None:
    found = differences(rowed(review=WEEKS), rowed(review=WEEKS).with_policy(weeks=3))
    (entry,) = found.listing(("en", "zh")).entries
    assert entry.text == (
        "parameter “weeks: weeks”: value: 2 weeks → 3 weeks; with it row “thick”",
        "参数“weeks：周数”：数值：2 周 → 3 周；随之变动：决策表的行“thick”",
    )


def test_the_states_that_own_what_differs_are_touched() -> None:
    other = versions(
        inspect=attrs.evolve(INSPECT, advisories=()),
        workshop=attrs.evolve(WORKSHOP, tables=(FIXES,)),
        lost=attrs.evolve(LOST, text=Text("Gone", "遗失")),
    )
    assert differences(pathway(), other).touched == {"inspect", "workshop", "lost"}
    assert differences(pathway(), rowed(never=True)).touched == {"workshop"}
    assert differences(pathway(), stepping(2, code="Z")).touched == frozenset()
    assert differences(pathway(), CRLM).touched == {state.name for each in (pathway(), CRLM) for state in each.states}


# -- the record ------------------------------------------------------------------------------------------------------


class Paint(LabelledEnum):
    RED = "red", "red", "红"
    SKY = "blue", "sky", "天蓝"


def recorded(**changed: Any) -> Pathway:
    """A pathway over a record that is declared anew, with some facts declared otherwise."""

    @record
    class Bit:
        torn: Fact[bool] = boolean(changed.pop("torn", "torn"), zh="撕裂")

    facts: dict[str, Any] = {
        "alive": boolean("alive", zh="存活"),
        "colour": choice(Colour, "colour", zh="颜色"),
        "size": integer(0, 9, "size", zh="尺寸", unit="mm"),
        "bits": many(Bit, "bits", zh="碎片"),
    }
    made: Any = record(
        type(changed.pop("name", "Body"), (), {**facts, **changed.pop("facts", {}), "__annotations__": {}})
    )
    if changed.get("refused", True):
        together = changed.get("together", False)
        contradiction(made.size, made.alive & (made.size < 1), "expected a size", zh="应有尺寸", together=together)
    begin = State(
        name="begin",
        text=Text("Begin"),
        asks=(made.alive, Bit.torn),
        transitions=(
            step("end", "over", made.alive & made.bits.every(~Bit.torn)),
            step("stop", "over", ~made.alive | made.bits.some(Bit.torn)),
        ),
    )
    over = State(name="over", text=Text("Over"), terminal=True)
    return Pathway(name="bodies", text=Text("Bodies"), record=made, start="begin", states=(begin, over))


def test_a_record_declared_anew_in_the_same_way_is_no_difference() -> None:
    assert not differences(recorded(), recorded())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "Corpus"}, [("pathway", "", "changed", ["record: Body → Corpus"])]),
        (
            {"facts": {"size": number(0, 10, "length", zh="尺寸", exclusive_minimum=True, default=2.5)}},
            [
                (
                    "fact",
                    "size",
                    "changed",
                    [
                        "label: size → length",
                        "values: ≥ 0, ≤ 9 mm, whole numbers → > 0, ≤ 10",
                        "unless recorded: unknown → 2.5",
                    ],
                )
            ],
        ),
        (
            {"facts": {"old": boolean("old", zh="旧", default=False)}},
            [("fact", "old", "added", ["only in the second", "yes, no"])],
        ),
        (
            {"torn": "broken"},
            [("fact", "bits.torn", "changed", ["label: torn → broken"])],
        ),
        (
            {"facts": {"colour": choice(Paint, "colour", zh="颜色")}},
            [("fact", "colour", "changed", ["values: red [red], green [green], blue [blue] → red [red], sky [blue]"])],
        ),
        (
            {"together": True},
            [("contradiction", "size: expected a size", "changed", ["only when recorded together: no → yes"])],
        ),
        (
            {"refused": False},
            [
                (
                    "contradiction",
                    "size: expected a size",
                    "removed",
                    ["only in the first", "criterion: alive: yes and size < 1 mm"],
                )
            ],
        ),
    ],
    ids=[
        "its name",
        "a fact",
        "another fact",
        "a fact of an item",
        "the values of a fact",
        "what is refused when",
        "what is refused",
    ],
)
def test_a_record_declared_otherwise_differs(
    changed: dict[str, Any], expected: list[tuple[str, str, str, list[str]]]
) -> None:
    assert given_text(differences(recorded(), recorded(**changed))) == expected


# -- policies and versions -------------------------------------------------------------------------------------------


def mentions(name: str, part: Transition | Option) -> bool:
    """Whether a criterion, or the review of a row, depends on a parameter."""
    bounds = [node.right for node in walk(part.when) if isinstance(node, Compare)]
    bounds += [part.review] if isinstance(part, Option) and part.review is not None else []
    return name in {bound.name for bound in bounds if isinstance(bound, Parameter)}


@pytest.mark.parametrize("name", CRLM.parameters)
def test_another_value_of_a_parameter_marks_what_mentions_it_and_nothing_else(name: str) -> None:
    found = differences(CRLM, CRLM.with_policy(**{name: CRLM.parameters[name].value + 1}))
    assert [change.key for change in found.of(Kind.PARAMETER)] == [name]
    assert set(found.transitions) == {step.key for step in CRLM.transitions if mentions(name, step)}
    assert set(found.rows) == {
        (state.name, table.name, row.key)
        for state in CRLM.states
        for table in state.tables
        for row in table.options
        if mentions(name, row)
    }
    assert not found.states
    for change in found.transitions.values():
        assert [turn.parameter for turn in change.what] == [name]


def test_a_pathway_does_not_differ_from_itself() -> None:
    for same in (CRLM, pathway()):
        found = differences(same, same)
        assert not found
        (entry,) = found.listing(("en", "zh")).entries
        assert entry.text == ("nothing: both decide and say the same", "无：二者的决策与表述均相同")


CRITERIA = st.recursive(
    st.sampled_from(
        [
            Thing.alive.as_predicate(),
            Thing.sold.so_far,
            Thing.colour.is_in(Colour.RED, Colour.BLUE),
            Thing.size <= MOST,
            Thing.size > 1,
            Thing.parts.every(Part.width < 3),
            Thing.parts.count(Part.broken) >= 1,
            rounds_here < MOST,
            CLUE,
        ]
    ),
    lambda inner: st.builds(lambda a, b: a & b, inner, inner) | st.builds(lambda a: ~a, inner),
    max_leaves=3,
)


@given(CRITERIA, CRITERIA)
def test_pathways_that_do_not_differ_decide_the_same(before: Predicate, after: Predicate) -> None:
    one, other = stepping(2, when=before), stepping(2, when=after)
    if not differences(one, other):
        assert one.fingerprint == other.fingerprint
    assert bool(differences(one, other)) is bool(differences(other, one))


def test_the_order_of_declaration_is_no_difference() -> None:
    turned = attrs.evolve(WORKSHOP, transitions=WORKSHOP.transitions[::-1], tables=(FIXES, COATS))
    assert not differences(pathway(), pathway(LOST, SCRAPPED, SOLD, turned, INSPECT))


def test_pathways_with_nothing_in_common_differ_in_everything() -> None:
    found = differences(pathway(), CRLM)
    assert {change.mark for change in found.changes if change.kind is not Kind.PATHWAY} == {"added", "removed"}
    assert set(found.states) == {state.name for each in (pathway(), CRLM) for state in each.states}
    assert set(found.transitions) == {step.key for each in (pathway(), CRLM) for step in each.transitions}
    assert not found.rows  # whose tables, and their states, are told
    assert found.listing(("en",)).heading == (
        f"What differs between the first, “Things”, and the second, “{CRLM.text}”",
    )


def test_braces_in_labels_stay_what_they_are() -> None:
    found = differences(pathway(), stepping(2, text=Text("{0} }{ {x}", "{1}")))
    (change,) = found.changes
    assert [turn.text for turn in change.what] == [Text("label: fixed → {0} }{ {x}", "标签：fixed → {1}")]
    assert change.text.en == "step “fixed”: label: fixed → {0} }{ {x}"
