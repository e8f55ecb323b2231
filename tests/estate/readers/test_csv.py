from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest


def test_types_and_nulls_come_as_the_model_says(estate, rows):
    estate.write("accounts.csv", "id,kind\nu1,bot\nu2,\n")
    estate.write(
        "groups.csv",
        "id,name,kind,owner_id,created_at,join_approval,scope\n"
        'g1,"a, ""b""\nc",常设,u1,2023-01-02 03:04:05,是,"{""ranks"": [""中层正职""]}"\n'
        "g2,NA,,,2023-01-02T03:04:05Z,0,ranks=科员|处长; titles:主任\n",
    )
    estate.write("departments.csv", "id,name,aliases\nd1,教务处,教务|教务办\nd2,null,\n")
    snapshot = estate.run()
    first, second = rows(snapshot, "groups", origin=True)
    assert first["name"] == 'a, "b"\nc'
    assert (first["kind"], first["join_approval"], first["source"]) == ("standing", True, "register")
    assert first["created_at"] == datetime(2023, 1, 1, 19, 4, 5, tzinfo=UTC)
    assert first["scope"] == {"departments": [], "ranks": ["中层正职"], "titles": [], "duties": [], "people": []}
    assert (first["_file"], first["_row"]) == ("groups.csv", 2)
    assert second["name"] == "NA"
    assert (second["kind"], second["owner_id"], second["join_approval"]) == (None, None, False)
    assert second["created_at"] == datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (second["scope"]["ranks"], second["scope"]["titles"]) == (["科员", "处长"], ["主任"])
    assert rows(snapshot, "departments") == [
        {"id": "d1", "name": "教务处", "aliases": ["教务", "教务办"]},
        {"id": "d2", "name": "null", "aliases": None},
    ]
    assert snapshot.tables["accounts"].columns == ("id", "kind")


@pytest.mark.parametrize(
    ("encode", "line_end"),
    [
        (lambda text: text.encode(), "\n"),
        (lambda text: codecs.BOM_UTF8 + text.encode(), "\r\n"),
        (lambda text: text.encode("gbk"), "\r\n"),
        (lambda text: text.encode("gb18030"), "\n"),
        (lambda text: text.encode("utf-16"), "\n"),
    ],
    ids=["utf-8", "bom-crlf", "gbk-crlf", "gb18030", "utf-16"],
)
def test_the_encodings_and_line_ends_of_chinese_offices_read_alike(estate, rows, encode, line_end):
    estate.write("people.csv", encode("人员编号,姓名,状态\np1,张三丰,在职\np2,欧阳修,退休\n".replace("\n", line_end)))
    assert rows(estate.run(), "people") == [
        {"id": "p1", "name": "张三丰", "status": "active"},
        {"id": "p2", "name": "欧阳修", "status": "retired"},
    ]


def test_utf_8_with_a_damaged_byte_is_refused_instead_of_read_as_gbk(estate):
    text = "id,name\np1,张三丰\np2,欧阳修\n".encode()
    estate.write("people.csv", text.replace("修".encode(), b"\xe4\xbf"))
    [(code, message)] = estate.problems()
    assert code == "encoding"
    assert message.startswith("people.csv:3:1:")


def test_ragged_rows_are_named_with_their_number_even_between_blank_and_quoted_lines(estate):
    estate.write("people.csv", 'id,name\np1,"two\nlines"\n\np2\np3,x,y\np4,ok\n')
    assert [message.split(",")[0] for _, message in estate.problems()] == [
        "people.csv:5:1: line 5 has the wrong number of cells: “p2”",
        "people.csv:6:1: line 6 has the wrong number of cells: “p3",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty-file"),
        ("\n", "no-header"),
        ('id,name\np1,"never closed\np2,x\n', "csv-open-quote"),
        ('id,name\np1,"a"b"\n', "csv-quote"),
        ("id,nmae\np1,x\n", "unknown-column"),
        ("id,name,姓名\np1,x,y\n", "column-twice"),
        ("id\np1\n", "column-missing"),
        ("id,name\np1,a\0b\n", "bad-value"),
        ("id,name\n\0,x\n", "bad-value"),
        (b"\xff\xfe\x00", "encoding"),
        (b"id,name\n\x80\xff,x\n", "encoding"),
    ],
)
def test_broken_files_say_what_is_wrong_with_them(estate, content, code):
    estate.write("people.csv", content)
    assert code in estate.codes()


def test_a_header_alone_is_a_table_without_rows(estate):
    estate.write("people.csv", "id,name\n")
    assert estate.run().tables["people"].rows == 0


def test_a_misspelt_column_table_and_file_come_with_a_suggestion(estate):
    estate.write("people.csv", "id,name,staus\np1,x,active\n")
    estate.write("grups.csv", "id\ng1\n")
    estate.write("membership.txt", "x")
    messages = " ".join(message for _, message in estate.problems())
    assert "did you mean status" in messages
    assert "did you mean groups" in messages
    assert "did you mean memberships" in messages


def test_a_megabyte_in_a_cell_is_kept_and_an_endless_id_is_refused(estate, rows):
    text = "长" * 1_000_000
    estate.write("groups.csv", f"id,name,announcement\ng1,x,{text}\n")
    assert rows(estate.run(), "groups")[0]["announcement"] == text
    estate.write("groups.csv", f"id,name\n{'g' * 1001},x\n")
    [problem] = _strict(estate)
    assert problem.code == "estate.bad-value"
    assert len(str(problem)) < 300


def _strict(estate):
    from policycore.errors import DataError

    with pytest.raises(DataError) as caught:
        estate.run(force=True)
    return caught.value.problems


def test_names_with_markup_control_and_bidi_characters_are_data(estate, rows):
    names = ["[@click=app.quit]x[/]", "\x1b[31mred", "abc\u202edcba", "=cmd|'/c calc'!A1", "a\tb", " 空格 "]
    estate.write("groups.csv", "id,name\n" + "".join(f"g{n},{name}\n" for n, name in enumerate(names)))
    assert [row["name"] for row in rows(estate.run(), "groups")] == names


def test_messages_show_foreign_values_short_clean_and_masked(estate):
    estate.write("people.csv", "id,name,status\np1,x,\x1b[31m 13812345678 " + "y" * 500 + "\n")
    [(_, message)] = estate.problems()
    assert "\x1b" not in message
    assert "13812345678" not in message
    assert len(message) < 200


def test_a_row_is_set_aside_as_it_was_written_though_its_cells_were_read_long_before(estate, rejects):
    estate.write("groups.csv", "id,name,kind,created_at\ng1,甲,常设,2024-01-02\n,乙,临时,2024年3月4日\n")
    estate.write(
        "memberships.csv", "group_id,account_id,role,joined_at\ng1,a1,群主,2024-01-02\ng9,a1,成员,2024/3/4 5:06\n"
    )
    estate.write("accounts.csv", "id,kind\na1,内部\na1,外部\n")
    codes = [code for code, _ in estate.problems()]
    assert codes == ["duplicate", "missing-value", "dangling"]
    assert [one["content"] for one in rejects(estate.run(lenient=True))] == [
        {"id": "a1", "kind": "外部"},
        {"id": None, "name": "乙", "kind": "临时", "created_at": "2024年3月4日", "source": "register"},
        {"group_id": "g9", "account_id": "a1", "role": "成员", "joined_at": "2024/3/4 5:06"},
    ]


def test_members_who_came_twice_are_told_apart_by_when_and_others_are_one_too_many(estate, rows):
    estate.write("groups.csv", "id,name\n" + "".join(f"g{number},甲\n" for number in range(50)))
    stays = [f"g{number},a{number % 7},member,2024-01-0{day}" for number in range(50) for day in (1, 2)]
    estate.write("memberships.csv", "\n".join(["group_id,account_id,role,joined_at", *stays, ""]))
    for again in ("g31,a3,member,2024-01-02", "g31,a3,member,2024-01-01T16:00:00Z"):
        estate.write("memberships.csv", "\n".join(["group_id,account_id,role,joined_at", *stays, again, ""]))
        ((code, text),) = estate.problems()
        assert (code, "line 102" in text) == ("duplicate", True)
    estate.write("memberships.csv", "\n".join(["group_id,account_id,role,joined_at", *stays, ""]))
    assert len(rows(estate.run(), "memberships")) == 100
