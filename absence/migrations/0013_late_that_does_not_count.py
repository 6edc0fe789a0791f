"""Where late arrival does not count, a report that covers nothing but the late minutes excuses no other absence of the lesson.

The late minutes are the lesson's first, so what was reported of them says nothing of when else the pupil was away. View and
function are those of 0008 but for the minute from which a report is counted.
"""

from django.db import migrations

VIEW = """
CREATE OR REPLACE VIEW absence_effective AS
WITH excused AS (
  SELECT d.id AS deviation_id, d.roll_call_id, d.pupil_id, r.lesson_id, r.school_unit_id, r.day,
    r.lesson_starts_at, r.lesson_minutes, r.reports_are_judged,
    d.absent_minutes, d.late_minutes, d.left_early_minutes, d.other_minutes,
    CASE WHEN r.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
    j.verdict, l.id IS NOT NULL AS on_leave,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at,
        CASE WHEN r.late_is_unauthorised THEN 0 ELSE d.late_minutes END, r.lesson_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at), 0) AS covered,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, 0, d.late_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at AND r.late_is_unauthorised), 0) AS covered_late,
    COALESCE(sum(absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at, r.lesson_minutes - d.left_early_minutes, r.lesson_minutes))
      FILTER (WHERE ar.reported_at <= r.lesson_starts_at), 0) AS covered_early,
    COALESCE(bool_or(ar.reported_at > r.lesson_starts_at
      AND absence_overlap(rd.starts_at, rd.ends_at, r.lesson_starts_at,
        CASE WHEN r.late_is_unauthorised THEN 0 ELSE d.late_minutes END, r.lesson_minutes) > 0), FALSE) AS reported_late
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

AT_SCHOOL = """
CREATE OR REPLACE FUNCTION absence_effective_at(unit uuid, first date, last date)
RETURNS TABLE (lesson_id uuid, activity_id uuid, pupil uuid, day date, away_minutes integer, valid_minutes integer,
  other_minutes integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH excused AS (
    SELECT d.pupil_id, r.lesson_id, r.activity_id, r.day, d.absent_minutes, d.left_early_minutes, d.other_minutes,
      CASE WHEN r.late_is_unauthorised THEN d.late_minutes ELSE 0 END AS late_counted,
      j.verdict, l.id IS NOT NULL AS on_leave,
      CASE WHEN said.reports > 1 THEN absence_covered(d.pupil_id, r.day, r.lesson_starts_at,
          CASE WHEN r.late_is_unauthorised THEN 0 ELSE d.late_minutes END, r.lesson_minutes)
        WHEN said.reported_at <= r.lesson_starts_at
        THEN absence_overlap(said.starts_at, said.ends_at, r.lesson_starts_at,
          CASE WHEN r.late_is_unauthorised THEN 0 ELSE d.late_minutes END, r.lesson_minutes) ELSE 0 END AS covered,
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


class Migration(migrations.Migration):

    dependencies = [
        ('absence', '0012_ladder_and_onward'),
    ]

    operations = [
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.RunSQL(AT_SCHOOL, migrations.RunSQL.noop),
    ]
