# `make study` runs the default study, `make plan` says what that would redo and why, `make test`
# runs every test. All first make the environment. Options of Snakemake go into OPTIONS:
# make study OPTIONS="--config scale=published works=[lee2019]". A part of the study goes into ONLY,
# for study and plan: make study ONLY='results/figures/*'.
# Paths are relative, so that the checkout may lie anywhere, also below a folder with a space.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
ARCHIVE ?= archive/glassbox.tar

.PHONY: study plan test benchmark archive verify ledger leftovers generate environment

study: environment
	@set -f; $(PY) scripts/study/run.py $(OPTIONS) $(if $(ONLY),-- $(ONLY))

plan: environment
	@set -f; $(PY) scripts/study/plan.py $(OPTIONS) $(if $(ONLY),-- $(ONLY))

test: environment
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

benchmark: environment
	@for each in training deviations parquet libraries bounds gpu projections neurons introspection start_up planning \
	  archive slurm; do \
	  PYTHONPATH=scripts:tests:tests/slurm $(PY) benchmarks/$$each.py || exit 1; done

# With the OPTIONS that the study was run with, as far as they are about the config.
archive: environment
	@$(PY) scripts/study/archive.py "$(ARCHIVE)" $(OPTIONS)

# make verify ARCHIVE=glassbox.tar OPTIONS="--replay 'results/figures/*.svg'"
verify: environment
	@$(PY) scripts/study/verify.py "$(ARCHIVE)" --closure $(OPTIONS)

# Every statement of every work with its verdict: make ledger OPTIONS="--work lee2019 --csv out.csv"
ledger: environment
	@$(PY) scripts/study/ledger.py $(OPTIONS)

# What is written from code and config: the schema, pages of docs/, the help of programs.
generate: environment
	@for each in document entries citation programs; do \
	  PYTHONPATH=scripts $(PY) scripts/study/writing/$$each.py || exit 1; done

# A link to another checkout's environment is taken as it is, and never made anew.
environment: $(if $(shell test -L .venv && echo linked),,.venv/installed)

# Results that no job of the study makes any more; with OPTIONS="... --remove" they go, once you agree.
leftovers: environment
	@$(PY) scripts/study/leftovers.py $(OPTIONS)

.venv/installed: envs/requirements.txt envs/cuda.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "error: '$(PYTHON)' is no Python 3.11; name one with make PYTHON=..." >&2; exit 1; }
	"$(PYTHON)" -m venv --clear .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r envs/requirements.txt
	@touch $@
