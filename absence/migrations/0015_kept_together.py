"""A deviation keeps what it needs of its roll-call, so that those of a school and of a pupil lie together; what counts is unchanged.

The view and the function of a whole school read it there: no roll-call is looked up for a deviation any more.
"""

from importlib import import_module

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


VIEW = """
CREATE OR REPLACE VIEW absence_effective AS
WITH excused AS (
  SELECT d.id AS deviation_id, d.roll_call_id, d.pupil_id, d.lesson_id, d.school_unit_id, d.day,
    d.lesson_starts_at, d.lesson_minutes, d.reports_are_judged,
    d.absent_minutes, d.late_minutes, d.left_early_minutes, d.other_minutes,
    CASE WHEN d.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
    j.verdict, l.id IS NOT NULL AS on_leave,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, d.lesson_starts_at,
        CASE WHEN d.late_is_unauthorised THEN 0 ELSE d.late_minutes END, d.lesson_minutes))
      FILTER (WHERE ar.reported_at <= d.lesson_starts_at), 0) AS covered,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, d.lesson_starts_at, 0, d.late_minutes))
      FILTER (WHERE ar.reported_at <= d.lesson_starts_at AND d.late_is_unauthorised), 0) AS covered_late,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, d.lesson_starts_at, d.lesson_minutes - d.left_early_minutes, d.lesson_minutes))
      FILTER (WHERE ar.reported_at <= d.lesson_starts_at), 0) AS covered_early,
    COALESCE(bool_or(ar.reported_at > d.lesson_starts_at
      AND absence_overlap(rd.starts_at, rd.ends_at, d.lesson_starts_at,
        CASE WHEN d.late_is_unauthorised THEN 0 ELSE d.late_minutes END, d.lesson_minutes) > 0), FALSE) AS reported_late
  FROM absence_deviation d
  LEFT JOIN absence_judgement j ON j.lesson_id = d.lesson_id AND j.pupil_id = d.pupil_id AND j.replaced_at IS NULL
  LEFT JOIN absence_leaveday l
    ON l.pupil_id = d.pupil_id AND l.day = d.day AND l.school_unit_id = d.school_unit_id AND l.revoked_at IS NULL
  LEFT JOIN absence_reportedday rd ON rd.pupil_id = d.pupil_id AND rd.day = d.day AND rd.withdrawn_at IS NULL
  LEFT JOIN absence_absencereport ar ON ar.id = rd.report_id
  GROUP BY d.id, j.id, l.id
), weighed AS (
  SELECT *, absent_minutes + left_early_minutes + late_counted AS away,
    absence_reported(absent_minutes, covered, covered_late, covered_early) AS reported_minutes
  FROM excused
), judged AS (
  SELECT *, absence_valid(verdict, on_leave, away, reported_minutes) AS valid_minutes FROM weighed
)
SELECT deviation_id, roll_call_id, pupil_id, lesson_id, school_unit_id, day, lesson_starts_at, lesson_minutes,
  absent_minutes, late_minutes, left_early_minutes, verdict, on_leave, reported_late,
  away::integer AS away_minutes,
  reported_minutes::integer AS reported_minutes,
  valid_minutes::integer AS valid_minutes,
  (away - valid_minutes)::integer AS unauthorised_minutes,
  other_minutes::integer AS other_minutes,
  (lesson_minutes - away - other_minutes)::integer AS present_minutes,
  verdict IS NULL AND NOT on_leave AND away > 0
    AND (reported_late AND away > reported_minutes OR reports_are_judged AND reported_minutes > 0) AS to_judge
FROM judged;
"""

# The same minutes as the view's for all of a school's deviations of a period, set by set: a reported day has one report, nearly
# always, and the few with several are asked for one by one. Each costly expression is used once, since the planner writes it
# out wherever it is used: that is why away is given, and not what is left of it. `pupils` are those of the rosters.
# A report of the whole lesson, as most are, is seen without reckoning.
AT_SCHOOL = """
DROP FUNCTION absence_effective_at(uuid, date, date);
CREATE FUNCTION absence_effective_at(unit uuid, first date, last date, pupils uuid[])
RETURNS TABLE (activity_id uuid, place smallint, pupil uuid, day date, away_minutes integer, valid_minutes integer, other_minutes integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH excused AS (
    SELECT d.pupil_id, d.activity_id, d.place, d.day, d.absent_minutes, d.left_early_minutes, d.other_minutes,
      CASE WHEN d.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
      j.verdict, said.on_leave,
      CASE WHEN said.reports > 1
        THEN absence_covered(d.pupil_id, d.day, d.lesson_starts_at, CASE WHEN d.late_is_unauthorised THEN 0 ELSE d.late_minutes END, d.lesson_minutes)
        WHEN said.reported_at <= d.lesson_starts_at
        THEN CASE WHEN said.starts_at <= d.lesson_starts_at AND said.ends_at >= d.lesson_starts_at + d.lesson_minutes * interval '1 minute'
          THEN d.lesson_minutes
          ELSE absence_overlap(said.starts_at, said.ends_at, d.lesson_starts_at, CASE WHEN d.late_is_unauthorised THEN 0 ELSE d.late_minutes END, d.lesson_minutes) END
        ELSE 0 END AS covered,
      CASE WHEN d.late_minutes = 0 OR NOT d.late_is_unauthorised THEN 0
        WHEN said.reports > 1 THEN absence_covered(d.pupil_id, d.day, d.lesson_starts_at, 0, d.late_minutes)
        WHEN said.reported_at <= d.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, d.lesson_starts_at, 0, d.late_minutes) ELSE 0 END AS covered_late,
      CASE WHEN d.left_early_minutes = 0 THEN 0
        WHEN said.reports > 1
        THEN absence_covered(d.pupil_id, d.day, d.lesson_starts_at, d.lesson_minutes - d.left_early_minutes, d.lesson_minutes)
        WHEN said.reported_at <= d.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, d.lesson_starts_at, d.lesson_minutes - d.left_early_minutes, d.lesson_minutes)
        ELSE 0 END AS covered_early
    FROM absence_deviation d
    LEFT JOIN absence_judgement j ON j.lesson_id = d.lesson_id AND j.pupil_id = d.pupil_id AND j.replaced_at IS NULL
    LEFT JOIN (
      SELECT known.pupil_id, known.day, count(known.starts_at) AS reports, min(known.starts_at) AS starts_at,
        min(known.ends_at) AS ends_at, min(known.reported_at) AS reported_at, bool_or(known.on_leave) AS on_leave
      FROM (
        SELECT rd.pupil_id, rd.day, rd.starts_at, rd.ends_at, ar.reported_at, FALSE AS on_leave
        FROM absence_reportedday rd JOIN absence_absencereport ar ON ar.id = rd.report_id
        WHERE rd.withdrawn_at IS NULL AND rd.day BETWEEN first AND last AND rd.pupil_id = ANY (pupils)
        UNION ALL
        SELECT l.pupil_id, l.day, NULL, NULL, NULL, TRUE FROM absence_leaveday l
        WHERE l.school_unit_id = unit AND l.day BETWEEN first AND last AND l.revoked_at IS NULL
      ) known
      GROUP BY known.pupil_id, known.day
    ) said ON said.pupil_id = d.pupil_id AND said.day = d.day
    WHERE d.school_unit_id = unit AND d.day BETWEEN first AND last
  ), weighed AS (
    SELECT *, absent_minutes + left_early_minutes + late_counted AS away,
      absence_reported(absent_minutes, covered, covered_late, covered_early) AS reported_minutes
    FROM excused
  ), judged AS (
    SELECT *, absence_valid(verdict, on_leave, away, reported_minutes) AS valid FROM weighed
  )
  SELECT activity_id, place, pupil_id, day, away, valid, other_minutes::integer FROM judged
$$;
"""

BEFORE = import_module("absence.migrations.0013_late_that_does_not_count")  # what going back gives again
AT_SCHOOL_BEFORE = "DROP FUNCTION absence_effective_at(uuid, date, date, uuid[]);" + BEFORE.AT_SCHOOL

FILL = """
UPDATE absence_rollcall r SET place = found.place
FROM (
  SELECT c.id, dense_rank() OVER (PARTITION BY c.day, COALESCE(gm.group_id, c.lesson_id) ORDER BY c.lesson_starts_at) AS place
  FROM absence_rollcall c
  LEFT JOIN registry_groupmembership gm ON gm.person_id = c.roster[1] AND gm.in_class
    AND c.day BETWEEN gm.start_date AND COALESCE(gm.end_date, 'infinity')
) found WHERE found.id = r.id;
UPDATE absence_deviation d SET school_unit_id = r.school_unit_id, lesson_id = r.lesson_id, activity_id = r.activity_id, place = r.place,
  day = r.day, lesson_starts_at = r.lesson_starts_at, late_is_unauthorised = r.late_is_unauthorised,
  reports_are_judged = r.reports_are_judged
FROM absence_rollcall r WHERE r.id = d.roll_call_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('absence', '0014_blocked_periods'),
        ('registry', '0011_person_marked'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='deviation',
            name='knows_its_lesson',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rollcall',
            name='modified_at',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rollcall',
            name='knows_its_activity',
        ),
        migrations.RemoveIndex(
            model_name='rollcall',
            name='roll_call_unit_day',
        ),
        migrations.AddField(
            model_name='deviation',
            name='activity',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.activity'),
        ),
        migrations.AddField(
            model_name='deviation',
            name='day',
            field=models.DateField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='deviation',
            name='late_is_unauthorised',
            field=models.BooleanField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='deviation',
            name='lesson',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.calendarevent'),
        ),
        migrations.AddField(
            model_name='deviation',
            name='lesson_starts_at',
            field=models.DateTimeField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='deviation',
            name='place',
            field=models.PositiveSmallIntegerField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='deviation',
            name='reports_are_judged',
            field=models.BooleanField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='deviation',
            name='school_unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.schoolunit'),
        ),
        migrations.AddField(
            model_name='rollcall',
            name='place',
            field=models.PositiveSmallIntegerField(null=True, editable=False, help_text="of the lesson in the day of the roster's first pupil, from 1; found by a trigger"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='deviation',
            name='day',
            field=models.DateField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='late_is_unauthorised',
            field=models.BooleanField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='lesson',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.calendarevent'),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='lesson_starts_at',
            field=models.DateTimeField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='place',
            field=models.PositiveSmallIntegerField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='reports_are_judged',
            field=models.BooleanField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='school_unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registry.schoolunit'),
        ),
        migrations.AlterField(
            model_name='rollcall',
            name='place',
            field=models.PositiveSmallIntegerField(editable=False, help_text="of the lesson in the day of the roster's first pupil, from 1; found by a trigger"),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='lesson_minutes',
            field=models.PositiveSmallIntegerField(editable=False),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='pupil',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deviations', to='registry.person'),
        ),
        migrations.AlterField(
            model_name='deviation',
            name='roll_call',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deviations', to='absence.rollcall'),
        ),
        migrations.AddIndex(
            model_name='deviation',
            index=models.Index(fields=['school_unit', 'day'], include=('pupil', 'lesson', 'activity', 'place', 'lesson_starts_at', 'lesson_minutes', 'late_is_unauthorised', 'absent_minutes', 'late_minutes', 'left_early_minutes', 'other_minutes'), name='deviation_unit_day'),
        ),
        migrations.AddIndex(
            model_name='rollcall',
            index=models.Index(fields=['school_unit', 'day'], include=('activity', 'roster_key', 'lesson_minutes', 'place'), name='roll_call_unit_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deviation',
            trigger=pgtrigger.compiler.Trigger(name='knows_its_lesson', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nSELECT r.school_unit_id, r.lesson_id, r.activity_id, r.place, r.day, r.lesson_starts_at, r.lesson_minutes, r.late_is_unauthorised,\n  r.reports_are_judged\nINTO NEW.school_unit_id, NEW.lesson_id, NEW.activity_id, NEW.place, NEW.day, NEW.lesson_starts_at, NEW.lesson_minutes,\n  NEW.late_is_unauthorised, NEW.reports_are_judged\nFROM absence_rollcall r WHERE r.id = NEW.roll_call_id;\nRETURN NEW;\n', hash='c08b8b4fd67ab57d3cf8270535c90bc0f4dd8088', operation='INSERT OR UPDATE', pgid='pgtrigger_knows_its_lesson_80109', table='absence_deviation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollcall',
            trigger=pgtrigger.compiler.Trigger(name='modified_at', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."activity_id" IS DISTINCT FROM (NEW."activity_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."day_call_id" IS DISTINCT FROM (NEW."day_call_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."late_is_unauthorised" IS DISTINCT FROM (NEW."late_is_unauthorised") OR OLD."lesson_id" IS DISTINCT FROM (NEW."lesson_id") OR OLD."lesson_minutes" IS DISTINCT FROM (NEW."lesson_minutes") OR OLD."lesson_starts_at" IS DISTINCT FROM (NEW."lesson_starts_at") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."reports_are_judged" IS DISTINCT FROM (NEW."reports_are_judged") OR OLD."roster" IS DISTINCT FROM (NEW."roster") OR OLD."school_unit_id" IS DISTINCT FROM (NEW."school_unit_id") OR OLD."submission" IS DISTINCT FROM (NEW."submission") OR OLD."taken_at" IS DISTINCT FROM (NEW."taken_at") OR OLD."taken_by_id" IS DISTINCT FROM (NEW."taken_by_id") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='NEW.modified_at = statement_timestamp(); RETURN NEW;', hash='99dcb33f3a26bf18626f8591e1f1385c72c43318', operation='UPDATE', pgid='pgtrigger_modified_at_296a7', table='absence_rollcall', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollcall',
            trigger=pgtrigger.compiler.Trigger(name='knows_its_activity', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nNEW.activity_id = (SELECT activity_id FROM registry_calendarevent WHERE id = NEW.lesson_id);\nIF NEW.place IS NULL THEN\n  NEW.place = (\n    SELECT 1 + count(DISTINCT earlier.starts_at)\n    FROM registry_calendarevent held\n    JOIN registry_groupmembership gm ON gm.person_id = NEW.roster[1]\n      AND held.day BETWEEN gm.start_date AND COALESCE(gm.end_date, 'infinity')\n    JOIN registry_activitygroup ag ON ag.group_id = gm.group_id\n    JOIN registry_calendarevent earlier ON earlier.activity_id = ag.activity_id AND earlier.day = held.day\n      AND earlier.starts_at < NEW.lesson_starts_at AND NOT earlier.cancelled\n    WHERE held.id = NEW.lesson_id\n  );\nEND IF;\nRETURN NEW;\n", hash='a7116fa436e482bb82acb1c8a2ca9f6ceb391a7a', operation='INSERT OR UPDATE', pgid='pgtrigger_knows_its_activity_2ad49', table='absence_rollcall', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollcall',
            trigger=pgtrigger.compiler.Trigger(name='tells_its_deviations', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."activity_id" IS DISTINCT FROM (NEW."activity_id") OR OLD."late_is_unauthorised" IS DISTINCT FROM (NEW."late_is_unauthorised") OR OLD."lesson_id" IS DISTINCT FROM (NEW."lesson_id") OR OLD."lesson_minutes" IS DISTINCT FROM (NEW."lesson_minutes") OR OLD."lesson_starts_at" IS DISTINCT FROM (NEW."lesson_starts_at") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."reports_are_judged" IS DISTINCT FROM (NEW."reports_are_judged") OR OLD."school_unit_id" IS DISTINCT FROM (NEW."school_unit_id"))', func='UPDATE absence_deviation SET roll_call_id = NEW.id WHERE roll_call_id = NEW.id; RETURN NULL;', hash='32cc8b0deab114edff2ab58c3820b1ce7b972d34', operation='UPDATE', pgid='pgtrigger_tells_its_deviations_01a60', table='absence_rollcall', when='AFTER')),
        ),
        migrations.RunSQL(VIEW, BEFORE.VIEW),
        migrations.RunSQL(AT_SCHOOL, AT_SCHOOL_BEFORE),
    ]
