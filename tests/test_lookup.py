"""Pathways of one's own, found by the name of their module: what is found, and what is said when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from crlm_pathway import CRLM, PathwayError
from crlm_pathway.lookup import UnknownPathway, other_pathway, pathway_named, policy_of
from test_cli import command

SORE_THROAT = Path(__file__).parents[1] / "examples" / "sore_throat.py"
BROKEN = {
    "needs.py": ("import nowhere_at_all", r"needs\.py needs the module 'nowhere_at_all', which is not installed"),
    "divides.py": (
        "\n1 / 0",
        r"divides\.py cannot be imported: ZeroDivisionError: division by zero \(.*divides\.py, line 2\)",
    ),
    "open.py": ("x = (", r"open\.py cannot be imported: SyntaxError: '\(' was never closed \(open\.py, line 1\)"),
    "leaves.py": (
        "import sys\nsys.exit('no database')",
        r"leaves\.py cannot be imported: SystemExit: no database \(.*leaves\.py, line 2\)",
    ),
    "none.py": ("", r"say which pathway of .*none\.py is meant, as .*none\.py:NAME; its pathways: none"),
}


def test_a_pathway_is_found_by_module_and_name() -> None:
    assert pathway_named("crlm_pathway.crlm:CRLM") is CRLM
    assert pathway_named("crlm_pathway.crlm") is CRLM
    assert pathway_named(f"{SORE_THROAT}:SORE_THROAT").name == "sore_throat"


@pytest.mark.parametrize("name", BROKEN)
def test_a_module_that_cannot_be_imported_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    content, message = BROKEN[name]
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(UnknownPathway, match=message):
        pathway_named(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere_at_all:X", r"there is no module 'nowhere_at_all' here: write module:attribute, or path/to/file\.py"),
        ("crlm_pathway.nowhere:X", r"there is no module 'crlm_pathway\.nowhere' here"),
        ("nowhere.py", r"nowhere\.py: no such file"),
        ("", r"write module:attribute"),
        ("crlm_pathway.crlm:CLRM", r"has no pathway 'CLRM' \(did you mean `CRLM`\?\); its pathways: CRLM"),
        ("json:loads", r"json has no pathway 'loads'; its pathways: none"),
    ],
)
def test_a_name_of_no_pathway_is_told(name: str, message: str) -> None:
    with pytest.raises(UnknownPathway, match=message):
        pathway_named(name)


# -- policies, and another pathway -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["a=1", "b=2.5", "c=1e3"], ["a=1 b=2.5\tc=1e3"], [" a = 1", "b =2.5 c= 1e3"]])
def test_the_numbers_of_a_policy_are_read(words: list[str]) -> None:
    found = policy_of(words)
    assert found == {"a": 1, "b": 2.5, "c": 1000}
    assert isinstance(found["a"], int)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("rounds", r"expected NAME=NUMBER, as in max_regional_rounds=2, .* not 'rounds'"),
        ("a=two", "not 'a=two'"),
        ("a=nan", "not 'a=nan'"),
        ("=2", "not '=2'"),
        ("a=", "not 'a='"),
        ("a=1, b=2", "with a space between two, not 'a=1,'"),
        ("a=1 b=2 a=1", "a is given two numbers"),
        ("", "not ''"),
    ],
)
def test_what_is_no_policy_is_told(word: str, message: str) -> None:
    with pytest.raises(PathwayError, match=message):
        policy_of(["first=1", word])


def test_another_pathway_is_the_same_under_other_numbers_or_one_that_is_named() -> None:
    stricter = other_pathway(CRLM, ["max_salvages=0", "max_evaluations=2"])
    assert stricter.fingerprint == CRLM.with_policy(max_salvages=0, max_evaluations=2).fingerprint
    assert other_pathway(CRLM, ["crlm_pathway.crlm"]) is CRLM
    assert other_pathway(CRLM, ["beside"], named={"beside": CRLM}.__getitem__) is CRLM


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["max_salvages"], "say with which number, as in max_salvages=2"),
        (["max_salvage=2"], r"crlm has no policy `max_salvage` \(did you mean `max_salvages`\?\)"),
        (["max_salvages=1", "a:B"], r"expected numbers of policy \(NAME=NUMBER\), or one pathway \(MODULE:NAME\)"),
        (["nowhere_at_all:X"], "there is no module 'nowhere_at_all' here"),
    ],
)
def test_what_is_no_other_pathway_is_told(words: list[str], message: str) -> None:
    with pytest.raises(PathwayError, match=message):
        other_pathway(CRLM, words)


def test_the_command_takes_any_pathway() -> None:
    course = '{"patient": {"score": 1, "days_ill": 1}, "visits": [{}]}'
    mine = ("--pathway", f"{SORE_THROAT}:SORE_THROAT")
    for arguments, words in {
        ("run", "-"): "Now in the state",
        ("explain", "-"): "In the state",
        ("draw", "-"): "digraph",
        ("schema",): '"danger_sign"',
        ("facts", "score"): "McIsaac score",
    }.items():
        done = command(*arguments, *mine, given=course)
        assert (done.returncode, done.stderr) == (0, "")
        assert words.casefold() in done.stdout.casefold()
    done = command("run", "-", "--pathway", "sore_throat:NOTHING", given=course)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no module 'sore_throat' here")
