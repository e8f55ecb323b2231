from __future__ import annotations

import pyarrow
from hypothesis import given
from hypothesis import strategies as st

from policycore.estate.keys import with_keys

names = st.none() | st.sampled_from(["a", "b", "c", "", "张敏", "x" * 40])


def tables(memberships, accounts):
    groups, who, shown = zip(*memberships, strict=True) if memberships else ((), (), ())
    text = pyarrow.string()
    return {
        "accounts": pyarrow.table({"id": pyarrow.array(accounts, text)}),
        "memberships": pyarrow.table(
            {
                "group_id": pyarrow.array(groups, text),
                "account_id": pyarrow.array(who, text),
                "display_name": pyarrow.array(shown, text),
            }
        ),
    }


@given(st.lists(st.tuples(names, names, names)), st.lists(names))
def test_equal_texts_have_equal_keys_and_different_ones_different_keys(memberships, accounts):
    keyed = with_keys(tables(memberships, accounts))
    members = keyed["memberships"].to_pylist()
    pairs = [(row["account_id"], row["account_key"]) for row in members]
    pairs += [(row["id"], row["account_key"]) for row in keyed["accounts"].to_pylist()]
    assert len({text for text, _ in pairs}) == len(set(pairs)) == len({key for _, key in pairs})
    assert all((text is None) == (key is None) for text, key in pairs)
    shown = {(row["display_name"], row["name_key"]) for row in members}
    assert len(shown) == len({name for name, _ in shown}) == len({key for _, key in shown})


def test_the_same_tables_get_the_same_keys():
    given_tables = tables([("g1", "a1", "甲"), ("g2", "a9", None)], ["a1", "a2"])
    assert with_keys(given_tables)["memberships"].equals(with_keys(given_tables)["memberships"])


def test_an_id_that_only_a_reference_names_has_a_key_too():
    keyed = with_keys(tables([("g", "nobody", None)], ["a1"]))
    assert keyed["memberships"].column("account_key").to_pylist() == [1]
