# Two commands matter: `make demo` and `make test`. Both install what they need; a second run starts in seconds.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint browser shots bench mutants lock fmt
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install
CODE := yangguang tests $(wildcard benchmarks)
COMPILE := $(BIN)/uv pip compile pyproject.toml --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: .venv/.base ## play a season and serve it on http://127.0.0.1:8000 until Ctrl-C
	@$(BIN)/yangguang demo $(ARGS)

demo-reset: .venv/.base ## throw the demonstration's data away and start afresh
	@$(BIN)/python -m yangguang.localdb reset
	@$(BIN)/yangguang demo $(ARGS)

test: lint browser ## everything that must hold: lint, types, contracts, tests, browser journeys
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

lint: .venv/.dev ## what can be checked without running the program
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint yangguang/templates --lint --quiet
	YANGGUANG_VAR=var/tests $(BIN)/yangguang makemigrations --check --dry-run

browser: .venv/.dev ## a Chromium for the browser tests
	@sh requirements/browser.sh

shots: .venv/.dev browser ## pictures of every page under var/shots; compares the components with the accepted ones
	$(BIN)/python -m tests.shots $(ARGS)

bench: .venv/.dev ## the figures behind the performance claims
	$(BIN)/python -m benchmarks $(ARGS)

mutants: .venv/.dev ## put small faults into rules, queries and actions, and print those that no test notices
	$(BIN)/python -m tests.mutants $(ARGS)

fmt: .venv/.dev ## format the code
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

lock: .venv/.dev ## pin every dependency again, with hashes
	$(COMPILE) $(ARGS) -o requirements/base.txt
	$(COMPILE) $(ARGS) --extra dev -c requirements/base.txt -o requirements/dev.txt

.venv/bin/python:
	@sh requirements/venv.sh

.venv/.base: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "== 安装依赖（已锁定版本与哈希）"
	@$(PIP) --require-hashes -r requirements/base.txt
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.base
	@echo "== 安装开发与测试依赖"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
