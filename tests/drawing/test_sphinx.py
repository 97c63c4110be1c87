"""A directive in a page of Sphinx becomes a picture in it, in every format that Sphinx builds."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from crlm_pathway import CRLM
from crlm_pathway.drawing import DrawingError, embedding
from page_samples import PAGE, samples

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CONF = 'extensions = ["myst_parser", "crlm_pathway.drawing.sphinx"]\nnumfig = True\n'
ROUND = "```{care-pathway} crlm_pathway:CRLM\n:state: initial_assessment\n```\n"


class Site:
    """A project of Sphinx's in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("conf.py", CONF)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, builder: str = "html", **settings: Any) -> str:
        """Build it, and return what was warned of."""
        warned = StringIO()
        out = self.folder / "out" / builder
        with docutils_namespace(), patch_docutils(self.folder):
            app = Sphinx(
                self.folder,
                self.folder,
                out,
                self.folder / "out" / "doctrees",
                builder,
                confoverrides=settings,
                status=None,
                warning=warned,
            )
            app.build()
        return re.sub(r"\x1b\[[\d;]*m", "", warned.getvalue())

    def read(self, name: str) -> str:
        return (self.folder / "out" / name).read_text(encoding="utf-8")

    def pictures(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / "out" / folder).glob("care-pathway-*"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Nothing is laid out from here on; what was asked for."""
    asked: list[dict[str, Any]] = []

    def draw(what: Any, **options: Any) -> bytes:
        asked.append({"what": what, **options})
        return f"<svg xmlns='http://www.w3.org/2000/svg'>{options}</svg>".encode()

    monkeypatch.setattr(embedding, "draw", draw)
    return asked


# -- what is built ----------------------------------------------------------------------------------------------------


def test_a_page_has_the_picture_in_words_too_and_leads_to_its_full_size(site: Site) -> None:
    site.write("index.md", f"# A\n\n{ROUND}\n```{{toctree}}\nsub/two\n```\n")
    site.write(
        "sub/two.rst",
        "Two\n===\n\n.. care-pathway::\n   :state: initial_assessment\n   :name: it\n   :align: center\n"
        "   :class: wide\n"
        "   :caption: What *leads* where\n   :alt: A <picture>\n\nSee :numref:`it`.\n",
    )
    assert site.build() == ""
    (name,) = site.pictures("html/_images")  # the same picture is one file
    assert "<svg" in site.read(f"html/_images/{name}")
    page = site.read("html/index.html")
    assert f'href="_images/{name}"><img alt="Initial assessment. ' in page
    page = site.read("html/sub/two.html")
    assert f'href="../_images/{name}"><img alt="A &lt;picture&gt;" src="../_images/{name}"' in page
    assert 'class="care-pathway wide align-center" id="it"' in page
    assert "What <em>leads</em> where" in page
    assert 'See <a class="reference internal" href="#it"><span class="std std-numref">Fig. 1' in page


@pytest.mark.parametrize(
    ("builder", "said", "form"),
    [
        ("latex", "latex/projectnamenotset.tex", "pdf"),
        ("singlehtml", "singlehtml/index.html", "svg"),
        ("texinfo", "texinfo/projectnamenotset.texi", "png"),
        ("text", "text/index.txt", None),
    ],
)
def test_every_builder_gets_what_it_takes(
    builder: str, said: str, form: str | None, site: Site, drawn: list[dict[str, Any]]
) -> None:
    site.write("index.md", f"# A\n\n{ROUND}")
    assert site.build(builder) == ""
    assert [asked["format"] for asked in drawn] == ([] if form is None else [form])
    (picture,) = [path.stem for path in (site.folder / "out" / "doctrees" / "images").glob("*")] or ["[image: Initial"]
    assert picture in site.read(said)


@pytest.mark.parametrize(("language", "expected"), [("en", "en"), ("zh_CN", "zh"), ("de", "en")])
def test_pictures_are_in_the_language_of_the_site_unless_said_otherwise(
    language: str, expected: str, site: Site, drawn: list[dict[str, Any]]
) -> None:
    site.write("index.md", f"# A\n\n{ROUND}\n```{{care-pathway}}\n:lang: both\n```\n")
    assert site.build(language=language) == ""
    assert [asked["language"] for asked in drawn] == [expected, "both"]


def test_every_key_reaches_what_draws(site: Site, drawn: list[dict[str, Any]]) -> None:
    course = (EXAMPLES / "courses" / "regional_rescue.json").read_text(encoding="utf-8")
    site.write("sub/course.json", course)
    site.write("sub/throat.py", (EXAMPLES / "sore_throat.py").read_text(encoding="utf-8"))
    site.write("index.md", "# A\n\n```{toctree}\nsub/two\n```\n")
    site.write(
        "sub/two.md",
        "# B\n\n```{care-pathway} crlm_pathway:CRLM\n:level: evidence\n:direction: LR\n:width: 85\n"
        ":set: max_regional_rounds=1\n```\n```{care-pathway}\n:compare: crlm_pathway:CRLM\n```\n"
        "```{care-pathway}\n:course: course.json\n```\n```{care-pathway} throat.py\n:table: antibiotic\n```\n",
    )
    assert site.build() == ""
    first, compared, second, third = drawn
    assert first["what"].parameters["max_regional_rounds"].value == 1
    assert compared["compare"] is CRLM
    assert (first["level"], first["direction"], first["width"]) == ("evidence", "LR", 85.0)
    assert second["what"].steps
    assert (third["what"].name, third["table"]) == ("sore_throat", "antibiotic")


def test_a_page_is_built_anew_when_what_its_picture_is_made_from_has_changed(
    site: Site, drawn: list[dict[str, Any]]
) -> None:
    site.write("throat.py", (EXAMPLES / "sore_throat.py").read_text(encoding="utf-8"))
    site.write("course.json", '{"patient": {}}')
    site.write("index.md", "# A\n\n```{care-pathway} throat.py\n```\n")
    site.write("two.md", "---\norphan: true\n---\n# B\n\n```{care-pathway} throat.py\n:course: course.json\n```\n")
    assert site.build() == ""
    assert len(drawn) == 2
    assert site.build() == ""
    assert len(drawn) == 2
    for changed, redrawn in (("throat.py", ["Pathway", "Journey"]), ("course.json", ["Journey"])):
        (site.folder / changed).touch()
        drawn.clear()
        assert site.build() == ""
        assert [type(asked["what"]).__name__ for asked in drawn] == redrawn


def test_pages_may_be_read_in_parallel(site: Site) -> None:
    names = [f"page{number}" for number in range(6)]
    site.write("index.md", "# A\n\n```{toctree}\n" + "\n".join(names) + "\n```\n")
    for name in names:
        site.write(f"{name}.md", f"# {name}\n\n{ROUND}")
    command = [sys.executable, "-m", "sphinx", "-qW", "-j2", str(site.folder), str(site.folder / "out" / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(site.pictures("html/_images")) == 1
    assert all("care-pathway-" in site.read(f"html/{name}.html") for name in names)


# -- what is wrong ----------------------------------------------------------------------------------------------------

MYST = [
    ("```{care-pathway}\n:levle: criteria\n```", "a picture has no `levle` (did you mean `level`?)"),
    ("```{care-pathway}\n:level: criterai\n```", "not 'criterai' (did you mean `criteria`?)"),
    ("```{care-pathway} crlm_pathway:CRML\n```", "no pathway 'CRML' (did you mean `CRLM`?)"),
    ("```{care-pathway}\n:state: inital_assessment\n```", "(did you mean `initial_assessment`?)"),
    ("```{care-pathway}\n:lang:\n```", "lang: nothing is said"),
    ("```{care-pathway}\n:course: none.json\n```", "course: none.json cannot be read: No such file"),
    ("```{care-pathway}\n:compare: max_salvages\n```", "compare: say with which number, as in max_salvages=2"),
    ("```{care-pathway} none.py\n```", "none.py: no such file"),
    ("```{care-pathway} crlm_pathway\n:pathway: crlm_pathway\n```", "the pathway is named twice"),
]
RST = [
    (".. care-pathway::\n   :levle: criteria", "a picture has no `levle` (did you mean `level`?)"),
    (".. care-pathway::\n   :captoin: x", "a picture has no `captoin` (did you mean `caption`?)"),
    (".. care-pathway::\n   :lang:", "lang: nothing is said"),
    (".. care-pathway::\n   :align: middle", '"middle" unknown'),
]


@pytest.mark.parametrize(
    ("suffix", "said", "wrong"), [("md", *case) for case in MYST] + [("rst", *case) for case in RST]
)
def test_what_is_wrong_is_said_of_its_line(suffix: str, said: str, wrong: str, site: Site) -> None:
    site.write(f"index.{suffix}", f"{'# A' if suffix == 'md' else 'A' + chr(10) + '='}\n\nwords\n\n{said}\n")
    line = 5 if suffix == "md" else 6
    warned = site.build()
    assert f"index.{suffix}:{line}: ERROR: " in warned
    assert wrong in warned
    assert "Traceback" not in warned


def test_a_picture_that_cannot_be_laid_out_is_warned_of_and_said_in_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_what: object, **_options: object) -> bytes:
        raise DrawingError("not laid out within 60 seconds")

    monkeypatch.setattr(embedding, "draw", failing)
    site.write("index.md", f"# A\n\nwords\n\n{ROUND}")
    assert re.search(r"index\.md:5: WARNING: care-pathway: not laid out within 60 seconds", site.build())
    assert 'alt="Initial assessment. ' in site.read("html/index.html")


def test_without_sphinx_it_is_said_what_to_install() -> None:
    script = """
import sys
sys.modules["docutils"] = None
from crlm_pathway import PathwayError
try:
    import crlm_pathway.drawing.sphinx
except PathwayError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "pictures in pages of Sphinx need the package docutils: pip install sphinx\n"


# -- what the page about it says --------------------------------------------------------------------------------------


def test_what_the_page_about_pictures_shows_of_sphinx_is_built(site: Site) -> None:
    conf, myst, rst, *_ = (sample for sample in samples() if "care-pathway" in sample or "extensions =" in sample)
    site.write("conf.py", conf)
    site.write("index.md", f"# A\n\n{myst}\n```{{toctree}}\ntwo\n```\n")
    site.write("two.rst", f"Two\n===\n\n{rst}")
    assert site.build() == ""
    assert len(site.pictures("html/_images")) == 2


def test_the_page_about_pictures_lists_every_key() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(embedding.KEYS)
    assert f"else {embedding.SCREEN_MM:g}, and {embedding.PAPER_MM:g} for a PDF" in PAGE.read_text(encoding="utf-8")
