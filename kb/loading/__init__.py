"""Content that comes from `fixtures/`: reference data, demo people and items, generated items for measurements."""
