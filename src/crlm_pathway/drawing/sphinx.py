"""Pictures in pages that Sphinx builds: `extensions = ["crlm_pathway.drawing.sphinx"]` gives `care-pathway`.

.. care-pathway:: module:NAME
   :level: criteria
   :caption: What leads where.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from hashlib import sha256
from logging import NOTSET, WARNING, getLogger
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, ClassVar

from ..about import VERSION
from ..predicates.errors import PathwayError
from . import DrawingError, Format
from .embedding import KEYS, embedded

try:
    from docutils import nodes
    from docutils.parsers.rst import directives
    from sphinx.util import logging
    from sphinx.util.docutils import SphinxDirective
    from sphinx.util.osutil import relative_uri
except ModuleNotFoundError as error:
    raise DrawingError(f"pictures in pages of Sphinx need the package {error.name}: pip install sphinx") from None

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_log = logging.getLogger(__name__)

_FORMATS: dict[str, Format] = {"image/svg+xml": "svg", "application/pdf": "pdf", "image/png": "png"}
"""The formats that pages are given, by media type, the best first."""


class picture(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801 - nodes are named as in a document
    """A picture to be drawn when it is known for which kind of page; none is left when a page is written."""


def _written(argument: str | None) -> str:
    """What is written behind a key; nothing, if nothing is."""
    return "" if argument is None else argument


def _align(argument: str) -> str:
    return directives.choice(argument, ("left", "center", "right"))


_AROUND = {
    "alt": directives.unchanged,
    "caption": directives.unchanged_required,
    "align": _align,
    "class": directives.class_option,
    "name": directives.unchanged_required,
}
"""What can be said of the place of a picture in the page, as of any other figure."""


class CarePathway(SphinxDirective):
    """Show a picture of a pathway: `care-pathway`, with the pathway's `module:NAME` behind it."""

    optional_arguments = 1
    final_argument_whitespace = True
    # Other keys are taken as well: what is wrong with them is said below, with the nearest that is right.
    option_spec: ClassVar[Any] = defaultdict(
        lambda: _written,
        {**dict.fromkeys(KEYS, _written), **_AROUND},
    )

    def run(self) -> list[nodes.Node]:
        """Return the picture, in a figure if it has a caption."""
        around = {key: self.options.pop(key) for key in _AROUND if key in self.options}
        drawn = self._picture(around.get("alt"))
        whole: nodes.Element = drawn
        if "caption" in around:
            inlines, messages = self.parse_inline(around["caption"], lineno=self.lineno)
            whole = nodes.figure("", drawn, nodes.caption(around["caption"], "", *inlines, *messages))
            self.set_source_info(whole[1])
        if "align" in around:
            whole["align"] = around["align"]
        whole["classes"] += ["care-pathway", *around.get("class", ())]
        if "name" in around:
            self.options["name"] = around["name"]
            self.add_name(whole)
        self.set_source_info(whole)
        return [whole]

    def _picture(self, alt: str | None) -> picture:
        said = dict(self.options)
        if self.arguments:
            if "pathway" in said:
                raise self.error(f'Error in "{self.name}" directive:\nthe pathway is named twice')
            said["pathway"] = self.arguments[0]
        page = Path(self.env.doc2path(self.env.docname))
        language = "zh" if (self.config.language or "").startswith("zh") else "en"
        asked: dict[str, Any] = {"said": said, "folder": page.parent, "language": language, "beside": tuple(_AROUND)}
        try:
            found = embedded(**asked)
            described = " ".join(found.figure.described)
        except PathwayError as error:
            raise self.error(f'Error in "{self.name}" directive:\n{error}') from None
        for file in found.files:
            self.env.note_dependency(str(file))
        drawn = picture("", asked=asked, alt=alt or described)
        self.set_source_info(drawn)
        return drawn


def draw_pictures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the pictures of a page in the best format that the builder takes."""
    for node in tuple(doctree.findall(picture)):
        said = {name: value for name, value in node.attributes.items() if name != "asked"}
        image = nodes.image("", uri="", candidates={"?": ""}, **said)
        image.source, image.line = node.source, node.line
        node.replace_self(image)
        form = next((form for form in _FORMATS if form in app.builder.supported_image_types), None)
        if form is None:  # what is read aloud stands for the picture
            continue
        try:
            path = str(_drawn(app, node, form))
        except PathwayError as error:
            _warn(node, str(error))
            continue
        image["uri"], image["candidates"] = path, {form: path}
        _link(app, docname, image, app.env.images.add_file(docname, path))


def _drawn(app: Sphinx, node: picture, form: str) -> Path:
    """Draw a picture into a file that is named for its content."""
    content = embedded(**node["asked"]).drawn(_FORMATS[form], warn=partial(_warn, node))
    folder = Path(app.doctreedir) / "images"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"care-pathway-{sha256(content).hexdigest()[:16]}.{_FORMATS[form]}"
    if not path.exists():
        with NamedTemporaryFile(dir=folder, delete=False) as file:  # a build that is killed leaves no half a picture
            file.write(content)
        Path(file.name).replace(path)
    return path


def _warn(node: picture, said: str) -> None:
    _log.warning("care-pathway: %s", said, location=node)


def _link(app: Sphinx, docname: str, image: nodes.image, name: str) -> None:
    """Have an image lead to its full size, where a page can be clicked, unless the project wants no such links."""
    if getattr(app.builder, "html_scaled_image_link", False) and app.config.html_scaled_image_link:
        folder = relative_uri(app.builder.get_target_uri(docname), app.builder.imagedir)
        reference = nodes.reference("", "", internal=True, refuri=f"{folder}/{name}")
        image.replace_self(reference)
        reference.append(image)


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directive."""
    engine = getLogger("transitions")
    if engine.level == NOTSET:  # a theme may turn on the log of every library, and this one tells of each state
        engine.setLevel(WARNING)
    app.add_directive("care-pathway", CarePathway)
    app.connect("doctree-resolved", draw_pictures)
    return {"version": VERSION, "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
