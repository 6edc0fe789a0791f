"""What roll-calls already hold, in the new columns: one observation with minutes becomes minutes by what was seen."""

from django.db import migrations

FILL = """
UPDATE absence_rollcall r SET school_unit_id = a.school_unit_id
  FROM registry_calendarevent e JOIN registry_activity a ON a.id = e.activity_id WHERE e.id = r.lesson_id;
UPDATE absence_deviation d SET
  absent_minutes = CASE WHEN observation = 'absent' THEN LEAST(minutes, r.lesson_minutes) ELSE 0 END,
  late_minutes = CASE WHEN observation = 'late' THEN LEAST(minutes, r.lesson_minutes) ELSE 0 END,
  other_minutes = CASE WHEN observation = 'other' THEN LEAST(minutes, r.lesson_minutes) ELSE 0 END
  FROM absence_rollcall r WHERE r.id = d.roll_call_id;
"""


class Migration(migrations.Migration):
    dependencies = [("absence", "0002_three_records")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
