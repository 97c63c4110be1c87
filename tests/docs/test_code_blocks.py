"""Everything the pages show, works."""

from __future__ import annotations

from pathlib import Path

import pytest

from code_blocks import PAGES, Reader, Wrong, blocks_of


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_does_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Reader(page, tmp_path).read()


def tried(text: str, folder: Path) -> int:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return Reader(page, folder).read()


GOOD = """\
```python
print("one")  # on...
x = 1
```

```text
one
```

```pycon
>>> x + 1
2
>>> raise ValueError("no")
Traceback (most recent call last):
  ...
ValueError: no
```

Save it as `course.json`:

```json
{"patient": {"willing": "yes"}}
```

```console
$ crlm-pathway run course.json
error: course.json: patient.willing: expected true or false, not "yes"
$ echo $?
2
$ make test
$ crlm-pathway draw > pathway.dot
```
"""


def test_what_is_right_is_tried_and_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tried(GOOD, tmp_path) == 4
    assert (tmp_path / "pathway.dot").read_text(encoding="utf-8").startswith("digraph")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("on...", "two"),
        ("```text\none", "```text\ntwo"),
        (">>> x + 1\n2", ">>> x + 1\n3"),
        ("ValueError: no", "ValueError: yes"),
        ('{"patient": {"willing": "yes"}}', '{"patient": '),
        ('not "yes"', 'not "no"'),
        ("$?\n2", "$?\n0"),
        ("make test", "make coffee"),
        ("draw >", "paint >"),
        ("$ crlm-pathway draw", "$ rm -r"),
        ("```pycon", "```pycorn"),
        ("```text", "Prints:\n\n```text"),
    ],
)
def test_what_is_wrong_is_found(right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert right in GOOD
    with pytest.raises(Wrong, match=r"^page\.md:\d+: "):
        tried(GOOD.replace(right, wrong, 1), tmp_path)


def test_a_block_knows_its_line_and_its_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(GOOD, encoding="utf-8")
    lines = GOOD.splitlines()
    for block in blocks_of(page):
        assert lines[block.line - 1] == block.content.splitlines()[0]
    assert [block.file for block in blocks_of(page)] == [None, None, "course.json", None]
