"""Texts about words: what was probably meant, and why an expression is refused."""

__all__ = ["REFUSED", "TEXTS"]

REFUSED: dict[str, str] = {
    "missing ), unterminated subpattern": "左括号没有对应的右括号",
    "missing ), unterminated comment": "注释没有右括号",
    "missing >, unterminated name": "分组名称没有写完",
    "unbalanced parenthesis": "右括号没有对应的左括号",
    "unterminated character set": "方括号没有对应的右半边",
    "bad character range": "字符范围两端写反了：{rest}",
    "min repeat greater than max repeat": "重复次数的下限大于上限",
    "the repetition number is too large": "重复次数太大",
    "nothing to repeat": "重复符号前面没有内容",
    "multiple repeat": "重复符号连写了",
    "redefinition of group name": "分组名称重复",
    "bad character in group name": "分组名称不合规：{rest}",
    "missing group name": "分组没有名称",
    "unknown group name": "没有这个分组：{rest}",
    "invalid group reference": "没有这个分组：{rest}",
    "cannot refer to": "不能引用这个分组",
    "bad escape (end of pattern)": "末尾只有一个反斜杠",
    "bad escape": "没有这种转义：{rest}",
    "incomplete escape": "转义没有写完：{rest}",
    "undefined character name": "没有这个字符名称：{rest}",
    "unknown extension": "没有这种写法：{rest}",
    "unknown flag": "没有这种标志",
    "global flags not at the start": "全局标志只能写在开头",
    "unexpected end of pattern": "没有写完",
    "too deep or too large": "嵌套太深或太大",
    "flags m and L are not offered": "不支持标志m和L",
    "may match nothing at all": "什么也不写也能匹配",
    "larger than": "把重复展开后太长",
    "a word of which nothing can be seen": "词里没有任何看得见的字",
    "a look at what stands around is offered": "前后查看只能写在表达式的首尾",
    "a look around sees exactly one character": "前后查看只能看一个字符，写成一个字符类",
    "^ stands at the beginning": "^只能写在开头，$只能写在末尾",
    "groupref": "不支持引用前面的分组",
    "at ": r"不支持\b和\B：中文没有词的边界",
    "atomic group": "不支持固化分组(?>…)",
    "possessive repeat": "不支持占有重复（++、*+、?+）",
}
"""By how the English sentence begins, Python's own or ours, the Chinese one; what follows is `rest`."""

TEXTS: dict[str, tuple[str, str]] = {
    "text.and": ("、", ", "),
    "text.did-you-mean": ("是否想写“{name}”", "did you mean {name}"),
    "text.one-of": ("可用的有：{names}", "known: {names}"),
}
