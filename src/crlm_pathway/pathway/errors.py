"""The ways a pathway can be wrongly defined, one class each, and what can go wrong while deciding."""

from __future__ import annotations

from ..predicates.errors import DefinitionError, PathwayError


class EmptyName(DefinitionError):
    """A state has no name, or a transition no key or no code."""


class EmptyLabel(DefinitionError):
    """A pathway, a part of it, a criterion or a parameter has no words for people in one of the languages."""


class EmptyTable(DefinitionError):
    """A decision table has no rows."""


class DuplicateState(DefinitionError):
    """Two states have the same name."""


class DuplicateKey(DefinitionError):
    """Two transitions of a pathway, or two rows of a table, have the same key."""


class DuplicateCode(DefinitionError):
    """Two transitions have the same code."""


class UnknownTarget(DefinitionError):
    """A transition leads to, the journey starts in, or a criterion asks about, a state that does not exist."""


class UnreachableState(DefinitionError):
    """No way leads from the start to a state."""


class MisplacedStep(DefinitionError):
    """A criterion that is no invariant speaks of a step."""


class NoWayOut(DefinitionError):
    """No way leads from a state to a terminal one."""


class TerminalWithTransitions(DefinitionError):
    """A terminal state has transitions."""


class ForeignFact(DefinitionError):
    """A criterion speaks of the facts of another record."""


class UnknownAskedFact(DefinitionError):
    """A state asks a fact that the record does not have."""


class UnknownTransitionTaken(DefinitionError):
    """A criterion counts a transition that does not exist."""


class ConflictingParameter(DefinitionError):
    """Two parameters share a name and differ in value."""


class ParameterOutOfDomain(DefinitionError):
    """A parameter is compared with a fact that never comes near it."""


class FractionalParameter(DefinitionError):
    """A parameter that is not whole is compared with a whole number."""


class FactUnit(DefinitionError):
    """A criterion compares two facts in different units."""


class ParameterUnit(DefinitionError):
    """A parameter is in another unit than the fact it is compared with."""


class ConflictingCriterion(DefinitionError):
    """Two different criteria have the same name."""


class UnknownParameter(DefinitionError):
    """A policy binds a parameter that the pathway does not have."""


class RunningError(PathwayError):
    """A pathway cannot answer, or a journey cannot go on."""


class UnknownState(RunningError):
    """The pathway has no state of that name."""


class WrongRecord(RunningError):
    """The record is not of the class the pathway decides on."""


class WrongHistory(RunningError):
    """What is given as the history of a journey is none."""


class WrongPathway(RunningError):
    """What is given as the pathway is none."""


class AmbiguousDecision(RunningError):
    """More than one transition, or row of a table, is enabled for a record."""


class NoDecision(RunningError):
    """Everything that matters is known and no transition, or row of a table, is enabled."""
