"""E-mail through Django's backends: SMTP, or a provider's interface by django-anymail."""

from __future__ import annotations

from contextlib import suppress
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from requests import RequestException

from dexter.notices.messages import NotHandedOver, Parcel, Receipt

from .connections import TOO_MANY, UNAVAILABLE, never_connected

PASSING = range(400, 500)  # SMTP replies: try again later


def send(parcel: Parcel) -> Receipt:
    try:
        connection = get_connection()
        connection.open()
    except SMTPResponseException as fault:
        raise NotHandedOver(f"smtp_{fault.smtp_code}", again=True) from None
    except (AnymailError, OSError):
        raise NotHandedOver("no_connection", again=True) from None
    message = _letter(parcel, connection)
    try:
        sent = _hand_over(connection, message)
    finally:
        with suppress(OSError, SMTPException):  # what was accepted stays so, however the parting goes
            connection.close()
    if not sent:
        raise NotHandedOver("nothing_sent", again=False)
    status = getattr(message, "anymail_status", None)
    return Receipt(str(getattr(status, "message_id", None) or message.extra_headers["Message-ID"]))


def _letter(parcel: Parcel, connection: Any) -> EmailMessage:
    """The same Message-ID at each try, so that a recipient's server can tell a copy. Marked as automatic (RFC 3834)."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{parcel.key}@{host}>", "Auto-Submitted": "auto-generated"}
    subject, body = parcel.message.subject, parcel.message.body
    return EmailMessage(subject, body, to=[parcel.address], headers=headers, connection=connection)


def _hand_over(connection: Any, message: EmailMessage) -> int:
    """How many were accepted. A refusal in plain words is NotHandedOver; a connection that breaks in the middle is anything."""
    try:
        return int(connection.send_messages([message]) or 0)
    except SMTPRecipientsRefused as fault:
        code = max((int(reply[0]) for reply in fault.recipients.values()), default=0)
        raise NotHandedOver(f"smtp_{code}", again=code in PASSING) from None
    except SMTPResponseException as fault:
        raise NotHandedOver(f"smtp_{fault.smtp_code}", again=fault.smtp_code in PASSING) from None
    except AnymailAPIError as fault:
        raise _refused_by_provider(fault) from None
    except (AnymailError, SMTPNotSupportedError, ValueError):  # what the provider or Django will not take, found before anything is sent
        raise NotHandedOver("not_accepted", again=False) from None


def _refused_by_provider(fault: Any) -> Exception:
    if isinstance(fault.__cause__, RequestException) and never_connected(fault.__cause__):
        return NotHandedOver("no_connection", again=True)
    if fault.status_code in (TOO_MANY, UNAVAILABLE):
        return NotHandedOver(f"http_{fault.status_code}", again=True)
    if fault.status_code in range(300, 500):
        return NotHandedOver(f"http_{fault.status_code}", again=False)
    unknown: Exception = fault
    return unknown
