"""Check the entries of an uploaded .xlsx before it is unpacked: zip bombs, macros, links and passwords are refused."""

import io
import zipfile

from yangguang.rules.base.refusals import Refused

MAX_FILE = 20 * 2**20  # bytes as uploaded
MAX_ENTRIES = 500
MAX_UNPACKED = 300 * 2**20  # bytes of all entries together
MAX_RATIO = 150  # a sheet of repeated text compresses 40:1
RATIO_FROM = 2**20  # bytes; the ratio of smaller parts is not checked

SAVE_AS = "请在 Excel 或 WPS 中“另存为”Excel 工作簿（.xlsx）后重新上传"
_FORBIDDEN = (
    ("vbaproject", "文件里带有宏"),
    ("xl/macrosheets/", "文件里带有宏"),
    ("xl/externallinks/", "文件链接到了别的工作簿"),
    ("xl/embeddings/", "文件里嵌入了别的文件"),
    ("xl/activex/", "文件里带有控件"),
    ("xl/connections.xml", "文件会连接外部数据"),
)


def check_archive(data: bytes) -> None:
    """Raise Refused unless `data` is a plain .xlsx: few parts, plausible sizes, no link to other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    # Hostile bytes make zipfile raise a dozen types of exceptions; all mean the same.
    except Exception as error:
        raise Refused("文件已损坏，打不开", now=SAVE_AS) from error
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"文件内部有 {len(entries)} 个部件，超过 {MAX_ENTRIES} 个，不像一张表格", now=SAVE_AS)
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    if len(set(names)) != len(names):
        raise Refused("文件内部有同名部件，已损坏或被改动过", now=SAVE_AS)
    for entry, name in zip(entries, names, strict=True):
        _check_entry(entry, name)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(f"文件展开后超过 {MAX_UNPACKED // 2**20} MB，拒绝打开", now="请拆成几份上传")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused("这不是 Excel 工作簿（.xlsx）", now=SAVE_AS)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & 1:
        raise Refused("文件加了密码", now="请去掉密码后重新上传")
    if name.startswith("/") or ".." in name.split("/"):
        raise Refused("文件内部的路径不正常，拒绝打开", now=SAVE_AS)
    for part, reason in _FORBIDDEN:
        if part in name:
            raise Refused(f"{reason}，拒绝打开", now=SAVE_AS)
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise Refused("文件压缩得不正常（展开后会大很多倍），拒绝打开", now=SAVE_AS)
