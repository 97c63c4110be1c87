"""Formulas of Z3 that fold: what is true or false already stays a bool of Python, and costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

Formula = Any
"""A bool, or an expression of Z3 (which comes without types) that is true or false."""


def every(parts: Iterable[Formula]) -> Formula:
    """True when all parts are."""
    kept: list[Any] = []
    for part in parts:
        if isinstance(part, bool):
            if not part:
                return False
        else:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def some(parts: Iterable[Formula]) -> Formula:
    """True when at least one part is."""
    kept: list[Any] = []
    for part in parts:
        if isinstance(part, bool):
            if part:
                return True
        else:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(make: Any, parts: Sequence[Any]) -> Any:
    """What z3.And and z3.Or return, made without asking each part whether it is a formula: they are."""
    context = z3.main_ctx()
    return z3.BoolRef(make(context.ref(), len(parts), (z3.Ast * len(parts))(*(part.ast for part in parts))), context)


def negated(part: Formula) -> Formula:
    """True when the part is not."""
    return not part if isinstance(part, bool) else z3.Not(part)


def implied(condition: Formula, consequence: Formula) -> Formula:
    """True unless the condition is and the consequence is not."""
    return some((negated(condition), consequence))


def as_z3(part: Formula) -> Any:
    """A formula for the solver."""
    return z3.BoolVal(part) if isinstance(part, bool) else part
