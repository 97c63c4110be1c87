"""The gallery shows the pathway as it is drawn now."""

from __future__ import annotations

import json
import shlex
from hashlib import sha256

import pytest
from click.testing import CliRunner

import gallery
from crlm_pathway.cli import cli

KEPT = json.loads(gallery.MANIFEST.read_text(encoding="utf-8"))
ALL = [(picture, language) for picture in gallery.PICTURES for language in picture.languages]


@pytest.mark.parametrize("name", gallery.manifest())
def test_a_kept_picture_is_of_what_is_drawn_now(name: str) -> None:
    assert KEPT.get(name) == gallery.manifest()[name], f"docs/gallery/{name} is out of date: {gallery.COMMAND}"


def test_exactly_the_pictures_of_the_gallery_are_kept() -> None:
    kept = {path.name for path in gallery.KEPT.iterdir()}
    assert kept == {*gallery.manifest(), gallery.MANIFEST.name}, f"docs/gallery is out of date: {gallery.COMMAND}"
    assert KEPT.keys() == gallery.manifest().keys(), f"docs/gallery is out of date: {gallery.COMMAND}"


@pytest.mark.parametrize(("picture", "language"), ALL, ids=lambda part: getattr(part, "name", part))
def test_the_command_of_the_page_draws_the_picture(
    picture: gallery.Picture, language: gallery.Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(gallery.DOCS.parent)
    command = picture.command("--lang", language, "--format", "dot")
    drawn = CliRunner().invoke(cli, shlex.split(command)[1:], catch_exceptions=False)
    assert sha256(drawn.stdout_bytes).hexdigest() == gallery.manifest()[picture.file(language).name]


def test_every_picture_of_the_page_has_its_command_and_its_files() -> None:
    page = gallery.gallery()
    for picture in gallery.PICTURES:
        assert f"$ {picture.command('-o', f'{picture.name}.svg')}\n" in page
        assert picture.directive() in page
        for language in picture.languages:
            assert f"](gallery/{picture.file(language).name})" in page
