"""Proposal, review, publication: the only way to the public."""
