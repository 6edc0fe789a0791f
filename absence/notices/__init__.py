"""What the home and the teachers are told. At sending everything is asked again: the day, the relation, the markings, the mark.

A text names the child by first name alone: no subject, no class, no reason.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from absence import reads
from absence.models import HomeNotice, MessageKind, TeacherReminder
from absence.reads.same_day import Lesson
from dexter.lib import days
from dexter.lib.addresses import site_address
from dexter.lib.templatetags.dexter import clock
from dexter.notices.messages import Message
from dexter.notices.models import Notice
from registry import reads as registry


def same_day(notice: Notice) -> Message | None:
    """One message of a pupil's day to one guardian; None on another day than that, or when it is no longer owed."""
    home = HomeNotice.objects.select_related("unauthorised_day__pupil").get(notice=notice)
    day = home.unauthorised_day
    if day.day != days.today() or not reads.guardianships_told(day.pupil_id, day.day).filter(guardian=home.guardian_id, with_access=True):
        return None
    so_far = reads.day_so_far(day.pupil_id, day.day, day)
    if not _is_owed(home, so_far.lessons):
        return None
    known = [lesson for lesson in so_far.lessons if lesson.id in home.told_lessons]
    with translation.override(registry.language_of(home.guardian_id)):
        return _message(home, known)


def _is_owed(home: HomeNotice, lessons: list[Lesson]) -> bool:
    if home.kind == MessageKind.CORRECTION:
        before = reads.arrived_before(home).order_by("-number").first()  # else nobody was told anything wrong
        return before is not None and not set(before.told_lessons) <= {lesson.id for lesson in lessons}
    return any(lesson.to_tell for lesson in lessons if lesson.id in home.told_lessons)


def _message(home: HomeNotice, lessons: list[Lesson]) -> Message:
    who = reads.first_name(home.unauthorised_day.pupil) or _("Your child")
    link = site_address(reverse("absence:absence_day", args=[home.unauthorised_day_id]))
    told, asked = _words(home, who, lessons)
    subject = _("Correction of what we told you of today") if home.kind == MessageKind.CORRECTION else _("Absence from school today")
    short = f"{told} {link}"
    return Message(subject=subject, body="\n\n".join([told, asked, link]) + "\n", short=short)


def _words(home: HomeNotice, who: str, lessons: list[Lesson]) -> tuple[str, str]:
    """What is told, and what the guardian can do."""
    count, minutes = len(lessons), sum(lesson.minutes for lesson in lessons)
    sums = {"name": who, "lessons": count, "minutes": minutes}
    if home.kind == MessageKind.CORRECTION and not lessons:
        told = _("Correction: %(name)s has no unauthorised absence today. What we told you earlier was wrong.") % sums
        return told, _("You need do nothing. On the day's page you see what holds now.")
    if home.kind == MessageKind.CORRECTION:
        told = ngettext(
            "Correction: part of what we told you was wrong. %(name)s has unauthorised absence in %(lessons)d lesson today.",
            "Correction: part of what we told you was wrong. %(name)s has unauthorised absence in %(lessons)d lessons today.",
            count,
        )
        return told % sums, _("On the day's page you see what holds now.")
    if home.kind == MessageKind.CLOSING:
        told = ngettext(
            "The school day in sum: %(name)s has unauthorised absence in %(lessons)d lesson, %(minutes)d minutes.",
            "The school day in sum: %(name)s has unauthorised absence in %(lessons)d lessons, %(minutes)d minutes.",
            count,
        )
        return told % sums, _asked()
    told = _("%(name)s has unauthorised absence from school today, at %(time)s.")
    return told % {"name": who, "time": clock(lessons[0].starts_at)}, _asked()


def _asked() -> str:
    return _("On the day's page you see each lesson. There you can report the rest of the day, or ask the school to correct what is wrong.")


def unreported_lessons(notice: Notice) -> Message | None:
    """To a teacher: the day's lessons without roll-call; None when all are taken or the day is over."""
    reminder = TeacherReminder.objects.get(notice=notice)
    lessons = reads.unreported_of(reminder.teacher_id, reminder.day) if reminder.day == days.today() else []
    if not lessons:
        return None
    with translation.override(registry.language_of(reminder.teacher_id)):
        told = ngettext(
            "You have %(count)d lesson today without roll-call, at %(times)s.",
            "You have %(count)d lessons today without roll-call, at %(times)s.",
            len(lessons),
        ) % {"count": len(lessons), "times": ", ".join(clock(lesson.starts_at) for lesson in lessons)}
        why = _("The homes are told of unauthorised absence the same day, so the roll-calls are needed today.")
        link = site_address(reverse("absence:lesson_list"))
        return Message(subject=_("Roll-calls that are not taken"), body=f"{told}\n\n{why}\n\n{link}\n", short=f"{told} {link}")
