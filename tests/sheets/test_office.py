"""LibreOffice prints each annex on A4 with all of its texts."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sheets.golden import NAMES, filled, golden
from yangguang.sheets import render_xlsx

PAGES = {"form_c_2024": 1, "form_p_2023": 1, "form_t_2024": 2}
TOOLS = [tool for tool in ("soffice", "pdftotext", "pdfinfo") if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(bool(TOOLS), reason=f"这台机器没有 {'、'.join(TOOLS)}，无法转成 PDF 核对"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    for name in NAMES:
        (folder / f"{name}.xlsx").write_bytes(render_xlsx(filled(name)))
    files = [str(folder / f"{name}.xlsx") for name in NAMES]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files],
        check=True,
        capture_output=True,
        timeout=120,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )
    return folder


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_the_printed_page_is_a4_and_has_every_text(printed: Path, name: str) -> None:
    pdf = str(printed / f"{name}.pdf")
    info = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True, timeout=30).stdout
    text = subprocess.run(
        ["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    missing = [cell for cell in golden(name)["cells"].values() if without_blanks(str(cell)) not in without_blanks(text)]

    assert (re.findall(r"Pages:\s+(\d+)", info), "(A4)" in info, missing) == ([str(PAGES[name])], True, [])
