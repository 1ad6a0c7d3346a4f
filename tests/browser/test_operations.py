"""The console shows an operation that it was never told of: a toy that lives in the tests."""

import pytest
from playwright.sync_api import expect

from mockface import operations
from mockface.testing import Mockface
from tests.toy import TOY

pytestmark = pytest.mark.thorough


@pytest.fixture
def m(monkeypatch):
    monkeypatch.setattr(operations, "OPERATIONS", (*operations.OPERATIONS, TOY))
    with Mockface() as served:
        yield served


def test_the_toy_is_tried_by_its_fields_and_its_call_and_its_codes_are_shown(visit, m):
    person = m.add(code=-5803)
    page = visit(f"try/{person.idcard_number}", url=m.url)
    page.get_by_label("Operation").select_option("toy")
    expect(page.get_by_label("Signature")).to_be_hidden()
    page.get_by_role("textbox", name="colour").fill("blue")
    page.get_by_role("button", name="Send the call").click()
    expect(page.locator(".result h2")).to_contain_text("OtherOwner")
    expect(page.locator(".result .why")).to_contain_text("toy says OtherOwner for NAME_MISMATCH")
    (call,) = m.all_calls
    assert (call.operation, call.fields["colour"]) == ("toy", "blue")
    page.get_by_role("link", name="Outcomes").click()
    expect(page.get_by_role("heading", name="toy")).to_be_visible()
    expect(page.get_by_text("another person has the card").first).to_be_visible()
    page.get_by_role("link", name="Calls").click()
    expect(page.locator(".row .form").last).to_contain_text("toy")
