"""Pictures of every component of the gallery, compared with those that a reviewer has accepted.

The gallery has fixed samples and a fixed hour, so its pictures change only when the look does. An accepted picture is
stored as a grey miniature, one level for each cell of `CELL` pixels; decision 0033 says why.
"""

import json
import subprocess
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ACCEPTED = Path(__file__).with_name("accepted_pictures.json")
WIDTHS = (375, 768, 1440)
CELL = 12
TOLERANCE = 6
"""Levels of grey, of 255, by which a cell may differ: less than a thin stroke that moves by a pixel."""
ALONE = "sample => { for (const one of sample.parentElement.children) one.hidden = one !== sample; }"
"""Samples above would move this one by parts of a pixel, which changes the edges of its letters."""
SHRINK = """async ([png, cell]) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.ceil(image.width / cell), Math.ceil(image.height / cell)];
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    const grey = [];
    for (let at = 0; at < pixels.length; at += 4)
        grey.push(Math.round(0.3 * pixels[at] + 0.59 * pixels[at + 1] + 0.11 * pixels[at + 2]));
    return [canvas.width, canvas.height, grey];
}"""
MARK = """async ([png, cell, changed]) => {
    const image = new Image();
    image.src = "data:image/png;base64," + png;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    context.fillStyle = "rgba(214, 0, 64, 0.4)";
    for (const [x, y] of changed) context.fillRect(x * cell, y * cell, cell, cell);
    return canvas.toDataURL("image/png").split(",")[1];
}"""


@dataclass(frozen=True)
class Miniature:
    """A picture in cells: how many across and down, and the grey of each."""

    width: int
    height: int
    grey: bytes

    def list_changes(self, accepted: "Miniature | None") -> list[tuple[int, int]]:
        """Cells (x, y) that differ from the accepted picture; cells that it does not have differ."""
        return [(x, y) for y in range(self.height) for x in range(self.width) if self._differs(accepted, x, y)]

    def _differs(self, accepted: "Miniature | None", x: int, y: int) -> bool:
        if accepted is None or x >= accepted.width or y >= accepted.height:
            return True
        return abs(self.grey[y * self.width + x] - accepted.grey[y * accepted.width + x]) > TOLERANCE


def describe_maker(page: Page) -> str:
    """Version of the browser and its Chinese font: pictures of other ones are not comparable."""
    browser = page.context.browser
    font = subprocess.run(["fc-match", "sans-serif:lang=zh-cn"], capture_output=True, text=True, check=False).stdout
    return f"Chromium {browser.version if browser else '-'}, {font.split(':')[0].strip() or 'no font'}"


def take_pictures(page: Page) -> dict[str, bytes]:
    """A picture of each sample of the gallery, which `page` displays, at each width: {"button-375": png}."""
    pictures = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for sample in page.locator("section.sample").all():
            sample.evaluate(ALONE)
            png = sample.screenshot(animations="disabled", caret="hide", scale="css")
            pictures[f"{sample.get_attribute('id')}-{width}"] = png
    return pictures


def shrink(page: Page, png: bytes) -> Miniature:
    """The miniature of a picture, computed in the browser."""
    width, height, grey = page.evaluate(SHRINK, [b64encode(png).decode(), CELL])
    return Miniature(width, height, bytes(grey))


def load_accepted() -> tuple[str, dict[str, Miniature]]:
    """Who made the accepted pictures, and the pictures."""
    stored = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    pictures = {name: Miniature(w, h, zlib.decompress(b64decode(grey))) for name, (w, h, grey) in stored["of"].items()}
    return stored["maker"], pictures


def store_accepted(maker: str, pictures: dict[str, Miniature]) -> None:
    """Replace the accepted pictures."""
    of: dict[str, list[object]] = {
        name: [one.width, one.height, b64encode(zlib.compress(one.grey, 9)).decode()]
        for name, one in sorted(pictures.items())
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in of.items())
    ACCEPTED.write_text(f'{{"maker": {json.dumps(maker)}, "of": {{\n{lines}\n}}}}\n', encoding="utf-8")


def compare(page: Page, out: Path, *, accept: bool = False) -> list[str]:
    """Sentences about what differs from the accepted pictures; a picture of each difference is written to `out`.

    Args:
        page: displays the gallery.
        accept: store the present pictures as accepted, too.
    """
    pictures, blank = take_pictures(page), page.context.new_page()
    miniatures = {name: shrink(blank, png) for name, png in pictures.items()}
    maker, accepted = load_accepted() if ACCEPTED.exists() else ("", {})
    differences = [f"{name} 不在了" for name in accepted if name not in miniatures]
    out.mkdir(parents=True, exist_ok=True)
    for name, one in miniatures.items():
        before = accepted.get(name)
        changed = one.list_changes(before)
        if changed or before is None or before.height != one.height:
            marked = blank.evaluate(MARK, [b64encode(pictures[name]).decode(), CELL, changed])
            (out / f"{name}.png").write_bytes(b64decode(marked))
            differences.append(f"{name} 有 {len(changed)} 格不同：{out / name}.png")
    if accept:
        store_accepted(describe_maker(page), miniatures)
    elif maker != describe_maker(page):
        return [f"已认可的图片出自 {maker}，现在是 {describe_maker(page)}，不能比较"]
    return differences
