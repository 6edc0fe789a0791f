"""What the pages of assessment ask."""

from .scales import Scale, scale_for, scales_for

__all__ = ["Scale", "scale_for", "scales_for"]
