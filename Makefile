.DEFAULT_GOAL := help
.PHONY: help run empty test check bench bench-compare fuzz faults screenshots lock audit

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: ## start KVV with its own servers and a demo (KVV_PORT, KVV_MAIL_PORT)
	@exec python3 scripts/kvv.py run

empty: ## throw away all that run has kept here (YES=1: without asking)
	@python3 scripts/kvv.py empty $(if $(YES),--yes)

test: ## run all tests on servers of their own
	@python3 scripts/kvv.py test

check: ## code, format, types, arrows, migrations, Dutch, deployment
	@python3 scripts/kvv.py check

bench: ## measure pages and ingest (TICKETS=1000)
	@python3 scripts/kvv.py bench

bench-compare: ## compare two results of bench (OLD=file NEW=file)
	@python3 scripts/kvv.py bench-compare "$(OLD)" "$(NEW)"

fuzz: ## read N=100000 damaged mails, every twentieth the whole way (SEED=)
	@python3 scripts/kvv.py fuzz

faults: ## kill everything under load KILLS=200 times, then count the mails (SECONDS= SEED=)
	@python3 scripts/kvv.py faults

screenshots: ## take the pictures of the README again
	@KVV_SCREENSHOTS="$(CURDIR)/docs/images" python3 scripts/kvv.py test tests/browser/test_screens.py -k readme

lock: ## lock all packages by digest, as the .in files ask (UPGRADE=1: newest)
	@python3 scripts/kvv.py lock

audit: ## ask which of the locked packages have known holes
	@python3 scripts/kvv.py audit
