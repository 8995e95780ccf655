"""Saved searches: what people keep, and the mails of what is new in it."""
