"""Texts of decisions: waivers, attestations, notes and who may make them."""

TEXTS: dict[str, tuple[str, str]] = {
    "cli.help.waive.rule": (
        "与 --group、--department 合用：豁免此规则",
        "with --group or --department: the rule to waive",
    ),
    "cli.help.waive.clause": (
        "与 --group、--department 合用：豁免此条款",
        "with --group or --department: the clause to waive",
    ),
    "cli.help.waive.group": (
        "整个群（编号或名称），包括以后出现的问题",
        "a whole group (id or name), findings to come included",
    ),
    "cli.help.waive.department": (
        "整个部门（编号或名称），包括以后出现的问题",
        "a whole department (id or name), findings to come included",
    ),
    "cli.decide.only-one": ("只能给出其中一项：{names}", "only one of these can be given: {names}"),
    "cli.decide.only-one.why": ("其余的会被忽略", "the others would be passed over"),
    "cli.decide.only-one.fix": ("分几次运行", "run the command once for each"),
    "cli.decide.needed-waive": (
        "豁免须写明理由、说明、申请人、批准人和期限，见 --help",
        "a waiver says reason, text, requester, approver and end; see --help",
    ),
    "cli.decide.needed-dispute": (
        "异议须写明问题和理由，见 --help",
        "a dispute names findings and says what is wrong with them; see --help",
    ),
    "cli.decide.needed-attest": (
        "书面确认须写明条款、签字人、签字时间和所签文件，见 --help",
        "a signed statement says clause, signer, time of signing and the signed file; see --help",
    ),
    "cli.decide.recorded": (
        "已记录，下次检查起生效；--list 查看，--withdraw 编号 撤回",
        "recorded; it counts from the next check. --list shows it, --withdraw ID takes it back",
    ),
    "cli.decide.signed": ("签于{at}", "signed {at}"),
    "cli.decide.later": (
        "注意：自{begins}起生效，而最近一次检查的数据是{as_of}的",
        "note: it counts from {begins}, and the newest run's data is of {as_of}",
    ),
    "cli.decide.withdrawn": (
        "{decision}已撤回（{since}），此后的检查都不再计入（不论数据是哪一天的）；请重新运行 policycore check",
        "{decision} is withdrawn ({since}): no check counts it from now on, of whatever date its data are; "
        "run policycore check again",
    ),
    "cli.decide.withdrawn-before": (
        "{decision}此前已撤回（{since}），没有改动",
        "{decision} was withdrawn before ({since}); nothing was changed",
    ),
    "cli.decide.none": ("没有这类决定", "there are no such decisions"),
    "cli.decide.left-out": (
        "{count}个问题不得豁免，未计入",
        "{count} {count:finding|findings} may not be waived and were left out",
    ),
    "cli.decide.not-judged": ("尚未参与检查", "no run has seen it yet"),
    "cli.help.dispute": (
        "对问题提出异议（“名册有误，她三月已调走”）。异议显示在问题旁，不改变结论；新数据不再发现该问题或事实已变时自动了结，"
        "审批人员也可用 --close 了结。不带参数列出未了结的异议。",
        "Dispute findings (“the directory is wrong: she moved in March”). A dispute stands beside the finding and "
        "changes no verdict; it ends when new data no longer give the finding or give it for other facts, or when an "
        "approver closes it. Without arguments open disputes are listed.",
    ),
    "cli.help.dispute.text": ("异议的理由，或了结的理由", "what is wrong; with --close why it is closed"),
    "cli.help.dispute.person": ("提出异议的人，默认当前账户", "who says so; the account by default"),
    "cli.help.dispute.evidence": (
        "证明材料，只记录名称和摘要",
        "a document that shows it; only name and hash are kept",
    ),
    "cli.help.dispute.list": ("列出未了结的异议", "list open disputes"),
    "cli.help.dispute.all": ("连同已了结的一并列出", "list those that ended too"),
    "cli.help.dispute.withdraw": ("撤回异议", "take a dispute back"),
    "cli.help.dispute.close": ("了结异议（审批人员），须写 --text", "close a dispute, as an approver; takes --text"),
    "cli.dispute.empty": ("没有异议", "there are no disputes"),
    "cli.dispute.closed": ("已了结", "closed"),
    "cli.dispute.withdrawn": ("已撤回", "withdrawn"),
    "cli.dispute.why.no-longer-found": ("新数据已不再发现", "new data no longer give the finding"),
    "cli.dispute.why.facts-changed": ("新数据的事实已不同", "new data give it for other facts"),
    "cli.help.review": (
        "复核存疑。在终端里不带参数运行时逐条显示，每条按一个键：y 属实、n 排除、s 跳过、u 撤销上一条、q 结束。"
        "下次检查起，属实的为不合规，排除的为合规；同一规则在同类群、同类发送人的完全相同的文字中所见，也随之排除。",
        "Review suspects. Without arguments in a terminal they are shown one after the other, one key each: y confirm, "
        "n dismiss, s skip, u undo the last, q quit. From the next check on what is confirmed fails and what is "
        "dismissed passes, and so does what the rule finds in the very same text, from the same class of sender in "
        "the same kind of group.",
    ),
    "cli.help.review.confirm": ("所列存疑属实", "confirm the suspects named"),
    "cli.help.review.dismiss": ("排除所列存疑", "dismiss the suspects named"),
    "cli.help.review.text": ("理由，可不写", "why; may be left out"),
    "cli.help.review.person": ("复核人，默认当前账户", "who reviews; the account by default"),
    "cli.help.review.rule": ("只看一条规则的", "those of one rule only"),
    "cli.help.review.list": ("列出复核记录", "list reviews"),
    "cli.help.review.all": ("连同已撤回的一并列出", "list those that were taken back too"),
    "cli.help.review.precision": ("按复核结果列出各规则的准确率", "tell how often each rule was right, by reviews"),
    "cli.help.review.withdraw": ("撤回一项复核", "take a review back"),
    "cli.help.review.learn": (
        "按复核结果训练，把权重写入文件，供规则 content/learned 用 !include 引用",
        "learn from reviews and write the weights to a file, which the rule content/learned takes by !include",
    ),
    "cli.review.learned": (
        "{path}：由属实{confirmed}条、排除{dismissed}条得出{pieces}个字词的权重；未参与训练的判对{percent}%",
        "{path}: weights of {pieces} {pieces:piece|pieces} from {confirmed} confirmed and {dismissed} dismissed "
        "texts; {percent}% of "
        "those that it was not trained on are told right",
    ),
    "cli.review.which": (
        "写明问题编号并选 --confirm 或 --dismiss；都不写则逐条复核",
        "name findings and give --confirm or --dismiss; give neither to review one by one",
    ),
    "cli.review.decides-nothing": (
        "{option} 只在认定或排除时使用",
        "{option} is for confirming and dismissing",
    ),
    "cli.review.waiting": ("待复核的存疑{count}条", "{count} {count:suspect waits|suspects wait} for a review"),
    "cli.review.no-text": ("（原文已不在保留的快照中）", "(no kept snapshot holds the text any longer)"),
    "cli.review.kept": (
        "（原文不显示；policycore explain {id} --reveal 理由 可查看，并留下审计记录）",
        "(kept from view; policycore explain {id} --reveal REASON shows it and leaves an audit entry)",
    ),
    "cli.review.keys": (
        "[y/1] 属实  [n/2] 排除  [s/3] 跳过  [u/4] 撤销上一条  [q/0] 结束",
        "[y/1] confirm  [n/2] dismiss  [s/3] skip  [u/4] undo the last  [q/0] quit",
    ),
    "cli.review.confirmation": ("复核属实", "confirmed"),
    "cli.review.dismissal": ("复核排除", "dismissed"),
    "cli.review.done": ("已复核{count}条；下次检查时生效", "{count} reviewed; it counts from the next check on"),
    "cli.review.empty": ("没有待复核的存疑", "no suspect waits for a review"),
    "cli.review.none": ("没有复核记录", "there are no reviews"),
    "cli.help.roles": (
        "列出、授予或收回数据库中的角色：reader（查看）、officer（检查、记录、承办、异议、认定存疑属实）、approver（豁免、确认、撤回、排除存疑、查看原文）、"
        "administrator（角色、清理、抹去）。没有授予任何角色时人人可做一切。\n"
        "PostgreSQL用户有角色时以其为准，否则看审计记录中的名字；能直接改写数据库的人不受此约束。",
        "List, give or take roles in the store: reader (read), officer (check, note, assign, tick, dispute, confirm "
        "suspects), approver (waive, attest, withdraw, dismiss suspects, reveal), administrator (roles, removing, "
        "erasing). As long as nobody was given one, everybody may do everything.\n"
        "The PostgreSQL user's role comes first, then that of the name in the audit trail; whoever can write the "
        "database past this program is not held by them.",
    ),
    "cli.help.roles.give": (
        "授予角色：reader、officer、approver、administrator",
        "give a role: reader, officer, approver or administrator",
    ),
    "cli.help.roles.take": ("收回角色", "take a role"),
    "cli.help.roles.database": ("WHO 是PostgreSQL用户", "WHO is a user of PostgreSQL"),
    "cli.roles.unknown": ("角色有：{roles}", "roles are: {roles}"),
    "cli.roles.database": ("数据库用户", "database user"),
    "cli.roles.name": ("名字", "name"),
    "cli.roles.none": ("没有授予任何角色：人人可做一切", "nobody was given a role: everybody may do everything"),
    "cli.roles.you": ("您是{who}：{role}", "you are {who}: {role}"),
    "cli.decide.imported": (
        "导入{new}项，{known}项数据库中已有",
        "{new} imported, {known} were in the store before",
    ),
    "cli.help.decisions.imported": (
        "导入一个文件中的决定，默认工作区自己的文件",
        "take the decisions of a file into the store; the workspace's own by default",
    ),
    "cli.help.decisions.exported": (
        "把数据库中的决定写成文件，默认标准输出",
        "write the store's decisions as such a file; to standard output by default",
    ),
    "cli.help.waive": (
        (
            "豁免问题，记入工作区的数据库。申请人与批准人须不同，"
            "批准人须在岗并有规则集要求的职级或职责。\n规则集参数 waiver_approver_ranks、"
            "waiver_approver_duties、waiver_reasons、waiver_days_error（warning、info）规定谁可批准、"
            "理由和最长天数。\n不会生效的豁免不会写入。--list 列出，--withdraw 撤回，--baseline "
            "一次接受现有的全部问题。"
        ),
        (
            "Waive findings, in the workspace's store. The approver is another person, in post, "
            "with a rank or duty the rule set names.\nThe rule set's parameters waiver_approver_ranks, "
            "waiver_approver_duties, waiver_reasons and waiver_days_error (warning, info) say who may "
            "approve, why and for how long.\nWhat would not count is not written. --list lists, --withdraw "
            "takes one back, --baseline accepts all of today's findings."
        ),
    ),
    "cli.help.waive.reason": (
        (
            "理由，须在规则集的清单中（默认 transition、platform-limit、special-duty、handled-elsewhere、"
            "legacy、baseline、other）"
        ),
        (
            "reason, from the rule set's list (by default transition, platform-limit, special-duty, "
            "handled-elsewhere, legacy, baseline, other)"
        ),
    ),
    "cli.help.waive.text": ("说明", "explanation"),
    "cli.help.waive.requester": ("申请人（编号或姓名）", "who asks for it (id or name)"),
    "cli.help.waive.approver": ("批准人（编号或姓名）", "who approves it (id or name)"),
    "cli.help.waive.until": ("有效至何时；只写日期即含当日", "until when it counts; a date alone includes that day"),
    "cli.help.waive.from": ("自此时生效，默认为批准时", "when it begins; the approval by default"),
    "cli.help.waive.approved": (
        "批准时间，默认为最近一次检查的数据日期",
        "when it was approved; the date of the newest run's data by default",
    ),
    "cli.help.waive.ticket": ("单据号", "number of the ticket"),
    "cli.help.waive.baseline": (
        "接受现有的全部问题；之后新出现的仍会显示",
        "accept all of today's findings; new ones still show",
    ),
    "cli.help.waive.ruleset": ("规则集，默认最近一次检查的", "rule set; that of the newest run by default"),
    "cli.help.waive.list": ("列出及其状态", "list them with their states"),
    "cli.help.waive.withdraw": (
        "撤回此编号：此后的检查都不再计入，不论数据是哪一天的",
        "take this one back: no check made from now on counts it, of whatever date its data are",
    ),
    "cli.help.attest": (
        "登记一份书面确认，记入工作区的数据库。只记录所签文件的名称和摘要，不保存文件。",
        ("Record a signed statement in the workspace's store. Of the signed file only name and hash are kept."),
    ),
    "cli.help.attest.person": ("签字人（编号或姓名）", "who signed (id or name)"),
    "cli.help.attest.signed": ("签字时间", "when it was signed"),
    "cli.help.attest.for": (
        "部门或群（编号或名称），按部门或按群确认时用；不写则取签字人任职的部门",
        (
            "the department or group (id or name) where each states for itself; "
            "without it, the one in which the signer holds a post"
        ),
    ),
    "cli.help.attest.progress": (
        "列出每项书面确认谁已签、谁未签（按最新一次检查）",
        "list for each statement who has signed and who has not, by the newest check",
    ),
    "cli.attest.progress": ("{clause} {asks}：{signed}/{asked}", "{clause} {asks}: {signed} of {asked}"),
    "cli.attest.has": ("已签：{names}", "signed: {names}"),
    "cli.attest.has-not": ("未签：{names}", "not signed: {names}"),
    "cli.help.attest.evidence": ("所签文件", "the file that was signed"),
    "cli.help.attest.valid": ("有效天数，不超过规则集的规定", "days it holds, at most what the rule set says"),
    "cli.help.attest.text": ("说明", "explanation"),
}
