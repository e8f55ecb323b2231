"""Texts on files whose content could not be read, in both languages."""

__all__ = ["FILES"]

FILES: dict[str, tuple[str, str]] = {
    "estate.list-unread": (
        "“{value}”读不出来，群内有谁、是什么角色无法判断",
        "“{value}” could not be read, so who is in the group, and as what, is unknown",
    ),
    "estate.expected-list-unread": ("请对方重新提供成员名单", "ask for the list of members anew"),
    "estate.owner-not-listed": ("成员名单没有标明群主", "the list of members does not say who the owner is"),
    "estate.expected-owner-not-listed": ("在成员名单中标明群主", "mark the owner in the list of members"),
    "estate.note-file-unread": (
        "{count}个附件未能读取或未能全部读取：{reason}；其文字为“未知”，不会因此视为合格",
        "{count} {count:attachment|attachments} could not be read, or not wholly: {reason}; their text is unknown "
        "and passes nothing",
    ),
    "estate.note-long-text": (
        "{field}有{count}处文字超过{limit}字，只读前面这么多字；其余为“未知”，不会因此视为合格",
        "{count} {count:text|texts} of {field} {count:is|are} longer than the {limit} characters that are read; the "
        "rest is unknown and passes nothing",
    ),
    "estate.note-long-text.fix": ("由人核对其余部分", "have a person look at the rest"),
    "estate.file-missing": ("文件不在其路径处", "the file is not where its path says"),
    "estate.file-missing.fix": (
        "连同文件一起导出，放在群组总账的文件夹内",
        "export the files too, and put them below the estate's folder",
    ),
    "estate.file-changed": ("内容与登记的哈希不符", "its content is not that of the stated hash"),
    "estate.file-changed.fix": ("重新导出该文件", "export the file again"),
    "estate.file-encrypted": ("文件已加密", "it is encrypted"),
    "estate.file-encrypted.fix": (
        "请发送人提供未加密的文件，或由人核对",
        "ask the sender for it, or have a person look",
    ),
    "estate.file-broken": ("文件已损坏", "it is damaged"),
    "estate.file-broken.fix": ("重新导出该文件，或由人核对", "export it again, or have a person look"),
    "estate.file-kind": ("不支持的文件种类", "a kind of file that is not read"),
    "estate.file-kind.fix": ("另存为DOCX、PDF等格式，或由人核对", "save it as DOCX or PDF, or have a person look"),
    "estate.file-no-pdf": ("读取PDF的组件未安装", "what reads PDF is not installed"),
    "estate.file-no-pdf.fix": ("安装 policycore[files]", "install policycore[files]"),
    "estate.file-no-ocr": ("识别图片的组件未安装", "what reads pictures is not installed"),
    "estate.file-no-ocr.fix": ("安装 policycore[ocr]", "install policycore[ocr]"),
    "estate.file-not-asked": ("按要求未识别其余页面", "pages that were not to be looked at"),
    "estate.file-not-asked.fix": (
        "需要时加 --look-at all 重新导入",
        "import again with --look-at all where it matters",
    ),
    "estate.file-large": ("超过大小、页数、层数的上限", "beyond a limit of size, pages or depth"),
    "estate.file-large.fix": ("拆分文件，或由人核对", "split it, or have a person look"),
    "estate.file-time": ("读取超时", "it takes too long to read"),
    "estate.file-time.fix": ("由人核对", "have a person look"),
    "estate.file-memory": ("占用内存过多，或读取程序中止", "it takes too much memory, or breaks the reader"),
    "estate.file-memory.fix": ("由人核对", "have a person look"),
}
