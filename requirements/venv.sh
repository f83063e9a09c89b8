#!/bin/sh
# Makes .venv with the newest Python that runs here. Debian and Ubuntu ship Python without the part that puts pip
# into a virtual environment; root gets it from apt, everybody else is told what to ask for.
set -eu

find_python() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "需要 Python 3.11 或更新的版本，本机没有找到。可用 PYTHON=/路径/python3 make … 指明。" >&2
    return 1
}

python=$(find_python)
echo "== 建立 .venv（$("$python" --version)）"
rm -rf .venv
if "$python" -m venv .venv >/dev/null 2>&1; then
    exit 0
fi
rm -rf .venv
version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== 安装 python3-venv"
    apt-get update -qq
    apt-get install -y -qq "$version-venv" || apt-get install -y -qq python3-venv
    "$python" -m venv .venv
elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --without-pip .venv
    "$python" -m pip --python .venv/bin/python install --quiet pip
else
    echo "本机的 Python 缺少 venv 部件。请管理员运行：apt-get install $version-venv，然后重试。" >&2
    exit 1
fi
