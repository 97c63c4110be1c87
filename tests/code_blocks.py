"""The code blocks of Markdown pages, run as a reader would: one page after the other, each from its top to its end.

- `python` runs in one namespace a page. A `text` or `output` block directly below is its exact output; a comment
  behind a `print(...)` is what that line prints.
- `pycon` is a doctest in the same namespace.
- `console` runs each line that begins with `$ `. The lines below it are its output, where there are any, and then it
  may fail; otherwise it must not. `$ make` and `$ pip` are looked up, not run.
- `json` is read. A paragraph that ends in a file's name and a colon makes the block below that file.

`...` stands for any text in what consoles and comments show.
"""

from __future__ import annotations

import ast
import doctest
import io
import json
import re
import runpy
import shlex
import sys
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
from markdown_it import MarkdownIt
from markdown_it.token import Token

from crlm_pathway.cli import attempt

ROOT = Path(__file__).resolve().parents[1]
PAGES = (*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md")))
OUTPUT = ("text", "output")
DIRECTIVES = ("{care-pathway}", "{eval-rst}", "{literalinclude}", "{toctree}", "{image}")

_FILE = re.compile(r"`([\w.-]+\.(?:jsonl?|py))`[:：]$")
_SAME = doctest.OutputChecker().check_output


class Wrong(AssertionError):
    """A block does not do what its page says."""


@attrs.frozen
class Block:
    """A fenced block: its first line on the page, language, the rest of its opening line, and content.

    `file` is the name the paragraph above gives it; `printed` the output block directly below.
    """

    line: int
    language: str
    argument: str
    content: str
    file: str | None
    printed: str | None


def blocks_of(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page; an output block comes with the block that prints it."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    before: Token | None = None
    for index, token in enumerate(tokens):
        if token.type == "fence":
            language, _, argument = token.info.partition(" ")
            first = _first_line(token)
            if language not in OUTPUT:
                named = _FILE.search(before.content) if before is not None else None
                after = tokens[index + 1] if index + 1 < len(tokens) else None
                printed = after.content if after is not None and _is_output(after) else None
                yield Block(first, language, argument.strip(), token.content, named and named.group(1), printed)
            elif before is None or before.type != "fence" or before.info != "python":
                raise Wrong(f"{page.name}:{first}: an output block stands directly below the python that prints it")
        if not token.type.endswith("_close"):
            before = token


def _is_output(token: Token) -> bool:
    return token.type == "fence" and token.info in OUTPUT


def _first_line(token: Token) -> int:
    assert token.map is not None
    return token.map[0] + 2


class Reader:
    """Somebody who tries everything on a page, in a folder of their own that also holds the examples."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self.status = 0
        (folder / "examples").symlink_to(ROOT / "examples")

    def read(self) -> int:
        """Try every block; return how many there were, or raise Wrong at the first that fails."""
        tried = 0
        for block in blocks_of(self.page):
            try:
                self._try(block)
            except Wrong as wrong:
                raise Wrong(f"{self.page.name}:{block.line}: {wrong}") from wrong.__cause__
            tried += 1
        return tried

    def _try(self, block: Block) -> None:
        if block.file is not None:
            (self.folder / block.file).write_text(block.content, encoding="utf-8")
        match block.language:
            case "python":
                self._python(block)
            case "pycon":
                self._doctest(block)
            case "console":
                self._console(block)
            case "json":
                of_lines = (block.file or "").endswith("jsonl")
                for text in block.content.splitlines() if of_lines else [block.content]:
                    _json(text)
            case directive if directive in DIRECTIVES:
                pass
            case unknown:
                raise Wrong(f"nobody knows how to try {unknown!r}")

    # -- python ------------------------------------------------------------------------------------------------------

    def _python(self, block: Block) -> None:
        if block.file is not None and block.printed is None:
            compile(block.content, block.file, "exec")  # a file is run by the command that names it
            return
        source = "\n" * (block.line - 1) + block.content  # tracebacks show lines of the page
        comments = dict(_comments(source))
        printed = ""
        for statement in ast.parse(source).body:
            with redirect_stdout(io.StringIO()) as out:
                code = compile(ast.Module([statement], []), str(self.page), "exec")
                exec(code, self.names)  # noqa: S102 - our own pages
            printed += out.getvalue()
            said = comments.get(statement.end_lineno or 0)
            if said is not None and _is_print(statement):
                _compare(f"{said}\n", out.getvalue())
        if block.printed is not None and block.printed != printed:
            raise Wrong(_difference(block.printed, printed))

    def _doctest(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(block.content, self.names, "pycon", str(self.page), block.line - 1)
        report: list[str] = []
        doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(
            test, out=report.append, clear_globs=False
        )
        self.names.update(test.globs)
        if report:
            raise Wrong("".join(report))

    # -- console -----------------------------------------------------------------------------------------------------

    def _console(self, block: Block) -> None:
        for said in re.split(r"^\$ ", block.content, flags=re.MULTILINE)[1:]:
            line, _, expected = said.partition("\n")
            words = shlex.split(line, comments=True)
            with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)) as out:
                self._command(words)
            assert isinstance(out.buffer, io.BytesIO)
            printed = out.buffer.getvalue().decode("utf-8")
            if expected.strip():
                _compare(expected, printed)
            elif self.status:
                raise Wrong(f"`{line}` ends with {self.status}:\n{printed}")

    def _command(self, words: Sequence[str]) -> None:
        status, self.status = self.status, 0
        match words:
            case ["make", *targets]:
                made = (ROOT / "Makefile").read_text(encoding="utf-8")
                missing = [target for target in targets if f"\n{target}:" not in made]
                if missing:
                    raise Wrong(f"nothing makes {' or '.join(missing)}")
            case ["pip", "install", *_]:
                pass
            case ["cat", name]:
                sys.stdout.write((self.folder / name).read_text(encoding="utf-8"))
            case ["echo", "$?"]:
                sys.stdout.write(f"{status}\n")
            case ["python", script]:
                with mock.patch.object(sys, "argv", [script]):
                    runpy.run_path(str(self.folder / script), run_name="__main__")
            case ["crlm-pathway", *arguments, ">", name]:
                with (
                    (self.folder / name).open("w", encoding="utf-8") as file,
                    redirect_stdout(file),
                ):
                    self._pathway(arguments)
            case ["crlm-pathway", *arguments]:
                self._pathway(arguments)
            case _:
                raise Wrong(f"nobody knows how to try `{shlex.join(words)}`")

    def _pathway(self, arguments: Sequence[str]) -> None:
        with (
            mock.patch.object(sys, "argv", ["crlm-pathway", *arguments]),
            mock.patch.object(sys.modules["__main__"], "__package__", None),  # else click calls us by another name
            redirect_stderr(sys.stdout),
        ):
            self.status = attempt()


def _json(text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        raise Wrong(str(error)) from None


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments by line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.removeprefix("#").strip()


def _is_print(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Call(func=ast.Name("print"))):
            return True
        case _:
            return False


def _compare(expected: str, printed: str) -> None:
    if not _SAME(expected, printed, doctest.ELLIPSIS):
        raise Wrong(_difference(expected, printed))


def _difference(expected: str, printed: str) -> str:
    return f"the page says\n{expected}\nbut there is\n{printed}"
