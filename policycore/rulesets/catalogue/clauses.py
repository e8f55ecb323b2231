"""Texts on clauses and what enforces them: edited wordings, obligations nobody checks, rules that contradict."""

TEXTS: dict[str, tuple[str, str]] = {
    "rulesets.reworded": (
        "条款 {clause} 的文字在其规则复核之后改过：{rules}",
        "the words of clause {clause} changed after its rules were reviewed: {rules}",
    ),
    "rulesets.reworded.why": ("规则可能不再符合条款", "the rules may no longer say what the clause says"),
    "rulesets.reworded.fix": (
        "复核这些规则，然后写上 reviewed: {wording}",
        "review them, then write reviewed: {wording}",
    ),
    "rulesets.not-obliged": (
        "条款 {clause} 的义务写有规则 {rule}，但该条款下没有这条规则",
        "an obligation of clause {clause} names the rule {rule}, which is not in force for that clause",
    ),
    "rulesets.not-obliged.why": ("这项义务将无人检查", "nobody would check that obligation"),
    "rulesets.not-obliged.fix": (
        "更正规则名，或在规则的 clause 中写上该条款",
        "correct the rule's name, or name the clause in the rule's clause",
    ),
    "rulesets.contradiction": (
        "规则 {rule} 所要求的，{other} 禁止（{name}）",
        "{rule} asks for what {other} forbids ({name})",
    ),
    "rulesets.contradiction.why": ("两者不能同时遵守", "nobody can do both"),
    "rulesets.contradiction.fix": (
        "决定哪一个优先：对另一个写 off: 理由，或用 applies_to 分开适用的群",
        "say which one counts: write off: reason at the other, or part their groups by applies_to",
    ),
}
