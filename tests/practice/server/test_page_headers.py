"""What the usage page tells the browser: no script, nothing from elsewhere, kept by nobody."""

from __future__ import annotations

import http.client

import pytest

from practice.process.launcher import Service

POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


@pytest.fixture
def headers(service: Service) -> dict[str, str]:
    place = service.base_url.removeprefix("http://").removesuffix("/v1")
    connection = http.client.HTTPConnection(place, timeout=20)
    connection.request("GET", "/usage")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    return {name.lower(): value for name, value in answer.getheaders()}


def test_the_page_may_load_and_run_nothing(headers: dict[str, str]) -> None:
    parts = [part.split() for part in headers["content-security-policy"].split(";")]
    assert {name: " ".join(values) for name, *values in parts} == POLICY


def test_the_page_is_kept_by_nobody(headers: dict[str, str]) -> None:
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
