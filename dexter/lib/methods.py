"""Which ways of asking a view takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def takes(view: Callable[..., Any] | None, method: str) -> bool:
    """Whether Django's `require_...` around the view lets the method through; a view that has none takes all.

    The decorators keep their list in a closure alone; a test holds it against the answers of the views themselves.
    """
    while view is not None:
        free = getattr(view, "__code__", None) and view.__code__.co_freevars
        if free and "request_method_list" in free:
            return method in (view.__closure__ or ())[free.index("request_method_list")].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True
