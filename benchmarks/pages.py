"""The public pages on the demonstration's own data."""

import os
import statistics
from pathlib import Path
from time import perf_counter

from yangguang.localdb import database

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/", "/schools/", "/plans/", "/disclosure/", "/rules/", "/calendar/")


def table() -> None:
    """Server time of uncached public pages on the demonstration's data, in this process, medians of 25."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
    os.environ["YANGGUANG_DEMO"] = "1"
    with database(Path(os.environ.get("YANGGUANG_VAR", ROOT / "var"))) as url:
        os.environ["DATABASE_URL"] = url
        import django

        django.setup()
        from django.conf import settings
        from django.core.cache import cache
        from django.test import Client

        # As a province serves them: without the bar of personas, which only a demonstration has.
        settings.DEMONSTRATION = ""

        client = Client()
        print("\n| 页面（不经缓存） | 中位 ms | 最小 ms | kB |\n|---|---|---|---|")
        for page in PAGES:
            times = []
            for _ in range(26):
                cache.clear()
                began = perf_counter()
                answer = client.get(page)
                times.append((perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"{page}: {answer.status_code}; 请先运行 make demo"
            size = len(answer.content) / 1024
            print(f"| {page} | {statistics.median(times[1:]):.1f} | {min(times[1:]):.1f} | {size:.0f} |")
