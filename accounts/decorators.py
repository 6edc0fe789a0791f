"""How a view says that it is for everybody."""

from django.contrib.auth.decorators import login_not_required as public

__all__ = ["public"]
