"""A notebook shows a pathway, and what belongs to one, as it is drawn; everything else about them stays as it was."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from crlm_pathway import CRLM, Journey, Patient
from crlm_pathway.drawing import DrawingError, notebook
from crlm_pathway.pathway.showing import SVG, Shown

TREATED = CRLM.decide("initial_assessment", Patient(liver_metastases_confirmed=False))
SHOWN: tuple[Shown, ...] = (
    CRLM,
    CRLM.state("first_line_conversion"),
    CRLM.state("first_line_conversion").tables[0],
    TREATED,
    CRLM.decide("initial_assessment", Patient()),
    CRLM.decide("out_of_scope", Patient()),
    Journey.begin(CRLM, Patient()),
)


@pytest.fixture(autouse=True)
def _as_at_first() -> Iterator[None]:
    yield
    notebook.show_in("en")


def displayed(what: object, formatter: Any = None) -> dict[str, str]:
    """What IPython makes of something that a cell ends with."""
    formatter = formatter or DisplayFormatter()
    bundle: dict[str, str]
    bundle, _ = formatter.format(what)
    return bundle


def drawn_as(what: object, **options: Any) -> bytes:
    return f"<svg>{type(what).__name__} {options['language']} {options['format']}</svg>".encode()


def failing(*_what: object, **_options: object) -> bytes:
    raise DrawingError("the picture was not laid out")


@pytest.mark.parametrize("what", SHOWN, ids=lambda what: type(what).__name__)
def test_ipython_shows_everything_of_a_pathway_as_it_is_drawn(what: Shown) -> None:
    bundle = displayed(what)
    assert bundle["text/plain"] == repr(what)
    assert bundle[SVG].rstrip().endswith("</svg>")


def test_a_form_that_is_not_asked_for_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "draw", drawn_as)
    shown = CRLM._repr_mimebundle_
    assert list(shown(include={SVG})) == [SVG]
    assert list(shown(include=set(), exclude=["text/plain"])) == [SVG]
    monkeypatch.setattr(notebook, "draw", failing)
    assert shown(exclude={SVG}) == shown(include={"text/plain"}) == {"text/plain": repr(CRLM)}
    assert shown(include={SVG}, exclude={SVG}) == {}


def test_it_is_shown_in_the_language_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "draw", drawn_as)
    assert ">Pathway en svg</svg>" in CRLM._repr_mimebundle_()[SVG]
    notebook.show_in("both")
    assert ">Pathway both svg</svg>" in CRLM._repr_mimebundle_()[SVG]
    chosen: Any = "ZH"
    with pytest.raises(DrawingError, match=r"en, zh, both, not 'ZH' \(did you mean `zh`\?\)"):
        notebook.show_in(chosen)


def test_pictures_in_a_notebook_share_no_id_and_are_the_same_each_time() -> None:
    shown = [displayed(what)[SVG] for what in SHOWN[:3]]
    assert shown == [displayed(what)[SVG] for what in SHOWN[:3]]
    ids = [found for picture in shown for found in re.findall(r'\bid="([^"]*)"', picture)]
    assert len(ids) == len(set(ids))
    for picture in shown:
        assert picture.startswith("<svg ")
        (labelled,) = re.findall(r'aria-labelledby="([^"]*)"', picture)
        assert set(labelled.split()) <= set(ids)


def test_what_cannot_be_drawn_is_shown_as_text_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(notebook, "draw", failing)
    bundle = displayed(CRLM)
    assert SVG not in bundle
    assert bundle["text/plain"] == repr(CRLM)
    assert capsys.readouterr().err == "no picture: the picture was not laid out\n"


def test_nothing_is_drawn_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = DisplayFormatter()
    terminal.active_types = ["text/plain"]
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(display_formatter=terminal))
    monkeypatch.setattr(notebook, "draw", failing)
    assert displayed(CRLM, terminal) == {"text/plain": repr(CRLM)}


def test_importing_the_library_imports_no_drawing() -> None:
    script = (
        "import sys, crlm_pathway; print([name for name in sys.modules if name.startswith('crlm_pathway.drawing')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_decision_knows_its_pathway_without_carrying_it_along() -> None:
    waiting = CRLM.decide("initial_assessment", Patient())
    assert TREATED.pathway is waiting.pathway is CRLM.decide("out_of_scope", Patient()).pathway is CRLM
    assert "pathway" not in repr(TREATED)
    stricter = CRLM.with_policy(max_regional_rounds=1).decide("initial_assessment", Patient(willing=False))
    assert stricter == CRLM.decide("initial_assessment", Patient(willing=False))
    assert copy.copy(TREATED) is copy.deepcopy(TREATED) is TREATED
    again = pickle.loads(pickle.dumps(TREATED))  # noqa: S301 - our own
    assert again == TREATED
    assert hash(again) == hash(TREATED)
    assert again.pathway is None
    sent = pickle.loads(pickle.dumps(waiting))  # noqa: S301 - our own
    assert sent == waiting
    assert sent.waiting_for == waiting.waiting_for
    assert len(pickle.dumps(TREATED)) < 2000
