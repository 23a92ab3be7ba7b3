.DEFAULT_GOAL := help
KVV = command -v python3 >/dev/null || \
	{ echo "KVV: there is no python3 here. Install Python 3.11 or newer and start again." >&2; exit 1; }; \
	exec python3 scripts/kvv.py
.PHONY: help run empty test check bench bench-compare fuzz faults screenshots lock audit

help: ## say what there is
	@echo "Begin with \`make run\`."
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: ## start KVV with its own servers and a demo (KVV_PORT, KVV_MAIL_PORT)
	@$(KVV) run

empty: ## throw away all that run has kept here (YES=1: without asking)
	@$(KVV) empty $(if $(YES),--yes)

test: ## run all tests on servers of their own
	@$(KVV) test

check: ## code, format, types, arrows, migrations, Dutch, deployment
	@$(KVV) check

bench: ## measure pages and ingest (TICKETS=1000 ONLY=)
	@$(KVV) bench

bench-compare: ## compare two results of bench (OLD=file NEW=file)
	@$(KVV) bench-compare "$(OLD)" "$(NEW)"

fuzz: ## read N=100000 damaged mails, every twentieth the whole way (SEED=)
	@$(KVV) fuzz

faults: ## kill everything under load KILLS=200 times, then count mails and questions (SECONDS= SEED=)
	@$(KVV) faults

screenshots: ## take the pictures of the README again
	@export KVV_SCREENSHOTS="$(CURDIR)/docs/images"; $(KVV) test tests/browser/test_screens.py -k readme

lock: ## lock all packages by digest, as the .in files ask (UPGRADE=1: newest)
	@$(KVV) lock

audit: ## ask which of the locked packages have known holes
	@$(KVV) audit
