# Two commands do everything: `make up` runs Huiyin, `make test` checks it. The work is in ./dev.
.PHONY: install up down test test-server check faults bench

install:
	@./dev install

up:
	@./dev up

down:
	@./dev down

test:
	@./dev test

# The same tests on the PostgreSQL that HUIYIN_DATABASE_URL names.
test-server:
	@./dev test-server

# ruff, mypy and import-linter.
check:
	@./dev check

faults:
	@./dev faults

bench:
	@./dev bench
