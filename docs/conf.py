"""How Sphinx builds the site: strictly, without the network."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "src")]

from crlm_pathway.about import VERSION  # noqa: E402 - found once the path is set

project = "crlm_pathway"
author = "The crlm_pathway authors"
copyright = "The crlm_pathway authors, Apache-2.0"  # noqa: A001 - Sphinx calls it so
version = release = VERSION
html_title = f"crlm_pathway {VERSION}"

extensions = ["myst_parser", "sphinx.ext.autodoc", "crlm_pathway.drawing.sphinx", "generated", "signatures"]
exclude_patterns = ["_ext"]
autodoc_mock_imports = ["z3"]  # the reference speaks of proofs without a solver
nitpicky = True
nitpick_ignore_regex = [
    ("py:class", r"(collections|datetime|hypothesis|importlib|rich)\..*"),  # their pages are on the network
    ("py:class", r"Truth|Declaration|Direction|Drawable|Format|Languages|Level|Question"),  # aliases of types
    ("py:class", r"crlm_pathway\..*\.[A-Z]"),  # ... and variables of them
    ("py:class", r"crlm_pathway\.predicates\.(declarations|domains|nodes)\..*"),  # what criteria are made of
    ("py:class", r"crlm_pathway\.(drawing\.figure\.Figure|evidence\.model\.Evidence|pathway\.deciding\.Question)"),
    ("py:class", r"crlm_pathway\.testing\.machine\.PathwayMachine"),
]

myst_enable_extensions = ["colon_fence", "attrs_inline", "attrs_block", "deflist"]
myst_heading_anchors = 3

default_role = "code"  # what docstrings put in single backquotes is code
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

html_theme = "furo"
fonts = "../src/crlm_pathway/drawing/fonts"
html_static_path = ["_static", f"{fonts}/NotoSansSC-Regular.otf", f"{fonts}/OFL.txt"]
html_css_files = ["site.css"]
html_copy_source = False
