from __future__ import annotations

from tests.larande import made


def test_a_guardian_reads_the_week(cast, guardian) -> None:
    made.plan(cast.anna, published=True)
    page = guardian.get("/larande/")
    assert page.status_code == 200
    assert "Bråk i vardagen" in page.content.decode()
