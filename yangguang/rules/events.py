"""What the log calls each act, in Chinese: one table, read by the log page, the two-person page and the manual."""

EVENTS: dict[str, str] = {
    "code.send": "发送短信验证码",
    "key.challenge": "请求优盾签名",
    "key.issue": "发放优盾",
    "key.receive": "签收优盾",
    "key.bind": "绑定优盾",
    "key.revoke": "吊销优盾",
    "account.enter": "用短信验证码登录",
    "account.sign_in": "用优盾登录",
    "account.open": "开设账号",
    "directory.load": "载入单位与规则",
    "qualification.publish": "公布招生学校名录",
    "window.set": "设定开放时间",
    "round.open": "开设批次",
    "plan.draft": "编报招生计划",
    "plan.submit": "上报招生计划",
    "plan.pass_on": "审核通过招生计划",
    "plan.return_back": "退回招生计划",
    "plan.publish": "公布招生计划",
    "target.load": "导入任务分解表",
    "person.register": "实名与报名",
    "application.withdraw": "撤回报名",
    "choices.draft": "保存志愿草稿",
    "choices.submit": "提交志愿",
    "lottery.commit": "承诺抽签种子",
    "lottery.reveal": "公开抽签种子",
    "run.start": "发起录取运算",
    "run.what_if": "试算录取",
    "run.propose": "提请公布录取",
    "run.approve": "批准公布录取",
    "run.publish": "公布录取结果",
    "imported.load": "导入已定录取结果",
    "seat.claim": "免试注册",
    "answer.give": "应答录取",
    "answer.lapse": "逾期应答处理",
    "check_in.take": "办理报到",
    "check_in.release_absent": "释放未报到名额",
    "exam_result.load": "导入中招成绩",
    "outside.load": "导入外部名单",
    "duplicate.check": "重复学籍查验",
    "duplicate.settle": "裁定查重事项",
    "record.make_due": "生成学籍",
    "record.complete": "补充学籍信息",
    "record.confirm": "本人确认学籍",
    "report.compute": "计算月报",
    "report.review": "复核月报",
    "report.seal": "封存月报",
    "report.send": "报送月报",
    "sanction.propose": "提出处理措施",
    "sanction.approve": "批准处理措施",
    "notice.publish": "发布政策公告",
    "message.send_due": "发送消息",
    "audit.root": "公布每日日志根",
    "clock.shift": "调整演练时钟",
    "result.look_up": "凭三项信息查询结果",
    "contact.unmask": "查看完整联系方式",
    "route.denied": "访问被拒",
}


def say_action(name: str) -> str:
    """The act's Chinese name.

    Raises:
        KeyError: an act that is not in the table; `tests/test_house.py` compares the table with the actions.
    """
    return EVENTS[name]
