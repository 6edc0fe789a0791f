"""What is filled in about matrices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dexter.lib.access import Actor, allows
from dexter.lib.models import uuid7
from larande.assessment import reads
from larande.assessment.actions.matrices import RULES, NewRow
from larande.assessment.models import AssessmentMatrix, MatrixLevel
from larande.assessment.models.matrices import AssessmentMatrixQuerySet
from larande.planning.models import LessonPlan
from registry.forms.activities import SubjectChoice
from registry.models import Activity, SchoolUnit

TITLE, TEXT = 200, 2000


class MatrixFilterForm(forms.Form):
    search = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)
    whose = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Subject"), required=False)
    retired = forms.BooleanField(label=gettext_lazy("Also retired ones"), required=False)

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", _("All")), ("mine", _("Mine")), ("school", _("The school's")), ("municipality", _("The municipality's"))]
        self.fields["whose"].choices = levels  # type: ignore[attr-defined]
        self.fields["subject"].choices = [("", _("All")), *subjects]  # type: ignore[attr-defined]

    def chosen(self, matrices: AssessmentMatrixQuerySet, actor: Actor) -> AssessmentMatrixQuerySet:
        """Of the templates those asked for; retired ones only when asked for too."""
        given = self.cleaned_data if self.is_valid() else {}
        rows = matrices if given.get("retired") else matrices.filter(retired_at__isnull=True)
        if given.get("search"):
            rows = rows.filter(title__icontains=given["search"])
        if given.get("subject"):
            rows = rows.filter(subject_code=given["subject"])
        whose = given.get("whose")
        if whose == "mine":
            return rows.filter(created_by=actor.person_id)
        return rows.filter(level=whose) if whose else rows


class SourceForm(forms.Form):
    """What to make a matrix from, by address: the own teaching, or a subject that a school teaches."""

    teaching = forms.ModelChoiceField(Activity.objects.none(), required=False)
    plan = forms.ModelChoiceField(LessonPlan.objects.none(), required=False)
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=gettext_lazy("School"), required=False, empty_label=None)
    syllabus = SubjectChoice()
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False, min_value=0, max_value=10)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = SchoolUnit.objects.visible_to(actor)
        choices: Any = self.fields
        choices["teaching"].queryset = reads.teachings_to_assess(actor)
        choices["plan"].queryset = LessonPlan.objects.visible_to(actor)
        choices["school_unit"].queryset = reads.units_with_assessment(units)
        choices["syllabus"].queryset = reads.subjects_taught_at(units.values_list("pk", flat=True))
        choices["syllabus"].empty_label = _("Choose a subject")

    @property
    def source(self) -> reads.Source | None:
        """None until enough is chosen."""
        if not self.is_valid():
            return None
        given, year = self.cleaned_data, self.cleaned_data["year"]
        if teaching := given["teaching"]:
            chosen = year if year is not None else reads.year_taught(teaching)
            return reads.Source(teaching.school_unit, teaching.syllabus, chosen, teaching, given["plan"])
        if given["syllabus"] and given["school_unit"]:
            return reads.Source(given["school_unit"], given["syllabus"], year)
        return None


class Teachings(forms.ModelMultipleChoiceField):
    def label_from_instance(self, activity: Activity) -> str:
        return activity.name


class MakeMatrixForm(forms.Form):
    """Rows of the criteria to tick, own rows in words, and where it goes to work at once."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    threads = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    own_rows = forms.CharField(
        label=gettext_lazy("Own rows"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One a line. Their texts for each step are written afterwards, if you like."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    level = forms.ChoiceField(label=gettext_lazy("Who may use it"), widget=forms.RadioSelect, initial=MatrixLevel.TEACHER)
    activities = Teachings(Activity.objects.none(), label=gettext_lazy("Use it in"), required=False, widget=forms.CheckboxSelectMultiple)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, *args: Any, actor: Actor, source: reads.Source, criteria: reads.Criteria, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.criteria = source, criteria
        fields: Any = self.fields
        fields["threads"].choices = [(thread.key, reads.title_of(thread)) for thread in criteria.threads]
        fields["level"].choices = levels_open(actor, source.school_unit)
        teachings = reads.teachings_to_assess(actor).filter(syllabus__subject_code=source.syllabus.subject_code)
        fields["activities"].queryset = teachings
        first = criteria.variant or (criteria.threads[0].variant if criteria.threads else "")
        planned = reads.threads_of_plan(source.plan) if source.plan else set()
        ticked = [thread.key for thread in criteria.threads if (thread.key in planned if planned else thread.variant in {first, ""})]
        name = source.syllabus.subject_name + (f" {_('year')} {source.year}" if source.year is not None else "")
        here = [source.activity.pk] if source.activity else []
        self.initial.update(title=source.plan.title if source.plan else name, threads=ticked, activities=here)

    @property
    def thread_choices(self) -> list[tuple[Any, str, bool]]:
        """Each thread with its name and whether it is ticked."""
        chosen = set(self["threads"].value() or [])
        return [(thread, reads.title_of(thread), thread.key in chosen) for thread in self.criteria.threads]

    def clean_own_rows(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["own_rows"].splitlines() if line.strip()]
        if any(len(line) > TITLE for line in lines):
            raise ValidationError(_("A row's name is at most %(count)d letters.") % {"count": TITLE})
        return lines

    def made(self) -> dict[str, Any]:
        """What the action takes beside actor."""
        syllabus, year = self.source.syllabus, self.source.year
        scale = reads.scale_of_matrix(syllabus.school_type, year, syllabus.subject_code)
        chosen = [thread for thread in self.criteria.threads if thread.key in self.cleaned_data["threads"]]
        rows = [NewRow(reads.title_of(thread), thread.key, reads.cells_of(thread, scale)) for thread in chosen]
        rows += [NewRow(line) for line in self.cleaned_data["own_rows"]]
        taken = {name: self.cleaned_data[name] for name in ("title", "level", "submission")}
        where = {"school_unit": self.source.school_unit, "syllabus": syllabus, "year": year, "plan": self.source.plan}
        return {**taken, **where, "rows": rows, "activities": list(self.cleaned_data["activities"])}


class AttachForm(forms.Form):
    activities = Teachings(Activity.objects.none(), label=gettext_lazy("Use it in"), widget=forms.CheckboxSelectMultiple)
    plan = forms.ModelChoiceField(
        LessonPlan.objects.none(), label=gettext_lazy("For a plan"), required=False, empty_label=gettext_lazy("The subject as a whole")
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, *args: Any, actor: Actor, matrix: AssessmentMatrix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teachings, fields = reads.teachings_to_assess(actor), dict[str, Any](self.fields)
        fields["activities"].queryset = reads.subject_first(teachings, matrix.subject_code)
        fields["plan"].queryset = reads.plans_for(LessonPlan.objects.visible_to(actor), teachings)


class CopyForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none())
    submission = forms.UUIDField()

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = units  # type: ignore[attr-defined]


class RetireForm(forms.Form):
    retired = forms.BooleanField(required=False)


def levels_open(actor: Actor, unit: SchoolUnit) -> list[tuple[str, Any]]:
    """The levels that the actor may give a matrix of the unit."""
    return [(level.value, level.label) for level in MatrixLevel if level not in RULES or allows(actor, RULES[level], unit)]
