"""Every right of the platform as one table: what it is called and who has it, how far and under which conditions.

A cell is a scope letter and flags. Scopes: o own person or linked child, s own school, c own subtree and sector,
C own subtree and both sectors (numbers only), l whole province and own sector, a all, n numbers only.
Flags: w only in the open window, m masked, A approval with reason, 2 second person, f fresh factor,
n numbers with cells under 5 suppressed, x never on the own organisation. A role that is not named is denied.
"""

import enum


class Right(enum.StrEnum):
    """What can be done; the value is `resource.action`."""

    SCHOOL_DIRECTORY_READ = "school_directory.read"
    SCHOOL_DIRECTORY_CHANGE = "school_directory.change"
    SCHOOL_PAGE_READ = "school_page.read"
    SCHOOL_PAGE_EDIT = "school_page.edit"
    SCHOOL_PAGE_TAKE_DOWN = "school_page.take_down"
    PLAN_READ_PUBLISHED = "plan.read_published"
    PLAN_DRAFT = "plan.draft"
    PLAN_APPROVE = "plan.approve"
    PLAN_CHANGE_AFTER_OPEN = "plan.change_after_open"
    PLAN_HISTORY = "plan.history"
    ROUND_WINDOW_SET = "round_window.set"
    ROUND_WINDOW_EXTEND = "round_window.extend"
    POLICY_NOTICE_PUBLISH = "policy_notice.publish"
    GRADUATE_ROSTER_UPLOAD = "graduate_roster.upload"
    GRADUATE_ROSTER_READ = "graduate_roster.read"
    APPLICATION_CREATE = "application.create"
    APPLICATION_READ = "application.read"
    APPLICATION_REGISTERED_FLAG = "application.registered_flag"
    APPLICATION_WITHDRAW = "application.withdraw"
    APPLICATION_ASSIST_ENTRY = "application.assist_entry"
    CHOICE_READ = "choice.read"
    CHOICE_WRITE = "choice.write"
    CHOICE_UNDO_24H = "choice.undo_24h"
    ACCOUNT_FREEZE = "account.freeze"
    CONTACT_UNMASK_ONE = "contact.unmask_one"
    PERSON_DATA_BULK_EXPORT = "person_data.bulk_export"
    IDENTITY_CORRECT_REQUEST = "identity.correct_request"
    IDENTITY_CORRECT_APPROVE = "identity.correct_approve"
    CONSENT_GIVE = "consent.give"
    CONSENT_WITHDRAW = "consent.withdraw"
    SPECIAL_NEEDS_READ = "special_needs.read"
    ADMISSION_PROPOSE = "admission.propose"
    ADMISSION_CENTRAL_RUN = "admission.central_run"
    ADMISSION_PUBLISH = "admission.publish"
    ADMISSION_ACCEPT = "admission.accept"
    ADMISSION_DECLINE = "admission.decline"
    ADMISSION_REVOKE_PROPOSE = "admission.revoke_propose"
    ADMISSION_REVOKE_APPROVE = "admission.revoke_approve"
    ADMISSION_OVER_QUOTA = "admission.over_quota"
    RESULT_LOOKUP_SELF = "result.lookup_self"
    RESULT_LOOKUP_THREE_FACTS = "result.lookup_three_facts"
    RESULT_PUBLIC_STATS = "result.public_stats"
    RUN_REPORT_READ_VERIFIER = "run_report.read_verifier"
    NOTICE_PRINT = "notice.print"
    NOTICE_VERIFY_QR = "notice.verify_qr"
    RECORD_GENERATE = "record.generate"
    RECORD_READ = "record.read"
    RECORD_CONFIRM = "record.confirm"
    RECORD_VERIFY_ON_SITE = "record.verify_on_site"
    RECORD_CHANGE_REQUEST = "record.change_request"
    RECORD_CHANGE_APPROVE = "record.change_approve"
    RECORD_EXPORT_NATIONAL = "record.export_national"
    TASK_NUMBER_READ = "task_number.read"
    TASK_NUMBER_SET_CHILDREN = "task_number.set_children"
    MONTHLY_REPORT_FILL = "monthly_report.fill"
    MONTHLY_REPORT_SEE_BOTH_LINES = "monthly_report.see_both_lines"
    MONTHLY_REPORT_SEAL = "monthly_report.seal"
    BULLETIN_PUBLISH = "bulletin.publish"
    COMPLAINT_CREATE = "complaint.create"
    COMPLAINT_FOLLOW_BY_CODE = "complaint.follow_by_code"
    COMPLAINT_HANDLE = "complaint.handle"
    COMPLAINT_SEE_REPORTER = "complaint.see_reporter"
    SANCTION_PROPOSE = "sanction.propose"
    SANCTION_APPROVE = "sanction.approve"
    SANCTION_READ_PUBLIC_MARK = "sanction.read_public_mark"
    AGENT_BLACKLIST_CHANGE = "agent_blacklist.change"
    AGENT_BLACKLIST_READ = "agent_blacklist.read"
    OUT_OF_PROVINCE_FILE = "out_of_province.file"
    OUT_OF_PROVINCE_APPROVE = "out_of_province.approve"
    UKEY_ISSUE = "ukey.issue"
    UKEY_REGISTER_RECEIPT = "ukey.register_receipt"
    UKEY_REVOKE = "ukey.revoke"
    STAFF_ACCOUNT_CREATE_BELOW = "staff_account.create_below"
    AUDIT_LOG_READ = "audit_log.read"
    AUDIT_LOG_WHO_SAW_ME = "audit_log.who_saw_me"
    AUDIT_LOG_WRITE_UPDATE_DELETE = "audit_log.write_update_delete"
    AUDIT_ROOT_PUBLISH_VERIFY = "audit_root.publish_verify"
    SYSTEM_CONFIG_CHANGE = "system_config.change"
    BACKUP_RESTORE = "backup.restore"
    USER_IMPERSONATE = "user.impersonate"
    HEALTH_READ_INTERNAL = "health.read_internal"
    ACCOUNT_SIGN_IN = "account.sign_in"
    ACCOUNT_SEND_CODE = "account.send_code"
    CHECK_IN_TAKE = "check_in.take"
    CHECK_IN_RELEASE_ABSENT = "check_in.release_absent"
    ANSWER_LAPSE = "answer.lapse"
    DUPLICATE_CHECK = "duplicate.check"
    DUPLICATE_DECIDE = "duplicate.decide"
    EXAM_RESULT_LOAD = "exam_result.load"
    IMPORTED_RESULT_LOAD = "imported_result.load"
    SEASON_PLAY_CLOCK = "season.play_clock"
    TARGET_LOAD_TABLE = "target.load_table"
    RECORD_MAKE_DUE = "record.make_due"
    RECORD_COMPLETE = "record.complete"
    DIRECTORY_SEED = "directory.seed"
    AUDIT_ROOT_PUBLISH = "audit_root.publish"
    MESSAGE_SEND = "message.send"
    BUNDLE_MAKE = "bundle.make"
    RUN_TRIAL = "run.trial"
    RUN_READ_RANKING = "run.read_ranking"
    RUN_WORK = "run.work"
    WAITING_OFFER = "waiting.offer"
    ANSWER_SET_AUTO = "answer.set_auto"
    WITHDRAWAL_ASK = "withdrawal.ask"
    WITHDRAWAL_COMMENT = "withdrawal.comment"
    WITHDRAWAL_CARRY_OUT = "withdrawal.carry_out"
    SEAT_TRANSFER = "seat.transfer"
    CHOICE_DISPUTE = "choice.dispute"
    DISPUTE_READ = "choice_dispute.read"
    DISPUTE_PROPOSE = "choice_dispute.propose"
    DISPUTE_DECIDE = "choice_dispute.decide"
    IMPORTED_RESULT_CHECK = "imported_result.check"
    SANCTION_CARRY_OUT = "sanction.carry_out"
    APTITUDE_TEST_LOAD = "aptitude_test.load"


GRANTS: dict[Right, tuple[str, str]] = {
    Right.SCHOOL_DIRECTORY_READ: (
        "查看招生学校名录",
        "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a",
    ),
    Right.SCHOOL_DIRECTORY_CHANGE: ("变更招生学校名录", "PE:l2f PH:l2f"),
    Right.SCHOOL_PAGE_READ: ("查看学校主页", "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a"),
    Right.SCHOOL_PAGE_EDIT: ("编辑本校主页", "V:sf T:sf"),
    Right.SCHOOL_PAGE_TAKE_DOWN: ("下线学校主页", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"),
    Right.PLAN_READ_PUBLISHED: (
        "查看已公布的招生计划",
        "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a",
    ),
    Right.PLAN_DRAFT: ("编报招生计划", "V:sw T:sw"),
    Right.PLAN_APPROVE: ("审核招生计划", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"),
    Right.PLAN_CHANGE_AFTER_OPEN: ("开放报名后调整计划", "ME:c2f MH:c2f PE:l2f PH:l2f"),
    Right.PLAN_HISTORY: ("查看计划变更历史", "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a"),
    Right.ROUND_WINDOW_SET: ("设定开放时间", "PE:a2f PH:a2f"),
    Right.ROUND_WINDOW_EXTEND: ("延长开放时间", "PE:a2f PH:a2f"),
    Right.POLICY_NOTICE_PUBLISH: ("发布政策公告", "CE:cf CH:cf ME:cf MH:cf PE:af PH:af"),
    Right.GRADUATE_ROSTER_UPLOAD: ("上传毕业生名册", "J:sf CE:cf ME:cf"),
    Right.GRADUATE_ROSTER_READ: ("查看毕业生名册", "J:sm CE:cm ME:cm PE:am AU:am"),
    Right.APPLICATION_CREATE: ("报名", "S:ow P:ow"),
    Right.APPLICATION_READ: ("查看报名信息", "S:o P:o V:sm T:sm CE:cm CH:cm ME:cm MH:cm PE:lm PH:lm AU:am"),
    Right.APPLICATION_REGISTERED_FLAG: (
        "查看是否已报名（仅人数）",
        "S:o P:o J:sn CE:cn CH:cn ME:cn MH:cn PE:an PH:an AU:an",
    ),
    Right.APPLICATION_WITHDRAW: ("撤回报名", "S:owf P:owf"),
    Right.APPLICATION_ASSIST_ENTRY: ("乡镇（街道）协助录入", "CE:cwfA CH:cwfA"),
    Right.CHOICE_READ: ("查看志愿", "S:o P:o V:sm T:sm AU:amA"),
    Right.CHOICE_WRITE: ("填报志愿", "S:owf P:owf"),
    Right.CHOICE_UNDO_24H: ("24小时内撤销志愿改动", "S:owf P:owf"),
    Right.ACCOUNT_FREEZE: ("冻结账户", "S:o P:o CE:cf CH:cf ME:cf MH:cf PE:af PH:af OP:a"),
    Right.CONTACT_UNMASK_ONE: ("查看一人完整联系方式", "S:o P:o V:sA T:sA CE:cA CH:cA ME:cA MH:cA PE:lA PH:lA"),
    Right.PERSON_DATA_BULK_EXPORT: (
        "批量导出个人信息",
        "V:sA2f T:sA2f CE:cA2f CH:cA2f ME:cA2f MH:cA2f PE:lA2f PH:lA2f",
    ),
    Right.IDENTITY_CORRECT_REQUEST: ("申请更正身份信息", "S:o P:o"),
    Right.IDENTITY_CORRECT_APPROVE: ("审批身份信息更正", "CE:c2f CH:c2f ME:c2f MH:c2f"),
    Right.CONSENT_GIVE: ("给予同意", "S:o P:o"),
    Right.CONSENT_WITHDRAW: ("撤回同意", "S:o P:o"),
    Right.SPECIAL_NEEDS_READ: ("查看特殊教育需要", "S:o P:o V:sA T:sA CE:cA CH:cA ME:cA MH:cA PE:lA PH:lA"),
    Right.ADMISSION_PROPOSE: ("提出拟录取", "V:swf T:swf"),
    Right.ADMISSION_CENTRAL_RUN: ("集中录取运算", "ME:c2f MH:c2f PE:a2f PH:a2f"),
    Right.ADMISSION_PUBLISH: ("公布录取结果", "ME:c2f MH:c2f PE:a2f PH:a2f"),
    Right.ADMISSION_ACCEPT: ("接受录取", "S:owf P:owf"),
    Right.ADMISSION_DECLINE: ("放弃录取", "S:owf P:owf"),
    Right.ADMISSION_REVOKE_PROPOSE: ("提出退录", "V:sf T:sf CE:cf CH:cf"),
    Right.ADMISSION_REVOKE_APPROVE: ("审批退录", "ME:c2f MH:c2f PE:l2f PH:l2f"),
    Right.ADMISSION_OVER_QUOTA: ("超计划录取（任何人都没有）", ""),
    Right.RESULT_LOOKUP_SELF: ("查询本人结果", "S:o P:o"),
    Right.RESULT_LOOKUP_THREE_FACTS: (
        "凭三项信息查询结果",
        "G:om S:om P:om J:om V:om T:om CE:om CH:om ME:om MH:om PE:om PH:om AU:om OP:om",
    ),
    Right.RESULT_PUBLIC_STATS: ("查看公示统计", "G:n S:n P:n J:n V:n T:n CE:n CH:n ME:n MH:n PE:n PH:n AU:n OP:n"),
    Right.RUN_REPORT_READ_VERIFIER: (
        "查看录取核验报告",
        "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a",
    ),
    Right.NOTICE_PRINT: ("打印录取通知书", "S:o P:o V:s T:s"),
    Right.NOTICE_VERIFY_QR: (
        "核验录取通知书",
        "G:am S:am P:am J:am V:am T:am CE:am CH:am ME:am MH:am PE:am PH:am AU:am OP:am",
    ),
    Right.RECORD_GENERATE: ("生成学籍（只能由系统依条件生成）", ""),
    Right.RECORD_READ: ("查看学籍", "S:o P:o V:s T:s CE:cm CH:cm ME:cm MH:cm PE:lm PH:lm AU:am"),
    Right.RECORD_CONFIRM: ("本人确认学籍", "S:of P:of"),
    Right.RECORD_VERIFY_ON_SITE: ("实地核验学籍", "CE:cf CH:cf ME:cf MH:cf"),
    Right.RECORD_CHANGE_REQUEST: ("申请学籍变动", "S:o P:o V:sf T:sf"),
    Right.RECORD_CHANGE_APPROVE: ("审批学籍变动", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"),
    Right.RECORD_EXPORT_NATIONAL: ("上报全国系统", "PE:l2f PH:l2f"),
    Right.TASK_NUMBER_READ: ("查看任务数", "V:s T:s CE:c CH:c ME:c MH:c PE:a PH:a AU:a"),
    Right.TASK_NUMBER_SET_CHILDREN: ("分解任务数", "CE:cf CH:cf ME:cf MH:cf PE:af PH:lf"),
    Right.MONTHLY_REPORT_FILL: ("编制月报", "V:sf T:sf CE:cf CH:cf ME:cf MH:cf"),
    Right.MONTHLY_REPORT_SEE_BOTH_LINES: ("查看两线汇总数", "CE:Cn CH:Cn ME:Cn MH:Cn PE:an PH:an AU:an"),
    Right.MONTHLY_REPORT_SEAL: ("月报封存", "ME:cf MH:cf PE:af PH:lf"),
    Right.BULLETIN_PUBLISH: ("发布通报", "ME:cf MH:cf PE:af PH:af"),
    Right.COMPLAINT_CREATE: ("举报", "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a"),
    Right.COMPLAINT_FOLLOW_BY_CODE: (
        "凭码查询举报进度",
        "G:o S:o P:o J:o V:o T:o CE:o CH:o ME:o MH:o PE:o PH:o AU:o OP:o",
    ),
    Right.COMPLAINT_HANDLE: ("查处举报", "CE:cx CH:cx ME:cx MH:cx PE:lx PH:lx"),
    Right.COMPLAINT_SEE_REPORTER: ("查看举报人身份", "PE:lA2x PH:lA2x"),
    Right.SANCTION_PROPOSE: ("提出处理措施", "CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"),
    Right.SANCTION_APPROVE: ("批准处理措施", "PE:l2f PH:l2f"),
    Right.SANCTION_READ_PUBLIC_MARK: (
        "查看警示标注",
        "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a",
    ),
    Right.AGENT_BLACKLIST_CHANGE: ("变更校企合作黑名单", "ME:c2f MH:c2f PE:a2f PH:a2f"),
    Right.AGENT_BLACKLIST_READ: ("查看校企合作黑名单", "V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a"),
    Right.OUT_OF_PROVINCE_FILE: ("省外学校备案申请", "V:sf T:sf"),
    Right.OUT_OF_PROVINCE_APPROVE: ("省外学校备案审批", "PE:l2f PH:l2f"),
    Right.UKEY_ISSUE: ("发放优盾", "PE:l2f PH:l2f"),
    Right.UKEY_REGISTER_RECEIPT: ("登记优盾签收", "V:s T:s CE:c CH:c ME:c MH:c"),
    Right.UKEY_REVOKE: ("吊销优盾", "V:sf T:sf CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf OP:a"),
    Right.STAFF_ACCOUNT_CREATE_BELOW: ("开设下级账号", "V:sf T:sf CE:cf CH:cf ME:cf MH:cf PE:lf PH:lf"),
    Right.AUDIT_LOG_READ: ("查看审计日志", "AU:am"),
    Right.AUDIT_LOG_WHO_SAW_ME: ("查看谁看过我的信息", "S:o P:o"),
    Right.AUDIT_LOG_WRITE_UPDATE_DELETE: ("改写审计日志（任何人都没有）", ""),
    Right.AUDIT_ROOT_PUBLISH_VERIFY: (
        "查验每日日志根",
        "G:a S:a P:a J:a V:a T:a CE:a CH:a ME:a MH:a PE:a PH:a AU:a OP:a",
    ),
    Right.SYSTEM_CONFIG_CHANGE: ("变更系统配置", "OP:a2f"),
    Right.BACKUP_RESTORE: ("恢复备份", "OP:a2f"),
    Right.USER_IMPERSONATE: ("冒用他人身份操作（任何人都没有）", ""),
    Right.HEALTH_READ_INTERNAL: ("查看系统状态", "AU:a OP:a"),
    Right.ACCOUNT_SIGN_IN: ("登录与退出", "G:a S:o P:o J:s V:s T:s CE:c CH:c ME:c MH:c PE:a PH:a AU:a OP:a"),
    Right.ACCOUNT_SEND_CODE: ("获取短信验证码", "G:a S:o P:o"),
    Right.CHECK_IN_TAKE: ("办理报到", "V:swf T:swf"),
    Right.CHECK_IN_RELEASE_ABSENT: ("释放未报到名额", "ME:c2f MH:c2f PE:a2f PH:a2f"),
    Right.ANSWER_LAPSE: ("按规则处理逾期应答", "ME:cf MH:cf PE:af PH:af OP:a"),
    Right.DUPLICATE_CHECK: ("重复学籍查验", "PE:af PH:af"),
    Right.DUPLICATE_DECIDE: ("重复学籍裁定", "CE:cf CH:cf ME:cf MH:cf PE:af PH:af"),
    Right.EXAM_RESULT_LOAD: ("导入中招成绩", "ME:c2f PE:a2f"),
    Right.IMPORTED_RESULT_LOAD: ("导入已定录取结果", "PE:a2f PH:a2f"),
    Right.SEASON_PLAY_CLOCK: ("调整演练时钟", "OP:a"),
    Right.TARGET_LOAD_TABLE: ("导入任务分解表", "CE:cf ME:cf PE:af PH:lf OP:a"),
    Right.RECORD_MAKE_DUE: ("按条件批量生成学籍", "PE:af PH:af OP:a"),
    Right.RECORD_COMPLETE: ("补充学籍信息", "V:sf T:sf"),
    Right.DIRECTORY_SEED: ("载入名录与规则行", "OP:a"),
    Right.AUDIT_ROOT_PUBLISH: ("公布每日日志根", "OP:a"),
    Right.MESSAGE_SEND: ("发送待发消息", "OP:a"),
    Right.BUNDLE_MAKE: ("制作录取回放包", "OP:a"),
    Right.RUN_TRIAL: ("试算录取（只有数字，不能公布）", "ME:c MH:c PE:a PH:a OP:a"),
    Right.RUN_READ_RANKING: ("查看运算的排名和差异（脱敏）", "ME:cm MH:cm PE:am PH:am"),
    Right.RUN_WORK: ("执行录取后台任务", "OP:a"),
    Right.CHOICE_DISPUTE: ("对志愿改动提出异议", "S:owf P:owf"),
    Right.DISPUTE_READ: ("查看志愿异议（看不到填报的学校）", "CE:cm ME:cm PE:am AU:am"),
    Right.DISPUTE_PROPOSE: ("核查志愿异议", "CE:cf ME:cf"),
    Right.DISPUTE_DECIDE: ("批准志愿异议的处理", "ME:c2f PE:a2f"),
    Right.IMPORTED_RESULT_CHECK: ("核对已定录取结果文件", "PE:a PH:a"),
    Right.SANCTION_CARRY_OUT: ("执行到期的处理措施", "OP:a"),
    Right.APTITUDE_TEST_LOAD: ("报送自主测试加分", "V:s2f T:s2f"),
    Right.WAITING_OFFER: ("按候补次序递补", "PE:af PH:af OP:a"),
    Right.ANSWER_SET_AUTO: ("设定自动应答", "S:of P:of"),
    Right.WITHDRAWAL_ASK: ("申请退录", "S:of P:of"),
    Right.WITHDRAWAL_COMMENT: ("对退录提出意见", "V:sf T:sf"),
    Right.WITHDRAWAL_CARRY_OUT: ("退录期满生效", "PE:af PH:af OP:a"),
    Right.SEAT_TRANSFER: ("换录", "S:owf P:owf"),
}
