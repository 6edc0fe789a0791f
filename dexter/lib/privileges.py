"""What the plain web role may do: read and write rows, own nothing, and never rewrite what is append-only."""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from psycopg import sql

READ_ONLY_TABLES = ("django_migrations",)


def append_only_tables() -> list[str]:
    """Tables of the models that say `append_only = True`."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def grant_web_role(alias: str = "owner") -> None:
    """Give the role of the default database its rights on all tables, as their owner; may be run again."""
    role = sql.Identifier(str(connections["default"].settings_dict["USER"]))
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}"),
    ]
    rights = {"UPDATE, DELETE": append_only_tables(), "INSERT, UPDATE, DELETE": list(READ_ONLY_TABLES)}
    revokes = [
        sql.SQL("REVOKE {rights} ON {table} FROM {role}").format(rights=sql.SQL(right), table=sql.Identifier(table), role=role)
        for right, tables in rights.items()
        for table in tables
    ]
    with connections[alias].cursor() as cursor:
        for statement in [*[grant.format(role=role) for grant in statements], *revokes]:
            cursor.execute(statement)
