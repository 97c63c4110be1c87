"""What each command says of itself, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

import click

from crlm_pathway.cli import cli
from markup import paragraphs, place

NAME = "crlm-pathway"


def command_help() -> str:
    """Return the help of the command and of each of its subcommands."""
    return paragraphs(_help())


def _help() -> Iterator[str]:
    whole = click.Context(cli, info_name=NAME, **cli.context_settings)
    yield _said(whole)
    for name in cli.list_commands(whole):
        command = cli.get_command(whole, name)
        assert command is not None
        yield place("command", name)
        yield f"## `{NAME} {name}`"
        yield _said(click.Context(command, parent=whole, info_name=name))


def _said(context: click.Context) -> str:
    context.terminal_width = 80  # what fits into the page
    return f"```text\n{context.get_help()}\n```"
