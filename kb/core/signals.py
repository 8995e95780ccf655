"""What a lower room tells an upper one.

`items_changed` is sent inside the transaction of a change that alters what an item says or who may read it, with
`ids`, the primary keys of the items (deleted ones included). The search room turns it into rows of its outbox.
"""

from __future__ import annotations

from django.dispatch import Signal

items_changed = Signal()
