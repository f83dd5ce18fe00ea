# The first `make` of a fresh checkout builds .venv; later ones only when what it was made from changes.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
READY := .venv/.ready
EXTRAS := reports,notebooks,excel,pdf,cluster,tests
NOTEBOOKS = $(shell find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null)
STRIP := --keep-id --extra-keys 'metadata.papermill cell.metadata.papermill'

.DEFAULT_GOAL := help
.PHONY: help setup report test lint notebooks bench constraints wheel clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## create .venv with everything that the other targets use

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	$(UV) pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

report: setup  ## write the report of a bundled case to reports/
	$(BIN)/sib report educate-girls -o reports/

test: setup  ## run every test
	$(BIN)/pytest -q

lint: setup  ## style, types, the arrows between rooms, notebooks without outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify $(STRIP) $(NOTEBOOKS))

notebooks: setup  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks/

bench: setup  ## run every benchmark and print its table
	@set -e; for bench in $(sort $(wildcard tests/benchmarks/bench_*.py)); do \
		echo "== $$bench"; $(BIN)/python "$$bench"; done

constraints: setup  ## take the newest versions that fit together, and write them to constraints.txt
	@{ echo '# The versions that `make setup` installs, for every extra. Refreshed by `make constraints`.'; \
	$(UV) pip compile --quiet --upgrade --no-header --no-annotate \
		--python $(BIN)/python --all-extras pyproject.toml; } > constraints.txt.new
	mv constraints.txt.new constraints.txt
	$(MAKE) setup

wheel: setup  ## build a source archive, and from it the wheel, in dist/
	$(UV) build --quiet --python $(BIN)/python --out-dir dist .
	@ls dist/*.whl

clean:  ## remove everything that was made, .venv too
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find sib tests notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	find notebooks -name .ipynb_checkpoints -prune -exec rm -rf {} + 2>/dev/null || true
