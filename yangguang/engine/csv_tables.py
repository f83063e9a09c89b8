"""One csv table of an instance, row by row, with its place in every sentence about a fault."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from yangguang.rules.base.refusals import Refused


class Row(dict[str, str]):
    """The fields of one row by column; `where` is how a sentence calls it."""

    def __init__(self, where: str, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.where = where

    def text(self, column: str) -> str:
        """A field that must not be empty."""
        if not self[column]:
            raise Refused(f"{self.where} 的 {column} 是空的", now="请填上")
        return self[column]

    def number(self, column: str, lowest: int, highest: int) -> int:
        """A whole number within limits."""
        digits = self.text(column)
        if len(digits) > 20 or not digits.removeprefix("-").isdecimal() or not digits.isascii():
            raise Refused(f"{self.where} 的 {column} 是“{digits[:40]}”，应为整数", now="请改正")
        number = int(digits)
        if not lowest <= number <= highest:
            raise Refused(
                f"{self.where} 的 {column} 是 {number}，应在 {lowest} 与 {highest} 之间", now="请改正"
            )
        return number


def rows(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """The rows under a head that has the needed columns and no strange one; columns left out read as empty.

    Raises:
        Refused: no such file, not UTF-8, not a table, another head, or a row of another length.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            head = [name.strip() for name in next(reader, [])]
            _check_head(path.name, head, needed, optional)
            blank = dict.fromkeys(optional, "")
            for number, fields in enumerate(reader, 2):
                if not fields:
                    continue
                where = f"{path.name} 第 {number} 行"
                if len(fields) != len(head):
                    raise Refused(f"{where}有 {len(fields)} 栏，表头有 {len(head)} 栏", now="请改正")
                yield Row(
                    where, blank | {name: field.strip() for name, field in zip(head, fields, strict=True)}
                )
    except OSError as error:
        raise Refused(f"读不到 {path.name}：{error.strerror or error}", now="请核对文件夹") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path.name} 不是 UTF-8 编码的文本", now="请另存为 UTF-8 编码的 csv") from error
    except csv.Error as error:
        raise Refused(f"{path.name} 不是完好的 csv 表格", why=f"{error}", now="请重新导出") from error


def _check_head(name: str, head: Sequence[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    if missing := [column for column in needed if column not in head]:
        raise Refused(
            f"{name} 缺少 {'、'.join(missing)} 栏", now=f"表头应为 {','.join([*needed, *optional])}"
        )
    if strange := [column for column in head if column not in (*needed, *optional)]:
        raise Refused(
            f"{name} 有不认识的栏“{strange[0][:40]}”", now=f"表头应为 {','.join([*needed, *optional])}"
        )
    if len(set(head)) != len(head):
        raise Refused(f"{name} 的表头有两栏同名", now=f"表头应为 {','.join([*needed, *optional])}")
