"""A refusal is a sentence: what was refused, why (with the clause), and what to do now. (X1.04, F-N8)"""

import re

FIELDS = {
    "answer": "应答",
    "at": "时间",
    "arrived_on": "报到日期",
    "back_to": "恢复到的版本",
    "basis": "依据文件",
    "body": "正文",
    "closes_at": "截止时间",
    "consent": "告知同意",
    "day": "日期",
    "difference": "差异核对",
    "opinion": "说明",
    "pasted": "名单",
    "phone": "手机号",
    "sentence": "说明",
    "ends_at": "终止时间",
    "field": "有误的栏目",
    "file": "文件",
    "form": "表式",
    "guardian_name": "监护人姓名",
    "guardian_relation": "与考生关系",
    "id_number": "证件号码",
    "junior_school": "毕业学校",
    "limit": "每批条数",
    "month": "月份",
    "note": "说明",
    "number": "人数",
    "numbers": "名单",
    "opens_at": "开始时间",
    "reason": "理由",
    "remark": "意见",
    "role": "岗位",
    "says": "说明",
    "source": "依据",
    "text": "意见",
    "title": "标题",
    "unit": "单位",
    "up_to": "自动接受到第几志愿",
    "username": "登录名",
    "verdict": "裁定",
    "year": "年度",
}
"""The Chinese names of form fields, for a refusal that is not displayed beside its field."""
_FIELD = re.compile(r"([a-z][a-z_]*)(?:-(\d+))?")


class Refused(Exception):
    """An act was refused.

    Args:
        what: one Chinese sentence a fifteen-year-old understands.
        why: the reason, with the rule behind it, or "".
        now: what the reader can do next, or "".
        clause: the clause and source of the rule, e.g. "教育厅办〔2023〕通知 第五条", or "".
        where: name of the form field, or row and column of the sheet, or "".
    """

    status = 422
    code = "refused"

    def __init__(self, what: str, *, why: str = "", now: str = "", clause: str = "", where: str = "") -> None:
        super().__init__(what)
        self.what, self.why, self.now, self.clause, self.where = what, why, now, clause, where

    @property
    def place(self) -> str:
        """`where` for people: the Chinese name of a field, a row and column as they are; "" for an unknown field."""
        name = _FIELD.fullmatch(self.where)
        if name is None:
            return self.where
        return f"第{name[2]}志愿" if name[1] == "choice" and name[2] else FIELDS.get(self.where, "")

    def __str__(self) -> str:
        parts = [self.what, self.why, self.now]
        text = "".join(part if part.endswith(("。", "！", "？")) else part + "。" for part in parts if part)
        return text + (f"（依据：{self.clause}）" if self.clause else "")


class Denied(Refused):
    """The actor's role does not include this right; the attempt is recorded in the log."""

    status = 403
    code = "denied"


class NotFound(Refused):
    """The row is outside what the actor may see; it looks exactly like a row that does not exist."""

    status = 404
    code = "not_here"


class WindowClosed(Refused):
    """The window for this act is not open at the database's clock; the attempt is recorded in the log."""

    status = 409
    code = "window_closed"


class VersionConflict(Refused):
    """Someone else changed the row after this page was opened (optimistic lock)."""

    status = 409
    code = "stale"


class IllegalMove(Refused):
    """The thing is not in a state from which this transition starts."""

    status = 409
    code = "illegal_move"


class StepUpRequired(Refused):
    """A fresh second factor (one-time code, or key signature for staff) is missing, wrong or used up."""

    status = 403
    code = "factor"


class RateLimited(Refused):
    """More attempts than a limit allows."""

    status = 429
    code = "too_often"


class BadRows(Refused):
    """A sheet was refused; nothing was written.

    Args:
        rows: one Refused per faulty cell, its `where` naming row and column ("第 7 行·招生任务（人）").
    """

    code = "bad_rows"

    def __init__(self, what: str, rows: list[Refused], *, now: str = "") -> None:
        super().__init__(what, now=now)
        self.rows = rows
