from __future__ import annotations

from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from policycore.estate.recipe import recipe_names
from policycore.estate.reference import estate_json_schema, recipe_json_schema
from policycore.model.tables import TABLES

RECIPES = recipe_names([Path(str(resources.files("policycore_rulesets"))) / "recipes"])


def test_every_table_has_a_valid_schema_that_takes_a_row_and_refuses_another():
    schemas = estate_json_schema()
    assert set(schemas) == set(TABLES)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    people = jsonschema.Draft202012Validator(schemas["people"])
    assert people.is_valid({"id": "p", "name": "x", "status": "retired"})
    assert not people.is_valid({"id": "p", "name": "x", "staus": "retired"})


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_shipped_recipes_fit_the_schema_of_recipes(name):
    document = YAML(typ="safe", pure=True).load(RECIPES[name].read_text(encoding="utf-8"))
    jsonschema.validate(document, recipe_json_schema())


def test_the_schema_of_recipes_refuses_what_the_reader_refuses():
    schema = jsonschema.Draft202012Validator(recipe_json_schema())
    good = {"policycore": 1, "files": {"a": {"match": "*"}}, "tables": {"groups": {"rows": [{"columns": {"id": "x"}}]}}}
    assert schema.is_valid(good)
    for columns in ({"name": "x"}, {"id": "x", "nmae": "y"}, {"id": {"path": "a", "value": "b"}}):
        assert not schema.is_valid({**good, "tables": {"groups": {"rows": [{"columns": columns}]}}})
