"""The `crlm-pathway` command."""

from __future__ import annotations

import json
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial, wraps
from io import TextIOWrapper
from itertools import product
from math import isnan
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

import click
from rich.console import Console, Group, RenderableType
from rich.progress import Progress

from . import evidence
from .about import DISCLAIMER, VERSION
from .cohorts import PATIENCE, print_all
from .courses import Course, CourseResult, read_course, result_to_json, run_course
from .crlm import CRLM
from .drawing import FORMATS, MAX_DPI, DrawingWarning, Format, draw as draw_picture
from .drawing.asking import DIRECTIONS, NARROWEST, WIDEST
from .drawing.levels import LEVELS
from .journey import Journey
from .lookup import other_pathway, pathway_named, policy_of
from .pathway.errors import RunningError
from .pathway.pathway import Pathway
from .predicates.errors import DataError, PathwayError
from .predicates.labels import LANGUAGES, printable
from .predicates.nodes import facts_in
from .remarks import remarks
from .schema import course_schema
from .streams import Form, Unreadable, opened, split
from .telling import (
    Languages,
    beyond,
    explain_moment,
    heading,
    set_out,
    spoken,
    tell,
    tell_claims,
    tell_facts,
    tell_found,
    tell_proofs,
    why,
)

EXIT_REFUTED = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
PICTURES: tuple[Format, ...] = ("svg", "png")
DEMO = Path(__file__).with_name("demo.json")
A_COURSE_A_LINE = (".jsonl", ".ndjson")
A_DAY = 86_400

language = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of labels.",
)
languages = click.option(
    "--lang",
    "languages",
    type=click.Choice((*LANGUAGES, "both")),
    default="en",
    show_default=True,
    callback=lambda _context, _parameter, chosen: LANGUAGES if chosen == "both" else (chosen,),
    help="The language of texts, or both.",
)
output_format = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)


def _only(_context: click.Context, _parameter: click.Parameter, files: tuple[Path, ...]) -> Path:
    """The one file that is given."""
    first, *others = files
    if others:
        raise click.UsageError(
            f"{len(files)} files; this takes one. Several courses go into one file: a JSON list, or one a line (.jsonl)"
        )
    return first


course_file = click.argument(
    "course",
    nargs=-1,
    required=True,
    metavar="COURSE",
    callback=_only,
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
)


of_policy = click.option(
    "--set",
    "policy",
    metavar="NAME=NUMBER",
    multiple=True,
    callback=lambda _context, _parameter, written: _policy(written),
    help="Another number for a policy parameter.",
)


def _policy(written: Iterable[str]) -> dict[str, float]:
    """The numbers for policy parameters."""
    try:
        return policy_of(written)
    except PathwayError as error:
        raise click.UsageError(f"--set: {error}") from None


def of_pathway(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command be given a pathway and its policy."""

    @click.option(
        "--pathway",
        "named",
        metavar="MODULE:NAME",
        help="A pathway of your own, as module:name or file.py:name; else that of RAS-mutant liver metastases.",
    )
    @of_policy
    @wraps(command)
    def with_pathway(*, named: str | None, policy: dict[str, float], **given: Any) -> None:
        command(pathway=(CRLM if named is None else pathway_named(named)).with_policy(**policy), **given)

    return with_pathway


number_of_course = click.option(
    "--course",
    "number",
    type=click.IntRange(min=1),
    help="Of a file of many courses, the one of this number: its line, or its place in the list.",
)


def main() -> NoReturn:
    """Run the command and leave with its exit status: 0 done, 2 bad input or bad usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what the terminal cannot show is spelled out
    if sys.stdout is None:
        complain("cannot write: standard output is closed")
        sys.exit(EXIT_BAD_INPUT)
    try:
        status = attempt()
        if status == EXIT_INTERRUPTED:
            _forget_output()  # nobody may be reading it any more
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has had enough
        status = 0
        _forget_output()
    except OSError as error:
        status = EXIT_BAD_INPUT
        complain(f"cannot write: {error.strerror}")
        _forget_output()
    sys.exit(status)


def attempt() -> int:
    """Run the command; return its exit status, errors told."""
    try:
        return cli.main(standalone_mode=False) or 0  # a command that returns nothing has done what it should
    except click.ClickException as error:
        error.show()
        return EXIT_BAD_INPUT
    except SystemExit:  # click's own way out when nobody reads any more; nothing else leaves so
        raise BrokenPipeError from None
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except PathwayError as error:
        complain(str(error))
        return EXIT_BAD_INPUT


def _forget_output() -> None:
    """Drop what could not be written, of which Python would complain once more on leaving."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """Print an error to standard error, each line under its mark."""
    for line in message.splitlines():
        click.echo(f"error: {printable(line)}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, package_name="crlm-pathway")
def cli() -> None:
    """Take patients with RAS-mutant colorectal liver metastases along the way to no evidence of disease (NED).

    Decision documentation for research and education; not a medical device.
    """


@cli.command()
@course_file
@number_of_course
@of_pathway
@output_format
@languages
def run(course: Path, number: int | None, pathway: Pathway, format_: str, languages: Languages) -> None:
    """Take the patient of a course file (`-`: standard input) along the pathway and print each step.

    Of many courses, in a JSON list or one a line (.jsonl), each is told in one line, under its number in the file;
    those that are wrong are reported, and the others told all the same.

    \b
    Example: crlm-pathway run patient.json --format json
    """
    if number is not None:
        loaded = load_course(course, pathway, number)
        tell_one(course, loaded, walk(course, loaded, pathway), format_, languages)
        return
    try:
        with reading(course), opened(course) as stream:
            form, pieces = split(stream, by_line=course.suffix.lower() in A_COURSE_A_LINE)
            if form is not Form.COURSE:
                tally = print_all(pathway, str(course), stream, form, pieces, languages, text=format_ == "text")
                if tally.to_check:
                    found = f"{tally.to_check} of {tally.courses} courses; the first: --course {tally.first_to_check}"
                    click.echo(f"to check: {course}: {found}", err=True)
                if tally.bad or tally.broken:
                    raise PathwayError(f"{course}: {tally}")
                if not tally.courses:
                    click.echo(f"{course}: {tally}", err=True)
                return
            piece = next(pieces)
            loaded = read_course(pathway, piece.text, piece.place)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
    tell_one(course, loaded, walk(course, loaded, pathway), format_, languages)


def tell_one(path: Path, course: Course, journey: Journey, format_: str, languages: Languages) -> None:
    """Print what became of one course."""
    if format_ == "json":
        print_json(result_to_json(CourseResult.of(journey, course.id, languages)))
        for visit, texts in remarks(journey).items():
            for text in texts:
                click.echo(f"to check: {path}: visits[{visit}].facts: {printable(text.en)}", err=True)
    else:
        show(tell(journey, languages), *beyond(course, journey, languages))


@cli.command()
@course_file
@click.option("--visit", type=click.IntRange(min=1), help="Explain what this visit came to; the first is 1.")
@click.option("--all", "everything", is_flag=True, help="Print every part of every criterion, not only what decides.")
@number_of_course
@of_pathway
@output_format
@languages
def explain(
    *,
    course: Path,
    visit: int | None,
    everything: bool,
    number: int | None,
    pathway: Pathway,
    format_: str,
    languages: Languages,
) -> None:
    """Explain why the last step of a course was taken and not another, and what could decide the next one.

    \b
    Example: crlm-pathway explain patient.json --lang zh
             crlm-pathway explain patient.json --visit 3 --all
    """
    journey = walk(course, load_course(course, pathway, number), pathway)
    if visit is not None and visit > len(journey.visits):
        raise click.UsageError(f"--visit {visit}: the journey made {len(journey.visits)}")
    moments = [visit - 1] if visit is not None else [*(step.visit for step in journey.steps[-1:]), None]
    told = {moment: explain_moment(journey, moment) for moment in moments}
    if format_ == "json":
        print_json(
            {
                "pathway": journey.pathway.name,
                "fingerprint": journey.pathway.fingerprint,
                "version": VERSION,
                "explanations": [{"visit": moment, **found.to_json()} for moment, found in told.items()],
            }
        )
        return
    known = evidence.load()
    for moment, found in told.items():
        if moment != moments[0]:
            show("")
        show(spoken(partial(heading, journey, moment), languages, "bold underline"), "")
        show(set_out(partial(why, found, evidence=known, folded=not everything), languages))


@cli.command("evidence")
@click.argument("words", nargs=-1, metavar="[CLAIM | STUDY | TRANSITION]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "bibtex", "csl-json"]),
    default="text",
    show_default=True,
    help="How to print; the last two give the references as a bibliography.",
)
@languages
def show_evidence(words: tuple[str, ...], format_: str, languages: Languages) -> None:
    """Show what the article says, the papers behind it, what is doubtful, and where the pathway uses it.

    Ask by the id of a claim, a study, the code or key of a transition, an option, an advisory, a policy parameter, a
    state, or the number of a reference; any other word finds the claims that speak of it. Without a word, every claim
    is listed.

    \b
    Example: crlm-pathway evidence C5 SULTAN
             crlm-pathway evidence --format bibtex > references.bib
    """
    known = evidence.load()
    found = [one for word in words for one in evidence.about(CRLM, known, word)]
    papers = tuple(dict.fromkeys(paper for one in found for paper in one.references)) if words else known.papers
    match format_:
        case "bibtex" | "csl-json" if not papers:
            raise PathwayError(f"no paper stands behind {' or '.join(words)}")
        case "bibtex":
            click.echo(evidence.to_bibtex(papers))
        case "csl-json":
            print_json(evidence.to_csl_json(papers))
        case "json":
            print_json(evidence.to_json(found if words else known))
        case _:
            if not words:
                show(*tell_claims(known, languages))
            for number, one in enumerate(found):
                show(*([""] if number else []), *tell_found(one, CRLM, known, languages))


@cli.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--state", help="Only the facts that decide in this state.")
@of_pathway
@languages
def facts(keys: tuple[str, ...], state: str | None, pathway: Pathway, languages: Languages) -> None:
    """List the facts that a course file can record: the key of each, its meaning, and what may stand there.

    \b
    Example: crlm-pathway facts response lesions
             crlm-pathway facts --state response_evaluation
    """
    if state is not None:
        deciding = {fact.name: None for guard in pathway.guards(state) for fact in facts_in(guard)}
        if not deciding:
            raise PathwayError(f"nothing decides in {state}, where journeys end")
        keys = tuple(key for key in deciding if not keys or key in keys)
    show(*tell_facts(pathway, keys, languages))


@cli.command()
@of_pathway
def schema(pathway: Pathway) -> None:
    """Print the JSON Schema (draft 2020-12) of course files.

    \b
    Example: crlm-pathway schema > course.schema.json
    """
    print_json(course_schema(pathway), indent=2)


@cli.command()
@click.argument("named", required=False, metavar="[MODULE:NAME]")
@of_policy
@click.option(
    "--any",
    "any_of",
    metavar="NAME",
    multiple=True,
    help="A policy parameter: prove what is owed at each step for whatever number it may be.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True, max=A_DAY),
    default=10,
    show_default=True,
    callback=lambda _context, _parameter, seconds: _known(seconds),
    help="The time limit of one obligation; what takes longer is not decided.",
)
@click.option(
    "--courses",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the courses that show what fails, and of all that can happen one in which it does.",
)
@output_format
@languages
def check(
    *,
    named: str | None,
    policy: dict[str, float],
    seconds: float,
    any_of: tuple[str, ...],
    folder: Path | None,
    format_: str,
    languages: Languages,
) -> None:
    """Prove that nobody falls through, nobody gets two answers and everybody arrives, or show a course that does not.

    For every record and every journey of this pathway, or of one of yours (`module:name` or `file.py:name`). Leaves
    with 0 when everything is proved, 1 when it is not. Needs the extra `verify`.

    \b
    Example: crlm-pathway check
             crlm-pathway check my_pathway.py:PATHWAY --set max_rounds=3
    """
    from .verification import check as prove

    pathway = (CRLM if named is None else pathway_named(named)).with_policy(**policy)
    if both := sorted(set(any_of) & policy.keys()):
        raise click.UsageError(f"{', '.join(both)}: either --any or --set")
    with progress_bar() as progress:
        report = prove(pathway, seconds=seconds, any_of=any_of, progress=progress)
    if format_ == "json":
        print_json(report.to_json())
    else:
        show(*tell_proofs(report, languages))
    written: Counter[str] = Counter()
    for obligation in report.obligations if folder is not None else ():
        found = obligation.witness if obligation.counterexample is None else obligation.counterexample.course
        if folder is not None and found is not None:
            content = f"{json.dumps(found, ensure_ascii=False)}\n"
            name = _file_name(obligation.name)
            written[name] += 1
            write(folder / (f"{name}.json" if written[name] == 1 else f"{name}-{written[name]}.json"), content.encode())
    if not report.holds:
        raise click.exceptions.Exit(EXIT_REFUTED)


def _known(seconds: float) -> float:
    """A number that is one, as `nan` is not."""
    if isnan(seconds):
        raise click.BadParameter(f"{seconds} is no number of seconds")
    return seconds


def _file_name(words: str) -> str:
    """A name of letters, figures, `-` and `_`."""
    return "_".join(re.findall(r"[\w-]+", words))


@cli.command()
@click.argument("course", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else standard output."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Else by the ending of the output, or dot.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="overview",
    show_default=True,
    help="States and short labels for a column of 85 mm, every guard for a page of A4, or the papers behind them too.",
)
@click.option("--state", metavar="NAME", help="Draw one state: its ways on with their guards, and its tables.")
@click.option("--table", metavar="NAME", help="Draw one decision table.")
@click.option(
    "--compare",
    metavar="OTHER",
    multiple=True,
    help="Draw another beside it, what differs marked: a policy (NAME=NUMBER), or a pathway (MODULE:NAME).",
)
@click.option(
    "--course",
    "which",
    metavar="FILE|NUMBER",
    help="A course file; or, of a file of many courses, the one of this number: its line, or its place in the list.",
)
@click.option("--direction", type=click.Choice(DIRECTIONS), help="From top to bottom, or from left to right.")
@click.option("--width", type=click.FloatRange(NARROWEST, WIDEST), metavar="MM", help="The width of the page, in mm.")
@click.option("--dpi", type=click.IntRange(1, MAX_DPI), default=300, show_default=True, help="The resolution of a png.")
@of_pathway
@click.option(
    "--lang",
    "language",
    type=click.Choice((*LANGUAGES, "both")),
    default="en",
    show_default=True,
    help="The language of labels, or both.",
)
def draw(
    *,
    course: Path | None,
    output: Path | None,
    format_: Format | None,
    compare: tuple[str, ...],
    which: str | None,
    dpi: int,
    pathway: Pathway,
    **options: Any,
) -> None:
    """Draw the pathway, one of its states or tables, or two beside each other; with a course file, the way taken.

    \b
    Example: crlm-pathway draw -o pathway.svg --lang zh
             crlm-pathway draw patient.json --level criteria -o way.pdf
             crlm-pathway draw --compare max_regional_rounds=2 -o policies.png
    """
    course, number = _course_and_number(course, which)
    chosen = format_ or format_of(output)
    if format_ and output is not None and ENDINGS.get(output.suffix.lower().removeprefix("."), format_) != format_:
        raise click.UsageError(f"--format {format_}: {output} ends as another format")
    if chosen in ("png", "pdf") and output is None and sys.stdout.isatty():
        raise click.UsageError(f"a {chosen} is not for a terminal; name a file with -o")
    if compare and course is not None:
        raise click.UsageError("--compare draws two pathways, without a course")
    other = _compared(pathway, compare)
    what = pathway if course is None else walk(course, load_course(course, pathway, number), pathway)
    with telling_notes():
        picture = draw_picture(what, compare=other, format=chosen, dpi=dpi, **options)
    if output is not None:
        write(output, picture)
    else:
        sys.stdout.buffer.write(picture)


def _course_and_number(course: Path | None, which: str | None) -> tuple[Path | None, int | None]:
    """The course file, and the number of the course in it where one is given."""
    if which is None:
        return course, None
    if which.isdecimal():
        if course is None:
            raise click.UsageError(f"--course {which}: name the file that holds the course")
        if int(which) == 0:
            raise click.UsageError("--course 0: courses are counted from 1")
        return course, int(which)
    if course is not None:
        raise click.UsageError(f"--course {which}: the course is {course} already")
    if which != "-" and not Path(which).is_file():
        raise click.UsageError(f"--course {which}: there is no such file; it takes a file, or the number of a course")
    return Path(which), None


def _compared(pathway: Pathway, others: Sequence[str]) -> Pathway | None:
    """The pathway to draw beside one: itself under another policy, or another."""
    if not others:
        return None
    try:
        return other_pathway(pathway, others)
    except PathwayError as error:
        raise click.UsageError(f"--compare: {error}") from None


@contextmanager
def telling_notes() -> Iterator[None]:
    """Print what is to be said of a picture that was drawn all the same."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", DrawingWarning)
            yield
    finally:
        for found in caught:
            if issubclass(found.category, DrawingWarning):
                click.echo(f"note: {printable(str(found.message))}", err=True)
            else:
                warnings.warn_explicit(found.message, found.category, found.filename, found.lineno)


@cli.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="The folder for the pictures.",
)
@languages
def demo(out: Path, languages: Languages) -> None:
    """Take an example patient from referral to the end of follow-up, tell it and draw the way.

    \b
    Example: crlm-pathway demo --lang zh
    """
    journey = walk(DEMO, load_course(DEMO, CRLM), CRLM)
    show(spoken(CRLM.text.in_, languages, "bold"), "", tell(journey, languages), "")
    pictures: dict[str, Pathway | Journey] = {"pathway": CRLM, "way-taken": journey}
    for (name, what), drawn, format_ in product(pictures.items(), languages, PICTURES):
        file = out / f"{name}.{drawn}.{format_}"
        write(file, draw_picture(what, language=drawn, format=format_))
        click.echo(str(file))
    show("", spoken(DISCLAIMER.in_, languages, "dim"))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, for people who have been waiting; give it what is done, and of how much."""
    begun = perf_counter()
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", visible=False)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=perf_counter() - begun > PATIENCE)

        yield advance


def print_json(data: object, indent: int | None = None) -> None:
    """Print JSON, on a line unless indented, in ASCII where the terminal has no other letters."""
    click.echo(json.dumps(data, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=indent))


def show(*told: RenderableType) -> None:
    """Print text for people; what goes to a file has no blanks at the ends of its lines."""
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        console.print(Group(*told))
        return
    with console.capture() as printed:
        console.print(Group(*told))
    for line in printed.get().splitlines():
        click.echo(line.rstrip())


def load_course(path: Path, pathway: Pathway, number: int | None = None) -> Course:
    """Read a course of a pathway, `-` for standard input: the only one of its file, or that of a number."""
    with reading(path if number is None else Path(f"{path}:{number}")), opened(path) as stream:
        form, pieces = split(stream, by_line=path.suffix.lower() in A_COURSE_A_LINE)
        if form is not Form.COURSE and number is None:
            raise click.UsageError(f"{path} holds {form.value}; this takes one course: say which with --course NUMBER")
        for piece in pieces:
            if piece.number == (number or 1):
                return read_course(pathway, piece.text, piece.place)
        raise click.UsageError(f"--course {number}: {path} has no course of this number")


def walk(path: Path, course: Course, pathway: Pathway) -> Journey:
    """Take a course along a pathway."""
    with reading(path):
        return run_course(pathway, course)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Put a file's name before all that is wrong with it."""
    try:
        yield
    except (DataError, RunningError, Unreadable) as error:
        raise PathwayError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None


ENDINGS: Mapping[str, Format] = {**{name: name for name in FORMATS}, "gv": "dot", "mmd": "mermaid"}
"""The endings of files of pictures."""


def format_of(output: Path | None) -> Format:
    """The picture's format, by the ending of its file."""
    if output is None:
        return "dot"
    ending = output.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise click.UsageError(f"{output}: the ending is none of {', '.join(ENDINGS)}; say which with --format")
    return ENDINGS[ending]


def write(path: Path, content: bytes) -> None:
    """Write a file, making its folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from None


if __name__ == "__main__":
    main()
