"""Whatever is in a course file, it comes to results or to errors that say what is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from crlm_pathway import cli
from fuzzing import case, check, check_decoded

SEEDS = range(20)
FILES = 1000
"""Spoilt files of each seed: 20,000 in all."""


@pytest.mark.parametrize("seed", SEEDS)
def test_spoilt_files_come_to_results_or_errors(seed: int) -> None:
    found: Counter[str] = Counter()
    for number in range(FILES):
        key = f"{seed}/{number}"  # of a failure: check(case(Random("3/141")))
        try:
            rng = Random(key)
            found += check(case(rng))
            if not number % 4:
                check_decoded(rng)
        except BaseException as error:
            error.add_note(f"the file is case(Random({key!r}))")
            raise
    assert len(found) >= 6, found


@pytest.mark.parametrize("seed", range(4))
def test_the_command_ends_well_on_spoilt_files(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    statuses: Counter[object] = Counter()
    for number in range(100):
        rng = Random(f"command {seed}/{number}")
        made = case(rng)
        file = tmp_path / f"courses.{'jsonl' if made.by_line else 'json'}"
        file.write_bytes(made.content)
        arguments = ["run", str(file), "--format", rng.choice(["text", "json"]), "--lang", rng.choice(["en", "both"])]
        monkeypatch.setattr("sys.argv", ["crlm-pathway", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfd.readouterr()
        statuses[left.value.code] += 1
        assert "Traceback" not in out + err, (seed, number)
        assert (left.value.code == 2) == ("error:" in err), (seed, number, err)
    assert set(statuses) == {0, 2}
