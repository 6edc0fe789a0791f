"""What is to be taught and by what it is judged, as the curriculum says it, version by version."""

from .content import Ability, CentralContentItem, Criterion, CriterionKind, SubjectVersion

__all__ = ["Ability", "CentralContentItem", "Criterion", "CriterionKind", "SubjectVersion"]
