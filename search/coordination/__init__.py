"""The coordination's pages of Wagtail's admin: what is asked, what is pinned, which words mean the same."""
