"""The pathway against the article, as Markdown: its elements, the claims behind them, the papers behind these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crlm_pathway import (
    CRLM,
    Advisory,
    DecisionTable,
    Option,
    Parameter,
    Predicate,
    Provenance,
    State,
    Text,
    Transition,
)
from crlm_pathway.evidence import Claim, Discrepancy, Evidence, Kind, Reference, Section, Use, elements, load, uses
from crlm_pathway.predicates.labels import figure, unit_text
from crlm_pathway.predicates.nodes import ALWAYS, And, Named, Or, children
from crlm_pathway.predicates.wording import say
from markup import both, bullets, chinese, code, heading, link, paragraphs, place, plain

# -- the pathway -----------------------------------------------------------------------------------------------------


def article_map() -> str:
    """Return every element of the pathway: what it says, where it comes from, and the claims behind it."""
    return paragraphs(_map())


def _map() -> Iterator[str]:
    evidence = load()
    for state in CRLM.states:
        if not state.terminal:
            yield from _state(state, evidence)
    yield "## Interrupts <span lang='zh-Hans'>随时可能发生</span>"
    yield "Tried before anything else in every state that is not terminal; no other is taken while one holds."
    for step in CRLM.interrupts:
        yield from _transition(step, None, evidence)
    yield "## Ends <span lang='zh-Hans'>终点</span>"
    for state in CRLM.states:
        if state.terminal:
            yield place("state", state.name)
            yield f"### {both(state.text)}"
            yield f"{code(state.name)}, reached by {_arriving(state)}."
            yield _claims(state.claims, evidence)
    yield "## Promises <span lang='zh-Hans'>不变式</span>"
    yield "What holds at every step of every journey, whatever was recorded: [proved](proofs.md), not only tested."
    for promise in CRLM.invariants:
        yield place("promise", promise.key)
        yield f"### {both(promise.text)}"
        never = promise.always is None
        yield _when(f"{code(promise.key)}: of a step, this is {'never' if never else 'always'} so", promise.when)
    yield "## Named criteria <span lang='zh-Hans'>有名称的条件</span>"
    for criterion in _named():
        yield place("criterion", criterion.name)
        yield f"### {both(criterion.text)}"
        yield _when(f"{code(criterion.name)} holds when", criterion.predicate)
    yield "## Policy parameters <span lang='zh-Hans'>策略参数</span>"
    yield "`CRLM.with_policy(name=value)` gives a pathway with another value."
    found = {use.key: use.states for use in elements(CRLM) if use.kind is Kind.PARAMETER}
    for parameter in CRLM.parameters.values():
        yield from _parameter(parameter, found[parameter.name], evidence)


def _state(state: State, evidence: Evidence) -> Iterator[str]:
    yield place("state", state.name)
    yield f"## {both(state.text)}"
    asked = ", ".join(code(fact.name if fact.owner is CRLM.record else f"lesions[].{fact.name}") for fact in state.asks)
    yield f"{code(state.name)}, entered by {_arriving(state)}. " + (
        f"It asks anew: {asked}." if asked else "It asks nothing anew."
    )
    yield _claims(state.claims, evidence)
    for step in state.transitions:
        yield from _transition(step, state, evidence)
    for table in state.tables:
        yield from _table(table, evidence)
    for advice in state.advisories:
        yield from _advisory(advice, state, evidence)


def _arriving(state: State) -> str:
    steps = [step for step in CRLM.transitions if step.to == state.name]
    ways = [link(step.code, "transition", step.code) for step in steps]
    return ", ".join(["the referral", *ways] if state.name == CRLM.start else ways)


def _transition(step: Transition, source: State | None, evidence: Evidence) -> Iterator[str]:
    target = CRLM.state(step.to).text
    stays = source is not None and source.name == step.to
    yield place("transition", step.code)
    yield f"### {step.code} {both(step.text)}"
    arrow = "stays" if stays else f"→ {link(both(target), 'state', step.to)}"
    yield _when(f"{code(step.key)} {arrow}, when", step.when)
    yield _provenance(step.provenance, step.note)
    yield _claims(step.claims, evidence)


def _table(table: DecisionTable, evidence: Evidence) -> Iterator[str]:
    yield place("table", table.name)
    yield f"### {both(table.text)}"
    over = "" if table.over is None else f", one row for each item of {code(table.over.name)}"
    yield f"Decision table {code(table.name)}: exactly one row applies{over}."
    if table.given is not ALWAYS:
        yield _when("That is promised when", table.given)
    if table.done is not None:
        yield _when("No row is consulted, and nothing more is done, when", table.done)
    for row in table.options:
        yield from _row(row, table, evidence)


def _row(row: Option, table: DecisionTable, evidence: Evidence) -> Iterator[str]:
    yield place("option", table.name, row.key)
    yield f"#### {both(row.text)}"
    named = code(row.name) if row.name == row.key else f"{code(row.name)}, by the row {code(row.key)}"
    yield _when(f"{named}, when", row.when)
    if row.review is not None:
        yield f"To be reviewed after {_amount(row.review)}."
    yield _provenance(row.provenance)
    yield _claims(row.claims, evidence)


def _advisory(advice: Advisory, state: State, evidence: Evidence) -> Iterator[str]:
    first = next(other for other in CRLM.states if advice in other.advisories)
    if first is not state:
        there = link(both(first.text), "state", first.name)
        yield f"Advisory {link(both(advice.text), 'advisory', advice.key)}, as in {there}."
        return
    yield place("advisory", advice.key)
    yield f"### To mind: {both(advice.text)}"
    when = "when" if advice.each is None else f"when of some item of {code(advice.each.name)}"
    yield _when(f"Advisory {code(advice.key)}, raised {when}", advice.when)
    yield _claims(advice.claims, evidence)


def _parameter(parameter: Parameter, states: Iterable[str], evidence: Evidence) -> Iterator[str]:
    yield place("parameter", parameter.name)
    yield f"### {code(parameter.name)}"
    yield f"**{figure(parameter.value)}** {both(unit_text(parameter.unit))}".rstrip() + f": {both(parameter.text)}"
    limits = f"{figure(parameter.at_least)} to {figure(parameter.at_most)}"
    where = ", ".join(link(both(CRLM.state(name).text), "state", name) for name in states)
    yield f"It may be {limits}, and is used in {where}."
    yield _provenance(parameter.provenance)
    yield _claims(parameter.claims, evidence)


def _amount(parameter: Parameter) -> str:
    unit = unit_text(parameter.unit).en
    return f"{link(f'{figure(parameter.value)} {unit}', 'parameter', parameter.name)}"


def _provenance(provenance: Provenance, note: Text | None = None) -> str:
    words = f"Provenance {code(provenance.value)}: {both(provenance.text)}"
    return words + (f"; {both(note)}" if note is not None and note.en else "") + "."


# -- criteria --------------------------------------------------------------------------------------------------------


def _named() -> Iterable[Named]:
    """The named criteria, each once, in the order in which the pathway first speaks of them."""
    return dict.fromkeys(part for _, part in CRLM.parts if isinstance(part, Named))


def _when(what: str, predicate: Predicate) -> str:
    """What happens under a criterion, told part by part."""
    match predicate:
        case And(operands) | Or(operands):
            lines = [line for operand in operands for line in _lines(operand)]
            return "\n".join([f"{what} {_joined(predicate)}", "", *lines])
        case _:
            return "\n".join([what, "", *_lines(predicate)])


def _lines(predicate: Predicate, depth: int = 0) -> Iterator[str]:
    """A criterion as items of a list, those it is made of below it."""
    match predicate:
        case And(operands) | Or(operands):
            yield f"{'  ' * depth}- {_joined(predicate)}"
            for operand in operands:
                yield from _lines(operand, depth + 1)
        case _:
            yield f"{'  ' * depth}- {_part(predicate)}"


def _joined(predicate: And | Or) -> str:
    return f"{both(_ALL if isinstance(predicate, And) else _ANY)}:"


_ALL = Text("all of these hold", "全部满足")
_ANY = Text("any of these holds", "满足其一")


def _part(predicate: Predicate) -> str:
    """A part of a criterion, which leads to the named criteria it is made of."""
    words = Text(say(predicate, "en", CRLM.names), say(predicate, "zh", CRLM.names))
    match list(dict.fromkeys(_outermost(predicate))):
        case []:
            return both(words)
        case [one]:
            return f"{link(plain(words.en), 'criterion', one.name)} {chinese(plain(words.zh))}"
        case several:
            links = ", ".join(link(plain(one.text.en), "criterion", one.name) for one in several)
            return f"{both(words)} ({links})"


def _outermost(predicate: Predicate) -> Iterator[Named]:
    """The named criteria in a predicate that stand in no other."""
    if isinstance(predicate, Named):
        yield predicate
    else:
        for inner in children(predicate):
            yield from _outermost(inner)


# -- claims ----------------------------------------------------------------------------------------------------------


def _claims(ids: Iterable[str], evidence: Evidence) -> str:
    """The claims behind an element, with what they say and the papers they rest on."""
    cited = bullets(_cited(evidence.claim(id_)) for id_ in ids)
    return cited and f"{both(_BEHIND)}:\n\n{cited}"


_BEHIND = Text("Claims behind it", "依据")


def _cited(claim: Claim) -> str:
    said = f"{link(claim.id, 'claim', claim.id)}: {both(claim.statement, '<br>')}"
    return f"{said} {_numbers(claim)}".rstrip()


def _numbers(claim: Claim) -> str:
    return " ".join(link(rf"\[{number}\]", "reference", str(number)) for number in claim.references)


def claims() -> str:
    """Return every claim of the article, with where the pathway uses it or why it does not."""
    return paragraphs(_all_claims())


def _all_claims() -> Iterator[str]:
    evidence = load()
    used = uses(CRLM)
    for section in Section:
        yield f"## {heading(section.text)}"
        for claim in evidence.claims.values():
            if claim.section is section:
                yield from _claim(claim, used.get(claim.id, ()), evidence)


def _claim(claim: Claim, used: Iterable[Use], evidence: Evidence) -> Iterator[str]:
    yield place("claim", claim.id)
    yield f"### {code(claim.id)}"
    yield both(claim.statement, "<br>")
    yield bullets(_details(claim, list(used), evidence))


def _details(claim: Claim, used: list[Use], evidence: Evidence) -> Iterator[str]:
    yield f"{both(claim.role.text)}; paragraph {claim.paragraph}"
    if claim.study is not None:
        patients = f"n = {claim.n}" if claim.n else ""
        yield f"{both(_STUDY)}: " + ", ".join(map(plain, filter(None, (claim.study, claim.design, patients))))
    if claim.values:
        yield f"{both(_PRINTED)}: {plain(claim.figures)}"
    if claim.references:
        yield f"{both(_REFERENCES)}: {_numbers(claim)}"
    if used:
        yield f"{both(_USED)}: {'; '.join(map(_use, used))}"
    elif claim.id in evidence.not_used:
        yield f"{both(_NOT_USED)}: {both(evidence.not_used[claim.id], '<br>')}"
    else:
        yield both(_INFORMS, "<br>")
    for id_ in claim.discrepancies:
        yield f"{both(_DOUBTFUL)}: {link(id_, 'discrepancy', id_)}"


_REFERENCES = Text("References", "文献")
_STUDY = Text("Study", "研究")
_PRINTED = Text("As printed", "原文数据")
_USED = Text("Used by", "用于")
_NOT_USED = Text("Not used", "未采用")
_INFORMS = Text("Informs only: outcomes and prognosis never decide the way", "仅供参考：结局与预后不决定路径走向")
_DOUBTFUL = Text("Doubtful", "存疑")


def _use(use: Use) -> str:
    label = f"{plain(use.code)} {both(use.label)}" if use.code else both(use.label)
    match use.kind:
        case Kind.TRANSITION:
            return link(label, "transition", use.code)
        case Kind.OPTION:
            return link(label, "option", use.table, use.key)
        case kind:
            return f"{kind.text.en} {link(label, _PLACES[kind], use.key)}"


_PLACES = {Kind.STATE: "state", Kind.ADVISORY: "advisory", Kind.PARAMETER: "parameter"}

# -- references and discrepancies ------------------------------------------------------------------------------------


def references() -> str:
    """Return the papers, with links, and the claims that rest on each."""
    evidence = load()
    return paragraphs(part for paper in evidence.papers for part in _paper(paper, evidence))


def _paper(paper: Reference, evidence: Evidence) -> Iterator[str]:
    yield "\n".join(place("reference", str(number)) for number in paper.numbers)
    numbers = "".join(rf"\[{number}\]" for number in paper.numbers)
    links = [f"[PubMed {paper.pmid}](https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/)"]
    if paper.doi is not None:
        links.insert(0, f"[doi:{plain(paper.doi)}](<https://doi.org/{paper.doi}>)")
    if paper.pmcid is not None:
        links.append(f"[{paper.pmcid}](https://pmc.ncbi.nlm.nih.gov/articles/{paper.pmcid}/)")
    cited = str(paper).removesuffix(f" PMID: {paper.pmid}")
    yield f"**{numbers}** {plain(cited)} {', '.join(links)}"
    resting = evidence.claims_of_reference(paper.numbers[0])
    if resting:
        yield f"Behind {', '.join(link(claim.id, 'claim', claim.id) for claim in resting)}."


def discrepancies() -> str:
    """Return what the article says that does not fit, with the figures as printed and as computed."""
    evidence = load()
    return paragraphs(part for found in evidence.discrepancies.values() for part in _discrepancy(found, evidence))


def _discrepancy(found: Discrepancy, evidence: Evidence) -> Iterator[str]:
    yield place("discrepancy", found.id)
    yield f"## {found.id}: {both(found.kind.text)}"
    yield both(found.note, "<br>")
    yield bullets(
        f"{link(each.claim, 'claim', each.claim)}: printed {plain(each.printed)}"
        + (f", computed {plain(each.computed)}" if each.computed is not None else "")
        for each in found.figures
    )
    shown = {each.claim for each in found.figures}
    others = [claim.id for claim in evidence.claims_of_discrepancy(found.id) if claim.id not in shown]
    if others:
        yield f"It concerns {', '.join(link(id_, 'claim', id_) for id_ in others)}."
