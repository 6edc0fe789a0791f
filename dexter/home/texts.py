"""The texts on a home's way: signing in, absence, leave, notices. They are in every language that has a catalogue.

What the school's staff read may be in Swedish and English alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation.template import templatize

from dexter.lib.languages import code_of

Text = str | tuple[str, ...]  # singular and plural where there is a number
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

WAY = (
    "templates/base.html",
    "templates/parts/*.html",
    "templates/error.html",
    "templates/500.html",
    "dexter/home/errors.py",
    "templates/accounts/another_person.html",
    "templates/accounts/choose_eid.html",
    "templates/accounts/eid_failed.html",
    "templates/accounts/identify_for_role.html",
    "templates/accounts/not_registered.html",
    "templates/accounts/provider_down.html",
    "templates/accounts/send_held_form.html",
    "templates/accounts/sign_in_*.html",
    "templates/accounts/signed_out.html",
    "templates/accounts/step_up.html",
    "templates/home/choose_role.html",
    "templates/home/eservice.html",
    "templates/home/front.html",
    "templates/home/pupil_detail.html",
    "templates/home/start_guardian.html",
    "templates/home/start_pupil.html",
    "templates/home/message_*.html",
    "templates/home/parts/letters.html",
    "templates/home/parts/message_target.html",
    "templates/home/parts/pages.html",
    "templates/home/parts/unread_messages.html",
    "templates/registry/change_contact.html",
    "templates/registry/confirm_contact.html",
    "templates/registry/edit_notice_preference.html",
    "templates/registry/my_contact.html",
    "templates/registry/my_school.html",
    "templates/registry/parts/contact_card.html",
    "templates/registry/parts/school_facts.html",
    "templates/registry/timetable.html",
    "templates/absence/attendance.html",
    "templates/absence/report_absence.html",
    "templates/absence/report_detail.html",
    "templates/absence/report_lessons.html",
    "templates/absence/report_list.html",
    "templates/absence/absence_day.html",
    "templates/absence/parts/delivery.html",
    "templates/absence/parts/everybody.html",
    "templates/absence/parts/told.html",
    "templates/absence/answer_leave.html",
    "templates/absence/apply_for_leave.html",
    "templates/absence/leave_detail.html",
    "templates/absence/leave_list.html",
    "templates/absence/withdraw_leave.html",
    "templates/absence/parts/blocked_period.html",
    "templates/absence/parts/leave_cautions.html",
    "templates/absence/parts/years_concerned.html",
    "templates/absence/parts/leave_days.html",
    "templates/absence/parts/leave_decision.html",
    "templates/absence/parts/leave_home.html",
    "templates/absence/parts/leave_period.html",
    "templates/absence/parts/leave_state.html",
    "templates/absence/parts/leave_this_year.html",
    "absence/actions/leave.py",
    "absence/actions/leave_answers.py",
    "absence/actions/reports.py",
    "absence/actions/submissions.py",
    "absence/forms/corrections.py",
    "absence/forms/leave.py",
    "absence/forms/reports.py",
    "absence/models/leave.py",
    "absence/models/reports.py",
    "absence/models/same_day.py",
    "absence/notices/corrections.py",
    "absence/notices/leave.py",
    "absence/views/correction.py",
    "absence/views/leave.py",
    "absence/views/leave_wording.py",
    "templates/absence/request_correction.html",
    "templates/absence/parts/attendance_day.html",
    "templates/absence/parts/correction_state.html",
    "templates/absence/parts/line_words.html",
    "templates/absence/parts/mark.html",
    "templates/absence/parts/month.html",
    "templates/absence/parts/receipt_link.html",
    "templates/absence/parts/reported_line.html",
    "templates/absence/parts/sums_line.html",
    "templates/absence/parts/term_chart.html",
    "templates/absence/parts/term_sums.html",
    "absence/actions/corrections.py",
    "absence/forms/history.py",
    "absence/models/corrections.py",
    "absence/reads/attendance_sums.py",
    "absence/notices/same_day.py",
    "absence/views/report.py",
    "absence/views/wording.py",
    "accounts/forms.py",
    "accounts/middleware.py",
    "accounts/views/confirm.py",
    "dexter/home/context.py",
    "dexter/home/notices.py",
    "registry/actions/contact.py",
    "registry/forms/contact.py",
    "registry/forms/preferences.py",
    "registry/notices.py",
    "registry/views/contact.py",
    "registry/views/preferences.py",
    "dexter/lib/templatetags/dexter.py",
)
SINGLE = {  # texts on the way that stand among many that are not
    "dexter/notices/models.py": ("In reserve", "Waits to be sent", "Being sent", "Sent", "Delivered", "Not sent", "Perhaps sent",
                                 "No longer owed", "Text message", "E-mail"),
    "registry/forms/fields.py": ("Check the year.",),
    "registry/models/codes.py": ("Autumn term", "Spring term", "Class", "Mentor group", "Teaching group", "Test group", "Schedule group",
                                 "Other group"),
}  # fmt: skip
OF_DJANGO: tuple[Text, ...] = (  # what its own fields say; a language that Django lacks has them in our catalogue
    "This field is required.",
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a valid value.",
    "Enter a valid email address.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
)


def texts_on_the_way() -> dict[tuple[str, Text], list[str]]:
    """Each text with its context, and the files that hold it."""
    found: dict[tuple[str, Text], list[str]] = {}
    for pattern in WAY:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            for context, text in texts_in(path):
                found.setdefault((context, text), []).append(str(path.relative_to(settings.BASE_DIR)))
    for name, texts in SINGLE.items():
        for text in texts:
            found.setdefault(("", text), []).append(name)
    return found


def texts_of_fields(language_folder: str) -> list[tuple[str, Text]]:
    """What Django says itself, where it does not speak the language."""
    return [] if code_of(language_folder).partition("-")[0] in LANG_INFO else [("", text) for text in OF_DJANGO]


def all_texts() -> dict[tuple[str, Text], list[str]]:
    """The same of every source there is."""
    found: dict[tuple[str, Text], list[str]] = {}
    sources = [path for app in ("dexter", "registry", "accounts", "absence", "larande") for path in (settings.BASE_DIR / app).rglob("*.py")]
    for path in sorted([*sources, *(settings.BASE_DIR / "templates").rglob("*.html")]):
        if "migrations" not in path.parts:
            for key in texts_in(path):
                found.setdefault(key, []).append(str(path.relative_to(settings.BASE_DIR)))
    return found


def texts_in(path: Path) -> Iterator[tuple[str, Text]]:
    source = path.read_text(encoding="utf-8")
    code = _flattened(templatize(source)) if path.suffix == ".html" else source
    for _line, message, _comments, context in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
        if message and (message[0] if isinstance(message, tuple) else message):
            yield context or "", message


def _flattened(code: str) -> str:
    """Without the indentation of the page, which is none of Python's."""
    return "\n".join(line.strip() for line in code.splitlines())


def untranslated(language_folder: str, texts: Iterable[tuple[str, Text]] | None = None) -> list[tuple[str, Text]]:
    """What the catalogue in `locale/<language_folder>` lacks of `texts`, or of the way; an empty list is a whole language."""
    with (settings.BASE_DIR / "locale" / language_folder / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    return [key for key in (texts_on_the_way() if texts is None else texts) if not _has(catalogue, *key)]


def _has(catalogue: Catalog, context: str, text: Text) -> bool:
    singular = text[0] if isinstance(text, tuple) else text
    message = catalogue.get(singular, context or None)
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)
