"""Read what is handed in now, and again what an estate was made of before."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from policycore.errors import DataError, Place, Problem
from policycore.estate.gather import gather, together
from policycore.estate.inputs import Gathered
from policycore.estate.manifest import MANIFEST, Manifest, Origin, read_manifest
from policycore.estate.office.office_recipe import is_office_recipe, read_office_recipe
from policycore.estate.parts import HandIn, plain_reading
from policycore.estate.problems import problem
from policycore.estate.snapshot import is_snapshot
from policycore.model.schema import ColumnSchema
from policycore.plugin_api.source import Source
from policycore.system.grouped import grouped
from policycore.yaml.own_columns import differing, read_own

__all__ = ["origins", "own_of", "previous", "read_inputs", "with_those_before"]


Inputs = Sequence[tuple[Path, str | Path | None]]
"""Files and folders, each with the recipe that reads it."""


def with_those_before(inputs: Inputs, out: Path, before: Sequence[Origin]) -> Inputs:
    """Return `inputs` together with what the snapshot `out` was made of `before`.

    An input takes the place of itself, or of the only one of its name, which it hands in anew; others come behind.
    """
    beside = out.absolute().parent
    whole: list[tuple[Path, str | Path | None]] = [
        (Path(os.path.normpath(beside / one.path)), one.recipe) for one in before
    ]
    names = [path.name for path, _ in whole]
    for path, recipe in inputs:
        real = Path(os.path.realpath(path))  # of links that go round no error
        place = next((n for n, (other, _) in enumerate(whole) if Path(os.path.realpath(other)) == real), None)
        if place is None and names.count(real.name) == 1:
            place = names.index(real.name)
        if place is None:
            whole.append((path, recipe))
        else:
            whole[place] = (path, recipe)
    return whole if before else inputs


def origins(inputs: Inputs, out: Path) -> tuple[Origin, ...]:
    """Return how the snapshot `out` remembers what it is made of."""
    # A recipe that is a file is found from everywhere.
    return tuple(
        Origin(
            path=_from(out, path),
            recipe=None if recipe is None else str(Path(recipe).resolve() if Path(recipe).is_file() else recipe),
        )
        for path, recipe in inputs
    )


def _from(out: Path, path: Path) -> str:
    """Return the path that leads from beside `out` to `path`; the whole one from another drive."""
    try:
        return Path(os.path.relpath(os.path.realpath(path), out.absolute().parent)).as_posix()
    except ValueError:
        return os.path.realpath(path)


def previous(out: Path) -> Manifest:
    """Return what the snapshot at `out` says of itself, an empty manifest where there is none.

    Raises DataError where it does not say what it was made of.
    """
    if not is_snapshot(out):
        return Manifest()
    manifest = read_manifest(out / MANIFEST)
    if not manifest.inputs:
        raise DataError(problem("no-inputs", Place(str(out / MANIFEST))))
    return manifest


def own_of(
    inputs: Inputs, folders: Sequence[Path] | None, answers: Path
) -> tuple[tuple[ColumnSchema, ...], list[Problem]]:
    """Return what manifests and recipes add to the model, and where they say different things of one column."""
    files = [
        (path / MANIFEST if path.is_dir() else path, f"{Path(os.path.realpath(path)).name}/{MANIFEST}")
        for path, _ in inputs
    ]
    files = [(file, name) for file, name in files if file.name == MANIFEST]
    files += [(file, str(file)) for file in {_recipe_file(recipe, folders) or answers for _, recipe in inputs}]
    return differing(column for file, name in files if file.is_file() for column in read_own(file, name))


def _recipe_file(recipe: str | Path | None, folders: Sequence[Path] | None) -> Path | None:
    """Return the file of a recipe; None where there is none, or what is there is told by who reads by it."""
    from policycore.estate.recipes.recipe import find_recipe

    try:
        return None if recipe is None else find_recipe(recipe, folders or ())
    except DataError:
        return None


def read_inputs(
    inputs: Inputs,
    moment: datetime | str,
    recipe_folders: Sequence[Path] | None,
    sources: Callable[[], Sequence[Source]] | None,
    answers: Path | None = None,
) -> Gathered:
    """Return the parts of all `inputs`: by recipes first, so that a list of names finds whom they know.

    `answers` is the recipe beside the estate, which says what words of people's lists mean.
    """
    by_recipe = grouped((None if recipe is None else str(recipe), number) for number, (_, recipe) in enumerate(inputs))
    whole = Gathered()
    manifests: dict[str, Manifest] = {}
    for recipe, numbers in sorted(by_recipe.items(), key=lambda item: (item[0] is None, item[1])):
        paths = [inputs[number][0] for number in numbers]
        said = answers if recipe is None else Path(recipe)
        if recipe is None or (said is not None and said.is_file() and is_office_recipe(said)):
            # It says what words mean, and not how a foreign shape becomes tables.
            found = gather(paths, sources, whole.parts, None if said is None else read_office_recipe(said))
        else:
            found = _by_recipe(paths, recipe, recipe_folders, moment)
        for part in found.parts:
            first, named, place = part.handed_in.rank
            part.handed_in = replace(part.handed_in, rank=(numbers[first], named, place))
        manifests[recipe or ""] = found.manifest
        whole.add(found)
    whole.manifest = together(manifests, whole.problems)
    return whole


def _by_recipe(paths: Sequence[Path], recipe: str, folders: Sequence[Path] | None, moment: datetime | str) -> Gathered:
    """Return what a recipe makes of `paths`, all of it handed in together."""
    from policycore.estate.recipes.recipe import read_by_recipe

    found = read_by_recipe(paths, recipe, folders, moment)
    stem = Path(recipe).stem
    name = found.manifest.sources[0].name if len(found.manifest.sources) == 1 else stem
    for part in found.parts:
        part.handed_in = HandIn((0, 0, 0), f"{stem}/", name)
        found.readings.append(plain_reading(part, stem))
    return found
