"""`make bench`: the matching at growing sizes, and the public pages on the demonstration's own data.

`make bench ARGS=--large` adds fifteen million applicants; `--only matching`, `run` or `pages` leaves the others out.
"""

import argparse
import os
import platform
import sys

from benchmarks import matching, pages, runs


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="性能声明背后的数字")
    parser.add_argument("--large", action="store_true", help="再算一次 1500 万考生，约需十分钟和 6 GB 内存")
    parser.add_argument("--only", choices=["matching", "run", "pages"], help="只测其中一项")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} 核, Python {platform.python_version()}", file=sys.stderr)
    if options.only in (None, "matching"):
        matching.table(large=options.large)
    if options.only in (None, "run"):
        print(runs.table(), flush=True)
    if options.only in (None, "pages"):
        pages.table()


if __name__ == "__main__":
    main()
