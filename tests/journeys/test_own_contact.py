"""A guardian confirms a new address with the code that the worker sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .test_every_page import inspect

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_a_code_comes_and_confirms(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    karin, address = visitor(size, scheme).identify("Karin"), f"karin.{size}@example.org"
    for path in ("/start/", "/mina-uppgifter/", "/mina-uppgifter/e-post/", "/mina-uppgifter/mobil/"):
        assert inspect(karin, path, f"contact{path.replace('/', '_')}{size}-{scheme}") == []
    karin.open("/mina-uppgifter/e-post/").page.locator("input[name=value]").fill(address)
    karin.page.locator("main form button").click()
    karin.page.wait_for_url(re.compile("/mina-uppgifter/kod/"))
    page = karin.path
    assert inspect(karin, page, f"contact_code-{size}-{scheme}") == []
    letter = karin.open("/demo/meddelanden/").page.locator("main article", has_text=address)
    for _second in range(30):
        if letter.count():
            break
        karin.page.wait_for_timeout(1000)
        karin.open("/demo/meddelanden/")
    code = re.findall(r"\b\d{6}\b", letter.first.inner_text())[0]
    assert inspect(karin, "/demo/meddelanden/", f"demo_messages-{size}-{scheme}") == []
    karin.open(page).page.locator("input[name=code]").fill(code)
    karin.page.locator("main form button").click()
    karin.page.wait_for_url("**/mina-uppgifter/")
    assert address in karin.text
