"""Pathways and policies by the words for them: a module and its attribute there, parameters and their numbers."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType

from .pathway.pathway import Pathway
from .predicates.errors import PathwayError, did_you_mean


class UnknownPathway(PathwayError):
    """No pathway goes by the name that was given."""


def pathway_named(name: str) -> Pathway:
    """Return the pathway named `module:attribute`, or `file.py:attribute`.

    The attribute may be left out when the module has one pathway. Modules are looked for in the working directory
    too. Raises UnknownPathway; what the module itself raises is told with its place.
    """
    where, _, attribute = name.rpartition(":") if ":" in name else (name, "", "")
    module = _module(where)
    pathways = {key: value for key, value in vars(module).items() if isinstance(value, Pathway)}
    if attribute in pathways:
        return pathways[attribute]
    found = ", ".join(pathways) or "none"
    if attribute:
        raise UnknownPathway(
            f"{where} has no pathway {attribute!r}{did_you_mean(attribute, pathways)}; its pathways: {found}"
        )
    if len(pathways) != 1:
        raise UnknownPathway(f"say which pathway of {where} is meant, as {where}:NAME; its pathways: {found}")
    return next(iter(pathways.values()))


def policy_of(words: Iterable[str]) -> dict[str, float]:
    """Return the numbers for policy parameters that are written NAME=NUMBER, with spaces between them.

    Raises PathwayError, which does not say where they are written.
    """
    policy: dict[str, float] = {}
    for written in (one for word in words for one in re.sub(r"\s*=\s*", "=", word).split() or [word]):
        name, _, number = written.partition("=")
        try:
            value = float(number) if set(number) & set(".eE") else int(number)
        except ValueError:
            value = None
        if value is None or not name:
            raise PathwayError(
                f"expected NAME=NUMBER, as in max_regional_rounds=2, with a space between two, not {written!r}"
            )
        if name in policy:
            raise PathwayError(f"{name} is given two numbers")
        policy[name] = value
    return policy


def other_pathway(pathway: Pathway, words: Sequence[str], named: Callable[[str], Pathway] = pathway_named) -> Pathway:
    """Return what a pathway is compared with: itself under other numbers, or another, which `named` finds.

    Raises PathwayError, which does not say where the words are written.
    """
    if all("=" in word for word in words):
        return pathway.with_policy(**policy_of(words))
    if len(words) > 1:
        raise PathwayError("expected numbers of policy (NAME=NUMBER), or one pathway (MODULE:NAME)")
    if words[0] in pathway.parameters:
        raise PathwayError(f"say with which number, as in {words[0]}=2")
    return named(words[0])


def _module(where: str) -> ModuleType:
    from_file = where.endswith(".py")
    if not where or (where.startswith(".") and not from_file):
        raise _no_module(where)
    try:
        if from_file:
            return _from_file(Path(where))
        if "" not in sys.path:
            sys.path.insert(0, "")  # as `python -m` does
        return importlib.import_module(where)
    except UnknownPathway:
        raise
    except PathwayError as error:
        lines = "\n".join((str(error), *getattr(error, "__notes__", ())))
        raise UnknownPathway("\n".join(f"{where}: {line}{_place(error)}" for line in lines.splitlines())) from error
    except ModuleNotFoundError as error:
        if error.name is not None and (where == error.name or where.startswith(f"{error.name}.")):
            raise _no_module(where) from None
        raise UnknownPathway(f"{where} needs the module {error.name!r}, which is not installed") from None
    except (Exception, SystemExit) as error:
        raise UnknownPathway(f"{where} cannot be imported: {_told(error)}") from error


def _no_module(where: str) -> UnknownPathway:
    return UnknownPathway(f"there is no module {where!r} here: write module:attribute, or path/to/file.py:attribute")


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise UnknownPathway(f"{path}: no such file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # so that what is defined there can be pickled, and its annotations read
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _told(error: BaseException) -> str:
    """An exception in a line, with the place in the user's own code."""
    return f"{type(error).__name__}: {error}" + ("" if isinstance(error, SyntaxError) else _place(error))


def _place(error: BaseException) -> str:
    """The last line of the user's own code that led to an exception."""
    ours = Path(__file__).parent
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        file = Path(frame.filename)
        if "importlib" not in frame.filename and file.is_file() and ours not in file.parents:
            place = f" ({frame.filename}, line {frame.lineno})"
    return place
