"""The demo's settings, and Wagtail's own search beside ours. Only bench/search.py runs with them."""

from __future__ import annotations

from kb.settings.demo import *  # noqa: F403
from kb.settings.environment import ELASTICSEARCH_URL, SEARCH_INDEX_PREFIX

INSTALLED_APPS = ["bench.wagtail_search.WagtailFields", *INSTALLED_APPS]  # noqa: F405
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        "SEARCH_CONFIG": "french",
        "AUTO_UPDATE": False,
    },
    "elasticsearch": {
        "BACKEND": "wagtail.search.backends.elasticsearch9",
        "URLS": [ELASTICSEARCH_URL],
        "INDEX_PREFIX": f"{SEARCH_INDEX_PREFIX}-wagtail-",
        "TIMEOUT": 60,
        "AUTO_UPDATE": False,
        "INDEX_SETTINGS": {"settings": {"analysis": {"analyzer": {"default": {"type": "french"}}}}},
    },
}
