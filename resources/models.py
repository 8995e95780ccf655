"""Where Django looks for the models of this room."""

from __future__ import annotations

from .attachments.models import Attachment, AttachmentHolding, AttachmentRole, ItemAttachment
from .item import Item, ItemTag
from .practice.models import PracticeResult, PracticeSheet
from .teaching.models import Licence, ResourceLink, TeachingIndex, TeachingResource
from .training.models import Training, TrainingIndex, TrainingModule

__all__ = [
    "Attachment",
    "AttachmentHolding",
    "AttachmentRole",
    "Item",
    "ItemAttachment",
    "ItemTag",
    "Licence",
    "PracticeResult",
    "PracticeSheet",
    "ResourceLink",
    "TeachingIndex",
    "TeachingResource",
    "Training",
    "TrainingIndex",
    "TrainingModule",
]
