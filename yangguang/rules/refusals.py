"""A refusal is a sentence: what was refused, why (with the clause), and what to do now. (product.md N8)"""


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

    def __str__(self) -> str:
        parts = [self.what, self.why, self.now]
        text = "".join(part if part.endswith(("。", "！", "？")) else part + "。" for part in parts if part)
        return text + (f"（依据：{self.clause}）" if self.clause else "")


class Denied(Refused):
    """The actor's role does not include this right; the try is kept in the log."""

    status = 403
    code = "denied"


class NotHere(Refused):
    """The row is outside what the actor may see; it looks exactly like a row that does not exist."""

    status = 404
    code = "not_here"


class WindowClosed(Refused):
    """The window for this act is not open at the database's clock; the try is kept in the log."""

    status = 409
    code = "window_closed"


class Stale(Refused):
    """Someone else changed the row after this page was opened (optimistic lock)."""

    status = 409
    code = "stale"


class IllegalMove(Refused):
    """The thing is not in a state from which this move starts."""

    status = 409
    code = "illegal_move"


class FactorMissing(Refused):
    """A fresh second factor (one-time code, or key signature for staff) is missing, wrong or used up."""

    status = 403
    code = "factor"


class BadRows(Refused):
    """A sheet was refused; nothing was written.

    Args:
        rows: one Refused per faulty cell, its `where` naming row and column ("第 7 行·招生任务（人）").
    """

    code = "bad_rows"

    def __init__(self, what: str, rows: list[Refused], *, now: str = "") -> None:
        super().__init__(what, now=now)
        self.rows = rows
