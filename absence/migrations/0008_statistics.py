"""Statistics of a whole year, and the statements of a term; what counts stays the view's definition, its rules named once."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models

OVERLAP = """
CREATE OR REPLACE FUNCTION absence_overlap(opens timestamptz, closes timestamptz, starts timestamptz, first integer, last integer)
RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT GREATEST(0, floor(date_part('epoch',
    LEAST(closes, starts + last * interval '1 minute') - GREATEST(opens, starts + first * interval '1 minute')) / 60))::integer
$$;
"""  # stable: only then is it put in place of its call (adding an interval is no more than stable); four times as fast

RULES = """
CREATE FUNCTION absence_reported(absent integer, covered bigint, covered_late bigint, covered_early bigint)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT LEAST(absent + covered_late + covered_early, covered)::integer
$$;
CREATE FUNCTION absence_valid(verdict text, on_leave boolean, away integer, reported integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN verdict = 'valid' THEN away WHEN verdict = 'unauthorised' THEN 0 WHEN on_leave THEN away ELSE reported END
$$;
"""

VIEW = """
CREATE OR REPLACE VIEW absence_effective AS
WITH excused AS (
  SELECT d.id AS deviation_id, d.roll_call_id, d.pupil_id, r.lesson_id, r.school_unit_id, r.day,
    r.lesson_starts_at, r.lesson_minutes, r.reports_are_judged,
    d.absent_minutes, d.late_minutes, d.left_early_minutes, d.other_minutes,
    CASE WHEN r.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
    j.verdict, l.id IS NOT NULL AS on_leave,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, 0, r.lesson_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at), 0) AS covered,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, 0, d.late_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at AND r.late_is_unauthorised), 0) AS covered_late,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, r.lesson_minutes - d.left_early_minutes, r.lesson_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at), 0) AS covered_early,
    COALESCE(bool_or(ar.reported_at > r.lesson_starts_at
      AND absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, 0, r.lesson_minutes) > 0), FALSE) AS reported_late
  FROM absence_deviation d
  JOIN absence_rollcall r ON r.id = d.roll_call_id
  LEFT JOIN absence_judgement j ON j.lesson_id = r.lesson_id AND j.pupil_id = d.pupil_id AND j.replaced_at IS NULL
  LEFT JOIN absence_leaveday l
    ON l.pupil_id = d.pupil_id AND l.day = r.day AND l.school_unit_id = r.school_unit_id AND l.revoked_at IS NULL
  LEFT JOIN absence_reportedday rd ON rd.pupil_id = d.pupil_id AND rd.day = r.day AND rd.withdrawn_at IS NULL
  LEFT JOIN absence_absencereport ar ON ar.id = rd.report_id
  GROUP BY d.id, r.id, j.id, l.id
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

# The same minutes as the view's, for all of a school's roll-calls of a period: joined set by set and not grouped a row,
# since nearly every reported day has one report; the few with several are asked for one by one. Each costly expression is
# used once, since the planner writes it out wherever it is used: that is why away is given, and not what is left of it.
AT_SCHOOL = """
CREATE FUNCTION absence_covered(pupil uuid, on_day date, starts timestamptz, first integer, last integer) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, starts, first, last)), 0)
  FROM absence_reportedday rd JOIN absence_absencereport ar ON ar.id = rd.report_id
  WHERE rd.pupil_id = pupil AND rd.day = on_day AND rd.withdrawn_at IS NULL AND ar.reported_at <= starts
$$;
CREATE FUNCTION absence_effective_at(unit uuid, first date, last date)
RETURNS TABLE (lesson_id uuid, activity_id uuid, pupil uuid, day date, away_minutes integer, valid_minutes integer,
  other_minutes integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH excused AS (
    SELECT d.pupil_id, r.lesson_id, r.activity_id, r.day, d.absent_minutes, d.left_early_minutes, d.other_minutes,
      CASE WHEN r.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
      j.verdict, l.id IS NOT NULL AS on_leave,
      CASE WHEN said.reports > 1 THEN absence_covered(d.pupil_id, r.day, r.lesson_starts_at, 0, r.lesson_minutes)
        WHEN said.reported_at <= r.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, r.lesson_starts_at, 0, r.lesson_minutes) ELSE 0 END AS covered,
      CASE WHEN d.late_minutes = 0 OR NOT r.late_is_unauthorised THEN 0
        WHEN said.reports > 1 THEN absence_covered(d.pupil_id, r.day, r.lesson_starts_at, 0, d.late_minutes)
        WHEN said.reported_at <= r.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, r.lesson_starts_at, 0, d.late_minutes) ELSE 0 END AS covered_late,
      CASE WHEN d.left_early_minutes = 0 THEN 0
        WHEN said.reports > 1
        THEN absence_covered(d.pupil_id, r.day, r.lesson_starts_at, r.lesson_minutes - d.left_early_minutes, r.lesson_minutes)
        WHEN said.reported_at <= r.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, r.lesson_starts_at, r.lesson_minutes - d.left_early_minutes, r.lesson_minutes)
        ELSE 0 END AS covered_early
    FROM absence_rollcall r
    JOIN absence_deviation d ON d.roll_call_id = r.id
    LEFT JOIN absence_judgement j ON j.lesson_id = r.lesson_id AND j.pupil_id = d.pupil_id AND j.replaced_at IS NULL
    LEFT JOIN absence_leaveday l
      ON l.pupil_id = d.pupil_id AND l.day = r.day AND l.school_unit_id = r.school_unit_id AND l.revoked_at IS NULL
    LEFT JOIN (
      SELECT rd.pupil_id, rd.day, count(*) AS reports, min(rd.starts_at) AS starts_at, min(rd.ends_at) AS ends_at,
        min(ar.reported_at) AS reported_at
      FROM absence_reportedday rd JOIN absence_absencereport ar ON ar.id = rd.report_id
      WHERE rd.withdrawn_at IS NULL AND rd.day BETWEEN first AND last AND rd.pupil_id IN (
        SELECT unnest(example.roster)
        FROM (SELECT DISTINCT roster_key FROM absence_rollcall WHERE school_unit_id = unit AND day BETWEEN first AND last) one
        CROSS JOIN LATERAL (SELECT roster FROM absence_rollcall WHERE roster_key = one.roster_key LIMIT 1) example
      )
      GROUP BY rd.pupil_id, rd.day
    ) said ON said.pupil_id = d.pupil_id AND said.day = r.day
    WHERE r.school_unit_id = unit AND r.day BETWEEN first AND last
  ), weighed AS (
    SELECT *, absent_minutes + left_early_minutes + late_counted AS away,
      absence_reported(absent_minutes, covered, covered_late, covered_early) AS reported_minutes
    FROM excused
  ), judged AS (
    SELECT *, absence_valid(verdict, on_leave, away, reported_minutes) AS valid FROM weighed
  )
  SELECT lesson_id, activity_id, pupil_id, day, away, valid, other_minutes::integer FROM judged
$$;
"""
BACK = """
DROP FUNCTION absence_effective_at(uuid, date, date);
DROP FUNCTION absence_covered(uuid, date, timestamptz, integer, integer);
"""

FILL = """
UPDATE absence_rollcall r SET activity_id = e.activity_id FROM registry_calendarevent e WHERE e.id = r.lesson_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('absence', '0007_follow_up'),
        ('registry', '0011_person_marked'),
    ]

    operations = [
        migrations.CreateModel(
            name='TermStatement',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('modified_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('version', models.PositiveSmallIntegerField(help_text='the highest stands')),
                ('unauthorised_minutes', models.PositiveIntegerField()),
                ('offered_minutes', models.PositiveIntegerField(help_text='of the lessons that the pupil could attend, reported or not')),
                ('frozen_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rollcall',
            name='modified_at',
        ),
        migrations.RemoveIndex(
            model_name='rollcall',
            name='roll_call_unit_day',
        ),
        migrations.AddField(
            model_name='rollcall',
            name='activity',
            field=models.ForeignKey(db_index=False, editable=False, help_text='of the lesson; kept by a trigger', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.activity'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollcall',
            trigger=pgtrigger.compiler.Trigger(name='modified_at', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."activity_id" IS DISTINCT FROM (NEW."activity_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."day_call_id" IS DISTINCT FROM (NEW."day_call_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."late_is_unauthorised" IS DISTINCT FROM (NEW."late_is_unauthorised") OR OLD."lesson_id" IS DISTINCT FROM (NEW."lesson_id") OR OLD."lesson_minutes" IS DISTINCT FROM (NEW."lesson_minutes") OR OLD."lesson_starts_at" IS DISTINCT FROM (NEW."lesson_starts_at") OR OLD."reports_are_judged" IS DISTINCT FROM (NEW."reports_are_judged") OR OLD."roster" IS DISTINCT FROM (NEW."roster") OR OLD."school_unit_id" IS DISTINCT FROM (NEW."school_unit_id") OR OLD."submission" IS DISTINCT FROM (NEW."submission") OR OLD."taken_at" IS DISTINCT FROM (NEW."taken_at") OR OLD."taken_by_id" IS DISTINCT FROM (NEW."taken_by_id") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='NEW.modified_at = statement_timestamp(); RETURN NEW;', hash='bc4244952f32ad6d111289e678ca92a0cb49d298', operation='UPDATE', pgid='pgtrigger_modified_at_296a7', table='absence_rollcall', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollcall',
            trigger=pgtrigger.compiler.Trigger(name='knows_its_activity', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.activity_id = (SELECT activity_id FROM registry_calendarevent WHERE id = NEW.lesson_id); RETURN NEW;', hash='49dc2c123b5c969b2181d41d0d7a794d0b38bc40', operation='INSERT', pgid='pgtrigger_knows_its_activity_2ad49', table='absence_rollcall', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='termstatement',
            name='frozen_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person'),
        ),
        migrations.AddField(
            model_name='termstatement',
            name='pupil',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='term_statements', to='registry.person'),
        ),
        migrations.AddField(
            model_name='termstatement',
            name='school_unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='term_statements', to='registry.schoolunit'),
        ),
        migrations.AddField(
            model_name='termstatement',
            name='term',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='term_statements', to='registry.term'),
        ),
        migrations.AddField(
            model_name='rollcall',
            name='roster_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('roster'), models.Value(0), function='hash_array_extended'), output_field=models.BigIntegerField()),
        ),
        migrations.AddIndex(
            model_name='rollcall',
            index=models.Index(fields=['school_unit', 'day'], include=('id', 'lesson', 'activity', 'roster_key', 'lesson_starts_at', 'lesson_minutes', 'late_is_unauthorised'), name='roll_call_unit_day'),
        ),
        migrations.AddIndex(
            model_name='rollcall',
            index=models.Index(fields=['roster_key'], name='roll_call_roster_key'),
        ),
        migrations.AddConstraint(
            model_name='termstatement',
            constraint=models.UniqueConstraint(fields=('term', 'school_unit', 'pupil', 'version'), name='term_statement_version'),
        ),
        migrations.AddConstraint(
            model_name='termstatement',
            constraint=models.CheckConstraint(condition=models.Q(('unauthorised_minutes__lte', models.F('offered_minutes'))), name='term_statement_within_term'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='termstatement',
            trigger=pgtrigger.compiler.Trigger(name='modified_at', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."frozen_at" IS DISTINCT FROM (NEW."frozen_at") OR OLD."frozen_by_id" IS DISTINCT FROM (NEW."frozen_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."offered_minutes" IS DISTINCT FROM (NEW."offered_minutes") OR OLD."pupil_id" IS DISTINCT FROM (NEW."pupil_id") OR OLD."school_unit_id" IS DISTINCT FROM (NEW."school_unit_id") OR OLD."term_id" IS DISTINCT FROM (NEW."term_id") OR OLD."unauthorised_minutes" IS DISTINCT FROM (NEW."unauthorised_minutes") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='NEW.modified_at = statement_timestamp(); RETURN NEW;', hash='93bb6fca478128d720a9cd9573468765105ddbab', operation='UPDATE', pgid='pgtrigger_modified_at_49234', table='absence_termstatement', when='BEFORE')),
        ),
        migrations.RunSQL(OVERLAP, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.RunSQL(AT_SCHOOL, BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
