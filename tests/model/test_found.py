"""Columns of findings: packed, addressed, read back."""

from __future__ import annotations

import pyarrow
import pytest
from hypothesis import given

from policycore.model.found import FoundRows, pack, unpack
from tests.found import found_rows


@given(found_rows())
def test_packed_columns_come_back_equal_and_have_one_address(rows: FoundRows) -> None:
    again = FoundRows(rows.texts, unpack(pack(rows.table)))
    assert again.table.equals(rows.table)
    assert again.address == rows.address == rows.take(list(range(len(rows)))).address
    assert len(rows) == 1 or rows.take([0]).address != rows.address


@given(found_rows())
def test_a_changed_cell_has_another_address(rows: FoundRows) -> None:
    place = rows.table.column_names.index("member")
    cells = rows.table.column("member").to_pylist()
    for other in ("", None, "x"):
        changed = rows.table.set_column(place, "member", pyarrow.array([other, *cells[1:]], pyarrow.string()))
        same = changed.column("member").to_pylist() == cells
        assert (FoundRows(rows.texts, changed).address == rows.address) is same


@pytest.mark.parametrize("body", [b"", b"ARROW1", b"\xff" * 100])
def test_what_is_no_packed_table_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="no packed columns"):
        unpack(body)
