from .content import Thread, content_of, criteria_for, items_for, threads, variant_of

__all__ = ["Thread", "content_of", "criteria_for", "items_for", "threads", "variant_of"]
