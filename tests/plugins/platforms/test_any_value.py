"""Whatever stands in the place of a value, a source reads on or names the file as broken; it never fails."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policycore import SourceError
from policycore_platforms import policycore_sources
from tests.plugins.platforms import samples

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "\ud83d",
    "\x00",
    [],
    {},
    [None],
    {"a": []},
    [[1]],
    "9" * 40,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Return a copy with another value, or nothing, at one place."""
    value = copy.deepcopy(value)
    at = value
    for key in path[:-1]:
        at = at[key]
    if odd == "absent":
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return value


@pytest.mark.parametrize("name", sorted(samples.ALL))
@pytest.mark.long
def test_any_value_anywhere(tmp_path: Path, name: str) -> None:
    files = samples.ALL[name]
    every = [(path, odd) for path in places(files) if len(path) > 1 for odd in (*ODD, "absent")]
    read = 0
    for number, (path, odd) in enumerate(every[:: max(1, len(every) // 120)]):
        folder = tmp_path / str(number)
        for file, content in changed(files, path, odd).items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(map(json.dumps, content)) if file.endswith(".jsonl") else json.dumps(content)
            target.write_text(text, encoding="utf-8")
        for source in (kind() for kind in policycore_sources()):
            for target in [folder] if source.folders else sorted(folder.iterdir()):
                try:
                    if source.can_read(target):
                        tables = source.read(target)
                        read += sum(table.num_rows for table in tables.values())
                except SourceError:
                    continue
    assert read
