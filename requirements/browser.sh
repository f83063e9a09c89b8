#!/bin/sh
# Makes sure there is a Chromium for the browser tests. Without one they are skipped, and we say so; with
# YANGGUANG_BROWSER=required that is a failure.
set -eu

works() {
    for name in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
        if "$name" --version >/dev/null 2>&1; then return 0; fi
    done
    own=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as p
with p() as playwright: print(playwright.chromium.executable_path)')
    "$own" --version >/dev/null 2>&1
}

works && exit 0
echo "== 安装 Chromium（仅用于浏览器测试）"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk || true
    works && exit 0
    .venv/bin/playwright install --with-deps chromium || true
else
    .venv/bin/playwright install chromium || true
fi
works && exit 0
echo "没有 Chromium，也装不上：浏览器测试将被跳过。" >&2
echo "请管理员运行 apt-get install chromium fonts-noto-cjk，或用 CHROMIUM=/路径/chromium 指明。" >&2
[ "${YANGGUANG_BROWSER:-}" != required ]
