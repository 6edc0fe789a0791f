"""What is filled in about leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from absence.actions.leave import Wanted, check_wanted
from absence.models import LeaveRequest
from absence.reads.blocked_periods import Cautions
from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.forms import Submission
from dexter.lib.templatetags.dexter import long_day
from registry.forms.fields import DayField
from registry.models import Person


class ApplyForLeaveForm(forms.Form):
    pupils = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Who is the leave for?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one child.")},
    )
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    purpose = forms.CharField(
        label=_("What is the leave for?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the school, and by the child's other guardian. Write nothing about health."),
    )
    told = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)  # keys of the cautions that were shown
    submission = Submission()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.role is Role.PUPIL:
            del self.fields["pupils"]
            return
        children = Person.objects.visible_to(actor).minors_on(days.today()).exclude(pk=actor.person_id)
        self.fields["pupils"].queryset = children  # type: ignore[attr-defined]
        self.fields["pupils"].label_from_instance = lambda child: child.shown_name  # type: ignore[attr-defined]

    @cached_property
    def only_child(self) -> Person | None:
        """Nobody chooses from one."""
        field: Any = self.fields.get("pupils")
        children = list(field.queryset[:2]) if field else []
        return children[0] if len(children) == 1 else None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("first") and not self.errors:
            check_wanted(self.wanted())
        return given

    def knows_of(self, cautions: Cautions) -> bool:
        """Whether the page that was sent had said all of it; other days or children are told anew."""
        return set(cautions.keys) <= set(self.cleaned_data["told"].split(","))

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(given["first"], given["last"] or given["first"], given["purpose"])


class AnswerLeaveForm(forms.Form):
    """`also` offers the brothers and sisters of the same application that wait for the same guardian."""

    answer = forms.ChoiceField(choices=[("agrees", ""), ("refuses", "")], error_messages={"required": _("Choose an answer.")})
    also = forms.ModelMultipleChoiceField(
        LeaveRequest.objects.none(), label=_("The answer is for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["also"].label_from_instance = lambda row: f"{row.pupil.shown_name}, {row.school_unit.name}"  # type: ignore[attr-defined]
        self.fields["also"].initial = waiting


class GiveBackForm(forms.Form):
    """Granted days to come, all chosen from the start."""

    given_back = forms.TypedMultipleChoiceField(
        label=_("Days to give back"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )

    def __init__(self, *args: Any, coming: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["given_back"]
        by_text = {row.day.isoformat(): row.day for row in coming}
        field.choices = [(text, capfirst(long_day(day))) for text, day in by_text.items()]
        field.coerce, field.initial = by_text.__getitem__, list(by_text)
