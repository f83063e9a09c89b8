"""Every right of the platform as one table: its code and name, and who has it, how far and under which conditions.
(T1.05)

A cell is `role:` with a scope letter and flags. Scopes: o own person or linked child, s own school, c own subtree and
sector, C own subtree and both sectors (numbers only), l whole province and own sector, a all, n numbers only.
Flags: w only in the open window, m masked, A approval with reason, 2 second person, f fresh factor,
n numbers with cells under 5 suppressed, x never on the own organisation. A role that is not named is denied.
"""

import enum
from typing import Self

_ROLES = ("G", "S", "P", "J", "V", "T", "CE", "CH", "ME", "MH", "PE", "PH", "AU", "OP")


def _everyone(code: str) -> str:
    """The same cell for all fourteen roles."""
    return " ".join(f"{role}:{code}" for role in _ROLES)


class Right(enum.StrEnum):
    """What can be done: `resource.action`, its Chinese name, its cells."""

    label: str
    cells: str

    def __new__(cls, code: str, label: str = "", cells: str = "") -> Self:
        right = str.__new__(cls, code)
        right._value_, right.label, right.cells = code, label, cells
        return right

    SCHOOL_DIRECTORY_READ = "school_directory.read", "查看招生学校名录", _everyone("a")
    SCHOOL_DIRECTORY_CHANGE = "school_directory.change", "变更招生学校名录", "PE:l2f PH:l2f"
    SCHOOL_PAGE_READ = "school_page.read", "查看学校主页", _everyone("a")
    SCHOOL_PAGE_EDIT = "school_page.edit", "编辑本校主页", "V:sf T:sf"
    SCHOOL_PAGE_TAKE_DOWN = "school_page.take_down", "下线学校主页", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"
    PLAN_READ_PUBLISHED = "plan.read_published", "查看已公布的招生计划", _everyone("a")
    PLAN_DRAFT = "plan.draft", "编报招生计划", "V:sw T:sw"
    PLAN_APPROVE = "plan.approve", "审核招生计划", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"
    PLAN_CHANGE_AFTER_OPEN = "plan.change_after_open", "开放报名后调整计划", "ME:c2f MH:c2f PE:l2f PH:l2f"
    PLAN_CHANGE_REQUEST = "plan.change_request", "申请调整已公布的计划", "V:sf T:sf"
    PLAN_CHANGE_REFUSE = "plan.change_refuse", "退回计划调整申请", "ME:cf MH:cf PE:lf PH:lf"
    PLAN_HISTORY = "plan.history", "查看计划变更历史", _everyone("a")
    ROUND_WINDOW_SET = "round_window.set", "设定开放时间", "PE:a2f PH:a2f"
    ROUND_WINDOW_EXTEND = "round_window.extend", "延长开放时间", "PE:a2f PH:a2f"
    POLICY_NOTICE_PUBLISH = "policy_notice.publish", "发布政策公告", "CE:cf CH:cf ME:cf MH:cf PE:af PH:af"
    GRADUATE_ROSTER_UPLOAD = "graduate_roster.upload", "上传毕业生名册", "J:sf CE:cf ME:cf"
    GRADUATE_ROSTER_READ = "graduate_roster.read", "查看毕业生名册", "J:sm CE:cm ME:cm PE:am AU:am"
    APPLICATION_CREATE = "application.create", "报名", "S:ow P:ow"
    APPLICATION_READ = "application.read", "查看报名信息", "S:o P:o V:sm T:sm CE:cm CH:cm ME:cm MH:cm PE:lm PH:lm AU:am"
    APPLICATION_REGISTERED_FLAG = (
        "application.registered_flag",
        "查看是否已报名（仅人数）",
        "S:o P:o J:sn CE:cn CH:cn ME:cn MH:cn PE:an PH:an AU:an",
    )
    APPLICATION_WITHDRAW = "application.withdraw", "撤回报名", "S:owf P:owf"
    APPLICATION_ASSIST_ENTRY = "application.assist_entry", "乡镇（街道）协助录入", "CE:cwfA CH:cwfA"
    CHOICE_READ = "choice.read", "查看志愿", "S:o P:o V:sm T:sm AU:amA"
    CHOICE_WRITE = "choice.write", "填报志愿", "S:owf P:owf"
    ACCOUNT_FREEZE = "account.freeze", "冻结账户", "S:o P:o CE:cf CH:cf ME:cf MH:cf PE:af PH:af OP:a"
    CONTACT_UNMASK_ONE = (
        "contact.unmask_one",
        "查看一人完整联系方式",
        "S:o P:o V:sA T:sA CE:cA CH:cA ME:cA MH:cA PE:lA PH:lA",
    )
    PERSON_DATA_BULK_EXPORT = (
        "person_data.bulk_export",
        "批量导出个人信息",
        "V:sA2f T:sA2f CE:cA2f CH:cA2f ME:cA2f MH:cA2f PE:lA2f PH:lA2f",
    )
    IDENTITY_CORRECT_REQUEST = "identity.correct_request", "申请更正身份信息", "S:o P:o"
    IDENTITY_CORRECT_APPROVE = "identity.correct_approve", "审批身份信息更正", "CE:c2f CH:c2f ME:c2f MH:c2f"
    CONSENT_GIVE = "consent.give", "给予同意", "S:o P:o"
    CONSENT_WITHDRAW = "consent.withdraw", "撤回同意", "S:o P:o"
    SPECIAL_NEEDS_READ = (
        "special_needs.read",
        "查看特殊教育需要",
        "S:o P:o V:sA T:sA CE:cA CH:cA ME:cA MH:cA PE:lA PH:lA",
    )
    ADMISSION_PROPOSE = "admission.propose", "提出拟录取", "V:swf T:swf"
    ADMISSION_CENTRAL_RUN = "admission.central_run", "集中录取运算", "ME:c2f MH:c2f PE:a2f PH:a2f"
    ADMISSION_PUBLISH = "admission.publish", "公布录取结果", "ME:c2f MH:c2f PE:a2f PH:a2f"
    ADMISSION_ACCEPT = "admission.accept", "接受录取", "S:owf P:owf"
    ADMISSION_DECLINE = "admission.decline", "放弃录取", "S:owf P:owf"
    ADMISSION_REVOKE_PROPOSE = "admission.revoke_propose", "提出退录", "V:sf T:sf CE:cf CH:cf"
    ADMISSION_REVOKE_APPROVE = "admission.revoke_approve", "审批退录", "ME:c2f MH:c2f PE:l2f PH:l2f"
    ADMISSION_OVER_QUOTA = "admission.over_quota", "超计划录取（任何人都没有）", ""
    RESULT_LOOKUP_SELF = "result.lookup_self", "查询本人结果", "S:o P:o"
    RESULT_LOOKUP_THREE_FACTS = "result.lookup_three_facts", "凭三项信息查询结果", _everyone("om")
    RESULT_PUBLIC_STATS = "result.public_stats", "查看公示统计", _everyone("n")
    RUN_REPORT_READ_VERIFIER = "run_report.read_verifier", "查看录取核验报告", _everyone("a")
    NOTICE_PRINT = "notice.print", "打印录取通知书", "S:o P:o V:s T:s"
    NOTICE_VERIFY_QR = "notice.verify_qr", "核验录取通知书", _everyone("am")
    RECORD_GENERATE = "record.generate", "生成学籍（只能由系统依条件生成）", ""
    RECORD_READ = "record.read", "查看学籍", "S:o P:o V:s T:s CE:cm CH:cm ME:cm MH:cm PE:lm PH:lm AU:am"
    RECORD_CONFIRM = "record.confirm", "本人确认学籍", "S:of P:of"
    RECORD_VERIFY_ON_SITE = "record.verify_on_site", "实地核验学籍", "CE:cf CH:cf ME:cf MH:cf"
    RECORD_CHANGE_REQUEST = "record.change_request", "申请学籍变动", "S:o P:o V:sf T:sf"
    RECORD_CHANGE_APPROVE = "record.change_approve", "审批学籍变动", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"
    RECORD_EXPORT_NATIONAL = "record.export_national", "上报全国系统", "PE:l2f PH:l2f"
    TASK_NUMBER_READ = "task_number.read", "查看任务数", "V:s T:s CE:c CH:c ME:c MH:c PE:a PH:a AU:a"
    TASK_NUMBER_SET_CHILDREN = "task_number.set_children", "分解任务数", "CE:cf CH:cf ME:cf MH:cf PE:af PH:lf"
    MONTHLY_REPORT_FILL = "monthly_report.fill", "编制月报", "V:sf T:sf CE:cf CH:cf ME:cf MH:cf"
    MONTHLY_REPORT_SEE_BOTH_LINES = (
        "monthly_report.see_both_lines",
        "查看两线汇总数",
        "CE:Cn CH:Cn ME:Cn MH:Cn PE:an PH:an AU:an",
    )
    MONTHLY_REPORT_SEAL = "monthly_report.seal", "月报封存", "CE:cf ME:cf MH:cf PE:af PH:lf"
    MONTHLY_REPORT_RECEIVE = "monthly_report.receive", "签收下级月报", "ME:c PE:a"
    MONTHLY_REPORT_HAND_OVER = "monthly_report.hand_over", "移交技工学校招生数", "CH:cf MH:cf"
    BULLETIN_PUBLISH = "bulletin.publish", "发布通报", "ME:cf MH:cf PE:af PH:af"
    COMPLAINT_CREATE = "complaint.create", "举报", _everyone("a")
    COMPLAINT_FOLLOW_BY_CODE = "complaint.follow_by_code", "凭码查询举报进度", _everyone("o")
    COMPLAINT_HANDLE = "complaint.handle", "查处举报", "CE:cx CH:cx ME:cx MH:cx PE:lx PH:lx"
    COMPLAINT_SEE_REPORTER = "complaint.see_reporter", "查看举报人身份", "PE:lA2x PH:lA2x"
    SANCTION_PROPOSE = "sanction.propose", "提出处理措施", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"
    SANCTION_APPROVE = "sanction.approve", "批准处理措施", "PE:l2f PH:l2f"
    SANCTION_READ_PUBLIC_MARK = "sanction.read_public_mark", "查看警示标注", _everyone("a")
    AGENT_BLACKLIST_CHANGE = "agent_blacklist.change", "变更校企合作黑名单", "ME:c2f MH:c2f PE:a2f PH:a2f"
    AGENT_BLACKLIST_READ = "agent_blacklist.read", "查看校企合作黑名单", "V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a"
    OUT_OF_PROVINCE_FILE = "out_of_province.file", "省外学校备案申请", "V:sf T:sf"
    OUT_OF_PROVINCE_APPROVE = "out_of_province.approve", "省外学校备案审批", "PE:l2f PH:l2f"
    UKEY_ISSUE = "ukey.issue", "发放优盾", "PE:l2f PH:l2f"
    UKEY_REGISTER_RECEIPT = "ukey.register_receipt", "登记优盾签收", "V:s T:s CE:c CH:c ME:c MH:c"
    UKEY_REVOKE = "ukey.revoke", "吊销优盾", "V:sf T:sf CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf OP:a"
    STAFF_ACCOUNT_CREATE_BELOW = (
        "staff_account.create_below",
        "开设下级账号",
        "V:sf T:sf CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf",
    )
    AUDIT_LOG_READ = "audit_log.read", "查看审计日志", "AU:am"
    AUDIT_LOG_WHO_SAW_ME = "audit_log.who_saw_me", "查看谁看过我的信息", "S:o P:o"
    AUDIT_LOG_WRITE_UPDATE_DELETE = "audit_log.write_update_delete", "改写审计日志（任何人都没有）", ""
    AUDIT_ROOT_PUBLISH_VERIFY = "audit_root.publish_verify", "查验每日日志根", _everyone("a")
    SYSTEM_CONFIG_CHANGE = "system_config.change", "变更系统配置", "OP:a2f"
    BACKUP_RESTORE = "backup.restore", "恢复备份", "OP:a2f"
    USER_IMPERSONATE = "user.impersonate", "冒用他人身份操作（任何人都没有）", ""
    HEALTH_READ_INTERNAL = "health.read_internal", "查看系统状态", "AU:a OP:a"
    ACCOUNT_SIGN_IN = "account.sign_in", "登录与退出", "G:a S:o P:o J:s V:s T:s CE:c CH:c ME:c MH:c PE:a PH:a AU:a OP:a"
    ACCOUNT_SEND_CODE = "account.send_code", "获取短信验证码", "G:a S:o P:o"
    CHECK_IN_TAKE = "check_in.take", "办理报到", "V:swf T:swf"
    CHECK_IN_RELEASE_ABSENT = "check_in.release_absent", "释放未报到名额", "ME:c2f MH:c2f PE:a2f PH:a2f"
    ANSWER_LAPSE = "answer.lapse", "按规则处理逾期应答", "ME:cf MH:cf PE:af PH:af OP:a"
    DUPLICATE_CHECK = "duplicate.check", "重复学籍查验", "PE:af PH:af OP:a"
    OUTSIDE_LIST_CHECK = "outside_list.check", "核对外部名单文件", "PE:a PH:a"
    DUPLICATE_DECIDE = "duplicate.decide", "重复学籍裁定", "CE:cf CH:cf ME:cf MH:cf PE:af PH:af"
    EXAM_RESULT_LOAD = "exam_result.load", "导入中招成绩", "ME:c2f PE:a2f"
    EXAM_RESULT_CHECK = "exam_result.check", "核对中招成绩文件", "ME:c PE:a"
    IMPORTED_RESULT_LOAD = "imported_result.load", "导入已定录取结果", "PE:a2f PH:a2f"
    SEASON_PLAY_CLOCK = "season.play_clock", "调整演练时钟", "OP:a"
    TARGET_LOAD_TABLE = "target.load_table", "导入任务分解表", "CE:cf ME:cf PE:af PH:lf OP:a"
    RECORD_MAKE_DUE = "record.make_due", "按条件批量生成学籍", "PE:af PH:af OP:a"
    RECORD_COMPLETE = "record.complete", "补充学籍信息", "V:sf T:sf"
    DIRECTORY_SEED = "directory.seed", "载入名录与规则行", "OP:a"
    CALENDAR_LOAD = "calendar.load", "载入放假调休安排", "PE:af PH:af OP:a"
    AUDIT_ROOT_PUBLISH = "audit_root.publish", "公布每日日志根", "OP:a"
    INVARIANT_CHECK = "invariant.check", "记录每夜核对的结果", "OP:a"
    MESSAGE_SEND = "message.send", "发送待发消息", "OP:a"
    BUNDLE_MAKE = "bundle.make", "制作录取回放包", "OP:a"
    RUN_TRIAL = "run.trial", "试算录取（只有数字，不能公布）", "ME:c MH:c PE:a PH:a OP:a"
    RUN_READ_RANKING = "run.read_ranking", "查看运算的排名和差异（脱敏）", "ME:cm MH:cm PE:am PH:am"
    RUN_WORK = "run.work", "执行录取后台任务", "OP:a"
    CHOICE_DISPUTE = "choice.dispute", "对志愿改动提出异议", "S:owf P:owf"
    DISPUTE_READ = "choice_dispute.read", "查看志愿异议（看不到填报的学校）", "CE:cm ME:cm PE:am AU:am"
    DISPUTE_PROPOSE = "choice_dispute.propose", "核查志愿异议", "CE:cf ME:cf"
    DISPUTE_DECIDE = "choice_dispute.decide", "批准志愿异议的处理", "ME:c2f PE:a2f"
    IMPORTED_RESULT_CHECK = "imported_result.check", "核对已定录取结果文件", "PE:a PH:a"
    SANCTION_CARRY_OUT = "sanction.carry_out", "执行到期的处理措施", "OP:a"
    APTITUDE_TEST_LOAD = "aptitude_test.load", "报送自主测试加分", "V:s2f T:s2f"
    WAITING_OFFER = "waiting.offer", "按候补次序递补", "PE:af PH:af OP:a"
    ANSWER_SET_AUTO = "answer.set_auto", "设定自动应答", "S:of P:of"
    WITHDRAWAL_ASK = "withdrawal.ask", "申请退录", "S:of P:of"
    WITHDRAWAL_COMMENT = "withdrawal.comment", "对退录提出意见", "V:sf T:sf"
    WITHDRAWAL_CARRY_OUT = "withdrawal.carry_out", "退录期满生效", "PE:af PH:af OP:a"
    SEAT_TRANSFER = "seat.transfer", "换录", "S:owf P:owf"
    PROPOSAL_WITHDRAW = "proposal.withdraw", "撤回双人事项的提请", "V:sf T:sf ME:cf MH:cf PE:lf PH:lf"
    PROPOSAL_LAPSE = "proposal.lapse", "结束到期的双人事项提请", "OP:a"
    GUARDIAN_PHONE_CHANGE = "guardian_phone.change", "改正监护人手机号", "S:of P:of"
    FAMILY_PHONE_CHANGE = "family_phone.change", "为考生更换登录手机号", "CE:cf ME:cf"
