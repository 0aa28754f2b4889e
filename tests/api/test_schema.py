"""The committed OpenAPI schema is the code's, without a warning; its page needs no other host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "api" / "schema.yaml"


def test_the_committed_schema_is_current_and_valid(tmp_path):
    fresh = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == COMMITTED.read_text(), "run: make schema"


def test_every_operation_says_how_it_refuses():
    schema = yaml.safe_load(COMMITTED.read_text())
    for address, methods in schema["paths"].items():
        if not address.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            problems = {
                status
                for status, answer in operation["responses"].items()
                if "application/problem+json" in answer.get("content", {})
            }
            assert {"400", "401", "404", "406"} <= problems, (method, address)


# Below one organisation or linkage these add a row that has no version, or answer such a one; the
# terms of a pool never change.
UNVERSIONED = re.compile(
    r"/(linkages|talks|messages|evidence|leave|deliveries(/.*)?|consents/.*|suggestions/.*|codes/.*"
    r"|pools/.*|pool|quick-post/read)$"
)


def test_a_change_of_a_versioned_row_names_the_header():
    schema = yaml.safe_load(COMMITTED.read_text())
    versioned = [
        operation
        for address, methods in schema["paths"].items()
        for method, operation in methods.items()
        if re.match(r"/api/v1/(organisations|linkages)/\{", address)
        and method != "get"
        and not UNVERSIONED.search(address)
        # What creates something is known by its key instead.
        and "Idempotency-Key" not in {p["name"] for p in operation["parameters"]}
    ]
    assert len(versioned) >= 24
    for operation in versioned:
        assert "If-Match" in [p["name"] for p in operation["parameters"] if p["in"] == "header"]
        assert {"412", "428"} <= set(operation["responses"])


def test_the_schema_is_served(client, db):
    response = client.get("/api/schema/")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Nối Chuỗi API"


def test_the_page_runs_no_inline_script_and_asks_no_other_host(client, db):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("what", ["src", "href"])
def test_everything_the_page_asks_for_is_there(what, client, db):
    text = client.get("/api/docs/").content.decode()
    for address in re.findall(rf'{what}="([^"]+)"', text):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
