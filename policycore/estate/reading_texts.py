"""Texts of how files were read, in both languages."""

__all__ = ["READING"]

_TABLES = (
    "departments people appointments accounts groups memberships events messages attachments receipts approvals tasks "
    "submissions designations listings none"
)
_TABLES_ZH = "部门 人员 任职 账号 群组 成员 事件 消息 附件 回执 审批 任务 报送 指定人员 排查登记 不读取"

READING: dict[str, tuple[str, str]] = {
    **{
        f"estate.table-{name}": (zh, name if name != "none" else "not read")
        for name, zh in zip(_TABLES.split(), _TABLES_ZH.split(), strict=True)
    },
    "estate.note-read": (
        "读作{table}表，{header}{rows}行{mark}{columns}",
        "read as {table}, {header}{rows} {rows:row|rows}{mark}{columns}",
    ),
    "estate.read-columns": ("；", "; "),
    "estate.read-header": ("表头在第{row}行，", "header in row {row}, "),
    "estate.note-hidden": ("这张工作表是隐藏的，照样读取", "the sheet is hidden; it was read all the same"),
    "estate.note-unseen": (
        "隐藏的行（{rows}）和列（{columns}）也照样读取",
        "hidden rows ({rows}) and columns ({columns}) were read all the same",
    ),
    "estate.note-traces": (
        "没有读取系统和程序留下的文件：{names}",
        "files that a system or a program left behind were not read: {names}",
    ),
    "estate.note-not-read": ("没有读取：{reason}", "not read: {reason}"),
    "estate.not-read-explanation": ("是填表说明", "it holds explanations"),
    "estate.not-read-hidden": ("隐藏的工作表，不是名单", "a hidden sheet that is no list"),
    "estate.not-read-answered": ("按方案不读取", "the recipe says so"),
    "estate.not-read-undecided": ("看不出是哪张表", "nothing tells which table it is"),
    "estate.note-columns": ("未使用的列：{columns}", "columns not used: {columns}"),
    "estate.note-counts": (
        "{columns}只是填写的数字，不用来判断；群里有多少人由成员名单数出",
        "{columns}: a number that somebody wrote, by which nothing is judged; members are counted in their list",
    ),
    "estate.note-counts.fix": (
        "按人数的规则要用成员名单（工作表“成员”：群名称、姓名、群昵称），没有名单的群无法判断",
        "rules on sizes need the list of members (sheet members: group, name, display name); groups without one are "
        "unknown",
    ),
    "estate.several": (
        "{row}“{column}”：“{value}”是几个人，这一格只能写一个人",
        "{row}, column {column}: “{value}” are several people, where one is due",
    ),
    "estate.expected-several": (
        "只写一人，其余写入群管理员",
        "name one of them, the others as admins",
    ),
    "estate.note-aside": (
        "{count}行不是数据，没有读取：{rows}",
        "{count} {count:row is|rows are} no data and {count:was|were} not read: {rows}",
    ),
    "estate.row-aside": ("{row}“{text}”（{why}）", "{row} “{text}” ({why})"),
    "estate.aside-total": ("合计", "a total"),
    "estate.aside-note": ("附注或签字", "a note or a line to sign"),
    "estate.aside-label": ("界面上的标签，不是成员", "a label of the app, no member"),
    "estate.aside-text": ("说明文字", "an explanation"),
    "estate.aside-title": ("标题", "a title"),
    "estate.aside-empty": ("空行", "an empty row"),
    "estate.aside-department": ("部门，管下面各行", "a department, whose rows follow"),
    "estate.aside-group": ("群名，管下面各行", "a group, whose members follow"),
    "estate.aside-none": ("说明没有群", "it says that there are none"),
    "estate.aside-again": ("上面已有同样的一行", "the same row stands above"),
    "estate.aside-earlier": (
        "较晚月份的表里有同一个群，以其为准",
        "a sheet of a later month has the same group and counts",
    ),
    "estate.aside-header": ("重复的表头", "the header once more"),
    "estate.note-meant": ("按含义读取：{words}{more}", "read by what is meant: {words}{more}"),
    "estate.meant": (
        "{column}“{written}”＝{meaning}（{count}行）",
        "{column} “{written}” = {meaning} ({count} {count:row|rows})",
    ),
    "estate.more-words": ("，另有{count}种", " and {count} more"),
    "estate.another-post": ("同一人的又一职务", "one more post of the same person"),
    "estate.group-above": ("上一行的群", "the group of the row above"),
    "estate.choice-none": ("不使用", "not used"),
    "estate.note-future": (
        "数据时间{moment}晚于现在，在岗、宽限和期限都按那时判断",
        "the as-of time {moment} lies ahead: posts, days of grace and deadlines are judged as of then",
    ),
    "estate.note-given": (
        "各行的“{column}”不在表中，取自表名、文件名或标题：“{value}”",
        "every row's {column} comes from outside the list: “{value}”",
    ),
    "estate.note-unknown-column": (
        "不认识的列“{column}”，没有读取",
        "the column “{column}” is unknown and was not read",
    ),
    "estate.note-not-handed-in": (
        "{count}个部门没有交来群名单：{names}",
        "{count} {count:department has|departments have} handed in no list of groups: {names}",
    ),
    "estate.note-skipped": ("没有读取：{what}", "not read: {what}"),
    "estate.unread-folder": (
        "{count}个文件不是可以读取的表，没有读取，如{names}",
        "{count} {count:file that is|files that are} no table to read {count:was|were} not read, such as {names}",
    ),
    "estate.note-other-texts": (
        "{count}条消息在不同的导出中编号相同、文字不同（发出后改过，或编号相混），各自保留，都要检查",
        "{count} {count:message says|messages say} something else in one export than in another under the same id "
        "(changed after sending, or ids that mix); each is kept and checked",
    ),
    "estate.note-snapshot": (
        "里面已有导入好的快照，没有再读取",
        "a snapshot that was imported before; it is not read again",
    ),
    "estate.link-outside": (
        "是一个链接，指向所给文件夹之外或并不存在的地方，没有读取",
        "a link that leads out of the folder given, or nowhere; it was not read",
    ),
    "estate.link-outside.fix": (
        "把文件本身放进来，或把它所在的位置另行写入命令",
        "put the file itself there, or name where it lies in the command as well",
    ),
    "estate.folder-deep": (
        "文件夹套了{limit}层以上，没有读取",
        "this folder lies more than {limit} folders deep and was not read",
    ),
    "estate.folder-full": (
        "文件超过{limit}个，其余的没有读取",
        "it holds more than {limit} files; the rest was not read",
    ),
    "estate.no-table-file": ("{what}，里面没有可以读取的表格", "{what}, which holds no table that can be read"),
    "estate.no-table-file.fix": (
        "请交来原来的电子表格（.xlsx、.xls、.et、.csv）或含表格的.docx",
        "hand in the spreadsheet itself (.xlsx, .xls, .et, .csv), or a .docx with a table",
    ),
    "estate.xlsx-cells": ("单元格散布的范围超过{limit}百万格", "its cells spread over more than {limit} million"),
    "estate.xlsx-cells.fix": ("只保留数据所在的行和列", "keep only the rows and columns that hold data"),
    "estate.xlsx-long": ("有单元格超过{limit}字", "it has a cell of more than {limit} characters"),
    "estate.xlsx-long.why": ("电子表格程序存不下这么长的单元格", "no spreadsheet program keeps one that long"),
    "estate.xlsx-long.fix": ("把长文字移到附件", "move the long text into an attachment"),
    "estate.in-row": ("第{row}行{value}", "{row}{value: |}{value}"),
    "estate.chat-text": (
        "看来是复制或导出成文字的聊天记录",
        "it seems to be a chat that was copied or exported as text",
    ),
    "estate.chat-text.why": (
        "不当作成员名单读取，其中的话不是成员",
        "it is not read as a list of members: what people said is no member",
    ),
    "estate.chat-text.fix": (
        "请交来聊天记录的数据文件（如ChatLab的JSON、CSV），或成员名单",
        "hand in the export as data (such as ChatLab's JSON, or CSV), or a list of members",
    ),
    "estate.kind-document": ("是文字文档", "it is a text document of another format"),
    "estate.kind-slides": ("是演示文稿", "it is a presentation"),
    "estate.kind-pdf": ("是PDF文件", "it is a PDF"),
    "estate.kind-picture": ("是图片", "it is a picture"),
    "estate.kind-archive": ("是压缩包，请先解压", "it is an archive: unpack it first"),
    "estate.kind-page": ("是网页", "it is a web page"),
    "estate.kind-text": ("是文字材料，不是名单", "it is a text and no list"),
    "estate.kind-other": ("不是数据文件", "it is no file of data"),
}
