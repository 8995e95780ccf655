# « make » alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help demo test screenshots format clean

help: ## cette liste
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' Makefile | expand -t 10

demo: ## un site complet sur http://127.0.0.1:8000/ (PORT, DEMO_PASSWORD)
	@exec scripts/demo

test: ## tous les contrôles et tous les tests
	@exec scripts/test

screenshots: ## chaque page en chaque état, 320 et 1280, clair et sombre, dans var/screenshots/ ; images de l’aide
	@exec scripts/screenshots

format: ## met le code en forme
	@scripts/environment && .venv/bin/ruff check --fix . && .venv/bin/ruff format .

clean: ## retire l’environnement et les caches ; var/, les données, reste
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
