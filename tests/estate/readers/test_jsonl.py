from __future__ import annotations

import json


def test_every_type_of_cell_reads_as_the_model_says(estate, rows):
    lines = [
        {
            "id": "m1",
            "group_id": "g1",
            "text": '“引号”\n"x" \U0001f600',
            "mentions": ["a|b", "c"],
            "sent_at": "2024-03-22 08:00",
        },
        {"id": "m2", "group_id": "g1", "text": "", "mentions": [], "sent_at": None},
        {"id": "m3", "group_id": "g1", "text": "007"},
    ]
    content = "\ufeff" + "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\r\n"
    estate.write("messages.jsonl", content)
    snapshot = estate.run()
    found = rows(snapshot, "messages", origin=True)
    assert [row["text"] for row in found] == [lines[0]["text"], "", "007"]
    assert [row["mentions"] for row in found] == [["a|b", "c"], [], None]
    assert found[0]["sent_at"].isoformat() == "2024-03-22T00:00:00+00:00"
    assert [row["_row"] for row in found] == [1, 3, 5]


def test_native_numbers_truths_and_structures_are_taken(estate, rows):
    estate.write("groups.jsonl", '{"id": 12345678901234567890, "join_approval": true, "scope": {"ranks": ["x"]}}\n')
    estate.write(
        "attachments.jsonl", '{"id": "a", "message_id": "m", "size": 12}\n{"id": "b", "message_id": "m", "size": "7"}\n'
    )
    snapshot = estate.run()
    group = rows(snapshot, "groups")[0]
    assert (group["id"], group["join_approval"], group["scope"]["ranks"]) == ("12345678901234567890", True, ["x"])
    assert [row["size"] for row in rows(snapshot, "attachments")] == [12, 7]


def test_bad_lines_unknown_keys_and_wrong_types_are_named_with_their_line(estate):
    estate.write(
        "groups.jsonl",
        '{"id": "g1"}\n{"id": "g2",\n[1]\n"x"\nnull\n{"id": "g3", "join_approval": "maybe"}\n'
        '{"id": "g4", "created_at": {"x": 1}}\n{}\n',
    )
    found = estate.problems()
    assert [(code, message.split(":")[1]) for code, message in found] == [
        ("bad-line", "2"),
        ("bad-line", "3"),
        ("bad-line", "4"),
        ("bad-line", "5"),
        ("bad-value", "6"),
        ("bad-value", "7"),
        ("missing-value", "8"),
    ]


def test_a_line_with_half_a_character_is_called_what_it_is(estate):
    estate.write(
        "groups.jsonl", '{"id": "g1", "name": "a\\ud83d"}\n{"id": "g2", "name": "\\ud83d\\ude00"}\n{"id": "\\ud83d\n'
    )
    assert [(code, message.split(":")[1]) for code, message in estate.problems()] == [
        ("half-character", "1"),
        ("bad-line", "3"),
    ]


def test_unknown_and_repeated_keys_are_errors(estate):
    estate.write("groups.jsonl", '{"id": "g1", "nmae": "x"}\n{"id": "g2", "id": "g3"}\n')
    assert sorted(estate.codes()) == ["key-twice", "unknown-column"]


def test_a_file_without_any_line_is_an_error_and_so_is_bad_utf_8(estate):
    estate.write("groups.jsonl", "")
    assert estate.codes() == ["empty-file"]
    estate.write("groups.jsonl", b'{"id": "\xff"}\n')
    assert estate.codes() == ["encoding"]


def test_a_lone_surrogate_and_a_nul_are_reported_not_raised(estate):
    estate.write("groups.jsonl", '{"id": "g1", "name": "\\ud800"}\n{"id": "g2", "name": "a\\u0000b"}\n')
    assert set(estate.codes()) <= {"bad-line", "bad-value", "half-character"}
    assert len(estate.codes()) == 2


def test_blocks_of_a_file_are_one_table(estate, rows, monkeypatch):
    monkeypatch.setattr("policycore.estate.readers.jsonl._BLOCK", 32)
    lines = ['{"id": "g1", "name": "甲"}', "", "[1]", '{"id": "g2"}', "", '{"id": "g3", "purpose": "x"}', "null"]
    estate.write("groups.jsonl", "\ufeff" + "\n".join(lines))
    assert [message.split(":")[1] for _, message in estate.problems()] == ["3", "7"]
    estate.write("groups.jsonl", "\n".join(line for line in lines if line not in ("[1]", "null")))
    found = rows(estate.run(), "groups", origin=True)
    assert [(row["id"], row["name"], row["purpose"], row["_row"]) for row in found] == [
        ("g1", "甲", None, 1),
        ("g2", None, None, 3),
        ("g3", None, "x", 5),
    ]
