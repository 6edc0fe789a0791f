"""What was reported beforehand is sought for each pupil of a roll-call, not every roll-call of a day for each report.

Asked for the units of one person, the view then reads those units' rosters alone, however large the municipality is.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("absence.migrations.0007_follow_up")
CONTRADICTIONS = """
CREATE OR REPLACE VIEW absence_contradiction AS
SELECT r.id || ':' || said.pupil_id AS id, r.id AS roll_call_id, said.pupil_id, r.lesson_id, r.school_unit_id, r.day,
  r.lesson_starts_at, bool_or(said.on_leave) AS on_leave
FROM absence_rollcall r
CROSS JOIN LATERAL unnest(r.roster) AS listed (pupil_id)
JOIN (
  SELECT pupil_id, day, starts_at, ends_at, NULL::uuid AS school_unit_id, FALSE AS on_leave
  FROM absence_reportedday WHERE withdrawn_at IS NULL
  UNION ALL
  SELECT pupil_id, day, NULL, NULL, school_unit_id, TRUE FROM absence_leaveday WHERE revoked_at IS NULL
) said ON said.pupil_id = listed.pupil_id AND said.day = r.day
  AND (said.on_leave AND r.school_unit_id = said.school_unit_id
    OR NOT said.on_leave AND absence_overlap(said.starts_at, said.ends_at, r.lesson_starts_at, 0, r.lesson_minutes) > 0)
WHERE NOT EXISTS (SELECT 1 FROM absence_deviation d WHERE d.roll_call_id = r.id AND d.pupil_id = said.pupil_id)
  AND NOT EXISTS (SELECT 1 FROM absence_presenceconfirmation c WHERE c.lesson_id = r.lesson_id AND c.pupil_id = said.pupil_id)
GROUP BY r.id, said.pupil_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('absence', '0015_kept_together'),
    ]

    operations = [
        migrations.RunSQL(CONTRADICTIONS, BEFORE.CONTRADICTIONS.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")),
    ]
