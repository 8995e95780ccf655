"""What the server keeps of those who follow: of people with an account, of who accepted an invitation, and counts."""

from .attestation import Attestation
from .counts import ModuleCount, QuestionCount
from .following import Following
from .invitation import Acceptance, Invitation

__all__ = ["Acceptance", "Attestation", "Following", "Invitation", "ModuleCount", "QuestionCount"]
