"""Texts of the ledger of clauses."""

TEXTS: dict[str, tuple[str, str]] = {
    "clauses.help": (
        "列出制度的每个条款：由哪些规则检查、由哪些书面确认支持，还是未覆盖；给出总账时附检查结果。",
        (
            "List every clause of the policy with the rules that check it, the attestations asked "
            'for, or "not covered"; with an estate, what came out of it too.'
        ),
    ),
    "clauses.ruleset": ("规则集的名称或文件", "name or file of the rule set"),
    "clauses.estate": (
        "群组总账的文件夹；给出时附上检查结果",
        "folder of an estate; shows what comes out of each clause",
    ),
    "clauses.not-covered": ("未覆盖", "not covered"),
    "clauses.rule": ("规则", "rule"),
    "clauses.attestation": ("书面确认", "attestation"),
    "clauses.valid": ("（有效期{days}天）", " (valid for {days} days)"),
    "clauses.result": ("结果", "result"),
    "clauses.nothing-judged": ("没有可检查的对象", "nothing to judge"),
    "clauses.summary": (
        "条款{clauses}个：由规则检查{checked}个，仅靠书面确认{attested}个，未覆盖{open}个",
        ("{clauses} clauses: {checked} checked by rules, {attested} by attestation only, {open} not covered"),
    ),
    "clauses.no-clauses": ("规则集 {ruleset} 没有列出条款", "the rule set {ruleset} lists no clauses"),
    "clauses.no-clauses.why": (
        "条款来自规则集的 document:",
        "clauses come from the document: of a rule set",
    ),
    "clauses.no-clauses.fix": (
        "写上 document: {title: …, clauses: [{id: 一, text: …}]}，并在规则中用 clause: [一] 指明",
        "write document: {title: …, clauses: [{id: '1', text: …}]} and name it in rules: clause: ['1']",
    ),
}
