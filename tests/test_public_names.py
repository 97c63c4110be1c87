"""The public names of the package."""

from __future__ import annotations

import pkgutil

import crlm_pathway


def test_no_module_takes_the_place_of_a_public_name() -> None:
    """Importing `crlm_pathway.x` would put the module where `from crlm_pathway import x` looks."""
    modules = {module.name for module in pkgutil.iter_modules(crlm_pathway.__path__)}
    assert modules.isdisjoint(crlm_pathway.__all__)


def test_every_public_name_is_there_and_said_what_it_is_for() -> None:
    undocumented = [name for name in crlm_pathway.__all__ if not getattr(crlm_pathway, name).__doc__]
    assert undocumented == []
