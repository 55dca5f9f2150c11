"""Takes the README's picture of a letter that answers a request: `python docs/pictures/take_letter.py [FOLDER]`.

It is the letter that `stile demo --authority` writes, as HTML, on two sheets side by side.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from stile.entrypoints.cli.demo_authority import REF, demo

SHEETS = """
html { background: #dfe3e6 linear-gradient(#fff, #fff) 24px 24px / 794px 1123px no-repeat; height: 1171px; }
html::before { content: ""; position: absolute; left: 842px; top: 24px; width: 794px; height: 1123px;
  background: #fff; }
body { position: relative; box-sizing: border-box; max-width: none; width: 1660px; height: 1171px; margin: 0;
  padding: 100px 107px; columns: 2; column-gap: 190px; column-fill: auto; }
"""
"""A4 at 96 dots an inch, with the margins of the letter's own print style."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        demo(Path(made), json=True)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--force-color-profile=srgb"]
        )
        page = browser.new_page(viewport={"width": 1660, "height": 1171})
        page.goto((Path(made) / f"{REF}.html").as_uri())
        page.add_style_tag(content=SHEETS)
        page.screenshot(path=folder / "letter.png")
        browser.close()


if __name__ == "__main__":
    main()
