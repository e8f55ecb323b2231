"""Texts of decisions: waivers, attestations, notes and who may make them."""

TEXTS: dict[str, tuple[str, str]] = {
    # Decisions.
    "findings.kind.waiver": ("豁免{id}", "waiver {id}"),
    "findings.kind.attestation": ("书面确认{id}", "attestation {id}"),
    # What the reasons for a waiver mean; a rule set may list others, which are shown as they are.
    "findings.reason.transition": ("过渡期", "transition"),
    "findings.reason.platform-limit": ("平台限制", "limit of the platform"),
    "findings.reason.special-duty": ("特殊职责", "special duty"),
    "findings.reason.handled-elsewhere": ("另行处理", "handled elsewhere"),
    "findings.reason.legacy": ("历史遗留", "legacy"),
    "findings.reason.baseline": ("基线", "baseline"),
    "findings.reason.other": ("其他", "other"),
    "findings.decision.expiring": ("{decision}还有{days}天到期", "{decision} expires in {days} days"),
    "findings.decision.status": ("{decision}不起作用：{why}", "{decision} has no effect: {why}"),
    "findings.standing.in-force": ("有效", "in force"),
    "findings.standing.not-yet": ("尚未生效", "not yet in force"),
    "findings.standing.expired": ("已过期", "it has expired"),
    "findings.standing.withdrawn": ("已撤回", "it was withdrawn"),
    "findings.standing.same-person": ("批准人与申请人是同一人", "the approver is the person who asked for it"),
    "findings.standing.not-in-post": (
        "批准人或签字人当日不在岗（按名册）",
        "the approver or signer was not in post on that day (by the directory)",
    ),
    "findings.standing.untold": (
        "名册缺少数据，无法断定批准人或签字人当日是否在岗",
        "the directory lacks what would tell whether the approver or signer was in post on that day",
    ),
    "findings.standing.no-authority": (
        "批准人没有规则集要求的职级或职责",
        "the approver has neither a rank nor a duty that the rule set asks for",
    ),
    "findings.standing.no-directory": (
        "名册中没有这些人，无法核实批准资格",
        "the directory knows none of the people, so nobody's standing can be shown",
    ),
    "findings.standing.unknown-reason": ("理由不在规则集的清单中", "its reason is not on the rule set's list"),
    "findings.standing.too-long": ("期限超过该严重程度允许的最长时间", "it lasts longer than that severity allows"),
    "findings.standing.not-waivable": (
        "该规则不得豁免，或问题并非违规（数据缺失不能豁免）",
        "the rule allows no waiver, or the finding is no violation (missing data cannot be waived)",
    ),
    "findings.standing.parameters-changed": (
        "批准之后规则参数收紧了（或无法断定只是放宽）",
        "the rule's parameters were tightened since it was granted, or nobody can tell that they were only loosened",
    ),
    "findings.standing.facts-changed": ("批准所依据的事实有变化", "the facts it was granted for have changed"),
    "findings.standing.not-needed": ("已没有需要它的问题", "nothing needs it any longer"),
    "findings.file.unreadable": ("文件无法读取（{word}）", "the file cannot be read ({word})"),
    "findings.file.unreadable.why": ("其中的决定不能生效", "what it decides cannot count"),
    "findings.file.unreadable.fix": ("检查权限和编码（UTF-8）", "look at permissions and encoding (UTF-8)"),
    "findings.file.not-ours": ("文件应以 policycore: 1 开头，并有 {word}:", "the file has policycore: 1 and {word}:"),
    "findings.file.not-ours.why": ("无法确认其格式", "its format cannot be told"),
    "findings.file.not-ours.fix": ("参照 policycore init 生成的文件", "compare it with what policycore init writes"),
    "findings.file.unknown-key": ("没有“{word}”这一项", "there is no key “{word}”"),
    "findings.file.unknown-key.why": ("写错的项不能悄悄忽略", "a mistyped key is not passed over in silence"),
    "findings.file.unknown-key.fix": ("改正或删除", "correct or remove it"),
    "findings.file.missing-key": ("缺少“{word}”", "“{word}” is missing"),
    "findings.file.missing-key.why": ("缺了它，这条决定无法核实", "without it the decision cannot be checked"),
    "findings.file.missing-key.fix": ("补上该项", "add it"),
    "findings.file.not-a-list": ("“{word}”应为列表", "“{word}” is a list"),
    "findings.file.not-a-list.why": ("读不出其中的条目", "its entries cannot be read"),
    "findings.file.not-a-list.fix": ("每条以 - 开头", "begin each entry with a dash"),
    "findings.file.not-an-entry": ("这一条不是“项: 值”的形式", "this entry is not made of keys and values"),
    "findings.file.not-an-entry.why": ("读不出其内容", "its content cannot be read"),
    "findings.file.not-an-entry.fix": ("按“项: 值”书写", "write key: value"),
    "findings.file.not-a-mapping": ("“{word}”应为“项: 值”的形式", "“{word}” is made of keys and values"),
    "findings.file.not-a-mapping.why": ("读不出其内容", "its content cannot be read"),
    "findings.file.not-a-mapping.fix": ("按“项: 值”书写", "write key: value"),
    "findings.file.not-a-text": ("“{word}”应为一段文字", "“{word}” is a text"),
    "findings.file.not-a-text.why": ("读不出其内容", "its content cannot be read"),
    "findings.file.not-a-text.fix": ("写成一行文字", "write it on one line"),
    "findings.file.not-a-time": ("“{word}”不是时间", "“{word}” is no time"),
    "findings.file.not-a-time.why": (
        "应为 2024-04-15T09:00:00+08:00 的形式",
        "it reads like 2024-04-15T09:00:00+08:00",
    ),
    "findings.file.not-a-time.fix": ("改正该时间", "correct it"),
    "findings.file.no-offset": ("“{word}”没有写明时区", "“{word}” names no offset"),
    "findings.file.no-offset.why": ("没有时区就不知道何时生效", "without one nobody knows when it counts"),
    "findings.file.no-offset.fix": ("加上时区，如 +08:00", "add one, such as +08:00"),
    "findings.file.ends-first": ("until 不晚于 from", "until does not come after from"),
    "findings.file.ends-first.why": ("这样它永远不会生效", "it would never be in force"),
    "findings.file.ends-first.fix": ("改正起止时间", "correct the two times"),
    "findings.file.no-aim": ("rule 和 clause 至少写一个", "neither rule nor clause is given"),
    "findings.file.no-aim.why": ("否则会豁免对象的一切问题", "it would waive everything about its subjects"),
    "findings.file.no-aim.fix": ("写明规则或条款", "name the rule or the clause"),
    "findings.file.no-scope": ("scope 为空", "scope is empty"),
    "findings.file.no-scope.why": ("不知道豁免谁", "nobody knows what is waived"),
    "findings.file.no-scope.fix": (
        "写明 findings、subjects、groups、departments 之一",
        "give findings, subjects, groups or departments",
    ),
    "findings.file.no-hash": ("evidence 中没有SHA-256值", "evidence has no SHA-256"),
    "findings.file.no-hash.why": ("没有它无法证明签的是哪份文件", "it shows which document was signed"),
    "findings.file.no-hash.fix": ("用 policycore attest 登记", "record it with policycore attest"),
    "findings.file.not-days": ("valid_days 应为1到3660的整数", "valid_days is a whole number from 1 to 3660"),
    "findings.file.not-days.why": ("书面确认须有期限", "a statement holds for a time"),
    "findings.file.not-days.fix": ("改正天数", "correct it"),
    "findings.file.same-id": ("编号“{word}”重复", "the id “{word}” is used twice"),
    "findings.file.same-id.why": ("报告中无法区分", "reports could not tell them apart"),
    "findings.file.same-id.fix": ("换一个编号", "choose another id"),
    "findings.file.baseline-place": (
        "基线文件“{word}”不在工作区内",
        "the baseline's file “{word}” is not inside the workspace",
    ),
    "findings.file.baseline-place.why": (
        "审阅过的清单须与决定放在一起",
        "the list that was reviewed lies beside the decision",
    ),
    "findings.file.baseline-place.fix": ("放回 baselines 文件夹", "put it back into the folder baselines"),
    "findings.file.baseline-missing": ("打不开基线文件（{word}）", "the baseline's file cannot be opened ({word})"),
    "findings.file.baseline-missing.why": ("不知道豁免哪些问题", "nobody knows which findings it accepts"),
    "findings.file.baseline-missing.fix": ("从版本库恢复，或删除该条目", "restore it, or remove the entry"),
    "findings.file.baseline-changed": (
        "基线文件“{word}”在批准后被改动",
        "the baseline's file “{word}” was changed after it was approved",
    ),
    "findings.file.baseline-changed.why": ("批准的不是这份清单", "this is not the list that was approved"),
    "findings.file.baseline-changed.fix": ("恢复原文件，或重新做基线", "restore it, or make a new baseline"),
    "findings.decide.no-person": ("名册中没有“{name}”（{option}）", "the directory has no “{name}” ({option})"),
    "findings.decide.no-person.why": ("批准资格要按名册核实", "standing is shown by the directory"),
    "findings.decide.no-person.fix": ("写人员编号或名册中的姓名", "give a person's id or name as the directory has it"),
    "findings.decide.many-people": (
        "名册中有多人叫“{name}”（{option}）",
        "the directory has several people called “{name}” ({option})",
    ),
    "findings.decide.many-people.why": ("不会替您猜", "none is picked by chance"),
    "findings.decide.many-people.fix": ("写人员编号", "give the person's id"),
    "findings.decide.no-snapshot": ("工作区没有保留快照 {id}", "the workspace does not keep snapshot {id}"),
    "findings.decide.no-snapshot.why": ("批准资格要按那时的名册核实", "standing is shown by its directory"),
    "findings.decide.no-snapshot.fix": ("重新运行 policycore check", "run policycore check again"),
    "findings.decide.refused": ("{what}：{why}", "{what}: {why}"),
    "findings.decide.refused.why": (
        "这样的决定不会生效，因此没有写入",
        "such a decision would not count, so nothing was written",
    ),
    "findings.decide.refused.fix": ("改正后重试", "change that and try again"),
    "findings.decide.refused.fix-untold": (
        "在数据中补上：{columns}（仍在任的，免职时间一列留空，但须有此列）",
        "supply {columns} (the column of ends must be there, empty for who is still in the post)",
    ),
    "findings.decide.refused.fix-expired": (
        "自{begins}起、到{until}为止：失效时间须更晚（--until）；若批准在此之前，写明批准时间（--approved）",
        "it would run from {begins} to {until}: let it end later (--until), or say when it was approved "
        "if that was earlier (--approved)",
    ),
    "findings.decide.refused.fix-reason": ("可用的理由：{reasons}", "the reasons are {reasons}"),
    "findings.decide.refused.fix-too-long": (
        "共{days}天，最多{limit}天：最晚到{latest}（--until）",
        "{days} days are asked for and {limit} are allowed: let it end by {latest} (--until)",
    ),
    "findings.decide.nothing": ("没有可以豁免的问题", "there is nothing that could be waived"),
    "findings.decide.nothing.why": ("只有违规和存疑可以豁免", "only violations and suspicions can be"),
    "findings.decide.nothing.fix": ("运行 policycore findings 查看", "run policycore findings"),
    "findings.decide.valid-too-long": (
        "--valid-days {days} 超过规则集允许的{most}天",
        "--valid-days {days} is more than the {most} days that the rule set allows",
    ),
    "findings.decide.valid-too-long.why": ("书面确认最多有效这么久", "a statement counts no longer than that"),
    "findings.decide.valid-too-long.fix": ("写较小的天数，或不写", "give fewer days, or leave it out"),
    "findings.decide.attested-before": ("同一份书面确认已记录为 {id}", "the same statement is recorded as {id}"),
    "findings.decide.attested-before.why": ("重复记录不会延长有效期", "recording it twice makes it count no longer"),
    "findings.decide.attested-before.fix": (
        "新的书面确认请写新的 --signed；撤回旧的用 --withdraw {id}",
        "give the --signed of a new statement, or withdraw the old one with --withdraw {id}",
    ),
    "findings.decide.not-asked": ("条款“{clause}”没有待书面确认的事项", "clause “{clause}” asks for no statement"),
    "findings.decide.not-asked.why": (
        "规则集没有要求，或已经确认",
        "the rule set does not ask, or it is attested already",
    ),
    "findings.decide.not-asked.fix": (
        "运行 policycore findings --verdict needs-attestation 查看",
        "run policycore findings --verdict needs-attestation",
    ),
    "findings.decide.asked-more": (
        "条款“{clause}”要求多份书面确认：{ids}",
        "clause “{clause}” asks for several statements: {ids}",
    ),
    "findings.decide.asked-more.why": ("不会替您猜", "none is picked by chance"),
    "findings.decide.asked-more.fix": ("改写其中一个编号", "give one of these ids instead"),
    "findings.decide.no-evidence": ("打不开 {path}（{kind}）", "{path} cannot be opened ({kind})"),
    "findings.decide.no-evidence.why": ("须记录所签文件的摘要", "the hash of what was signed is recorded"),
    "findings.decide.no-evidence.fix": ("检查路径", "look at the path"),
    "findings.decide.no-decision": ("没有编号为“{name}”的决定", "there is no decision “{name}”"),
    "findings.decide.no-decision.why": (
        "豁免和书面确认中都没有",
        "neither among the waivers nor among the attestations",
    ),
    "findings.decide.no-decision.fix": (
        "运行 policycore waive --list 或 attest --list 查看",
        "run policycore waive --list or attest --list",
    ),
    "findings.decide.many-rulesets": (
        "这些问题分属多个规则集：{names}",
        "these findings belong to several rule sets: {names}",
    ),
    "findings.decide.many-rulesets.why": ("各规则集的批准要求不同", "each says for itself who may approve"),
    "findings.decide.many-rulesets.fix": ("分开豁免", "waive them one rule set at a time"),
    "findings.decide.no-aim": ("没有写明规则或条款", "neither a rule nor a clause is named"),
    "findings.decide.no-aim.why": (
        "否则会豁免这些群和部门的一切问题",
        "everything about these groups and departments would be waived",
    ),
    "findings.decide.no-aim.fix": ("加上 --rule 或 --clause", "add --rule or --clause"),
    "findings.decide.no-rule": ("最近一次检查没有规则“{name}”", "the newest run has no rule “{name}”"),
    "findings.decide.no-rule.why": ("这样的豁免永远不起作用", "such a waiver would never have an effect"),
    "findings.decide.no-rule.fix": (
        "运行 policycore findings --count rule 查看",
        "run policycore findings --count rule",
    ),
    "findings.decide.no-row": ("数据中没有“{name}”", "the data has no “{name}”"),
    "findings.decide.no-row.why": ("这样的豁免永远不起作用", "such a waiver would never have an effect"),
    "findings.decide.no-row.fix": ("写群或部门的编号或名称", "give the id or name of a group or department"),
    "findings.decide.many-rows": ("有多个叫“{name}”的：{ids}", "several are called “{name}”: {ids}"),
    "findings.decide.many-rows.why": ("不会替您猜", "none is picked by chance"),
    "findings.decide.many-rows.fix": ("写编号", "give the id"),
    "findings.cli.waive.rule": (
        "与 --group、--department 合用：豁免此规则",
        "with --group or --department: the rule to waive",
    ),
    "findings.cli.waive.clause": (
        "与 --group、--department 合用：豁免此条款",
        "with --group or --department: the clause to waive",
    ),
    "findings.cli.waive.group": (
        "整个群（编号或名称），包括以后出现的问题",
        "a whole group (id or name), findings to come included",
    ),
    "findings.cli.waive.department": (
        "整个部门（编号或名称），包括以后出现的问题",
        "a whole department (id or name), findings to come included",
    ),
    "findings.decide.only-one": ("只能给出其中一项：{names}", "only one of these can be given: {names}"),
    "findings.decide.only-one.why": ("其余的会被忽略", "the others would be passed over"),
    "findings.decide.only-one.fix": ("分几次运行", "run the command once for each"),
    "findings.decide.needed-waive": (
        "豁免须写明理由、说明、申请人、批准人和期限，见 --help",
        "a waiver says reason, text, requester, approver and end; see --help",
    ),
    "findings.decide.needed-attest": (
        "书面确认须写明条款、签字人、签字时间和所签文件，见 --help",
        "a signed statement says clause, signer, time of signing and the signed file; see --help",
    ),
    "findings.decide.later": (
        "注意：自{begins}起生效，而最近一次检查的数据是{as_of}的",
        "note: it counts from {begins}, and the newest run's data is of {as_of}",
    ),
    "findings.decide.withdrawn": (
        "{decision}已撤回（{since}），此后的检查都不再计入（不论数据是哪一天的）；请重新运行 policycore check",
        "{decision} is withdrawn ({since}): no check counts it from now on, of whatever date its data are; "
        "run policycore check again",
    ),
    "findings.decide.withdrawn-before": (
        "{decision}此前已撤回（{since}），没有改动",
        "{decision} was withdrawn before ({since}); nothing was changed",
    ),
    "findings.decide.left-out": (
        "{count}个问题不得豁免，未计入",
        "{count} findings may not be waived and were left out",
    ),
    "findings.decide.not-judged": ("尚未参与检查", "no run has seen it yet"),
    "findings.cli.waive": (
        (
            "豁免问题，写入工作区的 waivers.yaml（审阅后生效）。申请人与批准人须不同，"
            "批准人须在岗并有规则集要求的职级或职责。\n规则集参数 waiver_approver_ranks、"
            "waiver_approver_duties、waiver_reasons、waiver_days_error（warning、info）规定谁可批准、"
            "理由和最长天数。\n不会生效的豁免不会写入。--list 列出，--withdraw 撤回，--baseline "
            "一次接受现有的全部问题。"
        ),
        (
            "Waive findings, in the workspace's waivers.yaml. The approver is another person, in post, "
            "with a rank or duty the rule set names.\nThe rule set's parameters waiver_approver_ranks, "
            "waiver_approver_duties, waiver_reasons and waiver_days_error (warning, info) say who may "
            "approve, why and for how long.\nWhat would not count is not written. --list lists, --withdraw "
            "takes one back, --baseline accepts all of today's findings."
        ),
    ),
    "findings.cli.waive.reason": (
        (
            "理由，须在规则集的清单中（默认 transition、platform-limit、special-duty、handled-elsewhere、"
            "legacy、baseline、other）"
        ),
        (
            "reason, from the rule set's list (by default transition, platform-limit, special-duty, "
            "handled-elsewhere, legacy, baseline, other)"
        ),
    ),
    "findings.cli.waive.text": ("说明", "explanation"),
    "findings.cli.waive.requester": ("申请人（编号或姓名）", "who asks for it (id or name)"),
    "findings.cli.waive.approver": ("批准人（编号或姓名）", "who approves it (id or name)"),
    "findings.cli.waive.until": ("到此时失效", "when it ends"),
    "findings.cli.waive.from": ("自此时生效，默认为批准时", "when it begins; the approval by default"),
    "findings.cli.waive.approved": (
        "批准时间，默认为最近一次检查的数据日期",
        "when it was approved; the date of the newest run's data by default",
    ),
    "findings.cli.waive.ticket": ("单据号", "number of the ticket"),
    "findings.cli.waive.baseline": (
        "接受现有的全部问题；之后新出现的仍会显示",
        "accept all of today's findings; new ones still show",
    ),
    "findings.cli.waive.ruleset": ("规则集，默认最近一次检查的", "rule set; that of the newest run by default"),
    "findings.cli.waive.list": ("列出及其状态", "list them with their states"),
    "findings.cli.waive.withdraw": (
        "撤回此编号：此后的检查都不再计入，不论数据是哪一天的",
        "take this one back: no check made from now on counts it, of whatever date its data are",
    ),
    "findings.cli.attest": (
        "登记一份书面确认，写入工作区的 attestations.yaml。只记录所签文件的名称和摘要，不保存文件。",
        (
            "Record a signed statement in the workspace's attestations.yaml. Of the signed file only name "
            "and hash are kept."
        ),
    ),
    "findings.cli.attest.person": ("签字人（编号或姓名）", "who signed (id or name)"),
    "findings.cli.attest.signed": ("签字时间", "when it was signed"),
    "findings.cli.attest.evidence": ("所签文件", "the file that was signed"),
    "findings.cli.attest.valid": ("有效天数，不超过规则集的规定", "days it holds, at most what the rule set says"),
    "findings.cli.attest.text": ("说明", "explanation"),
}
