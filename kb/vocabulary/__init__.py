"""The closed vocabularies, with validity and successor, and the free tags beside them."""
