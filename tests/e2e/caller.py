"""Somebody's program: an account made on the page where everybody makes one, then the API alone."""

from __future__ import annotations

import uuid
from typing import Any

import requests

PASSWORD = "mot-mat-khau-dai"


class Caller:
    """A session of its own; `of` is the organisation acted for."""

    def __init__(self, site: str, name: str) -> None:
        self.site, self.name, self.of = site, name, 0
        self.http = requests.Session()
        self._sign_up()

    def get(self, address: str) -> Any:
        return self._ask("GET", address).json()

    def tag(self, address: str) -> str:
        """The version that an act on it has to name."""
        return self._ask("GET", address).headers["ETag"]

    def create(
        self, address: str, body: Any = None, *, key: str = "", tag: str = "", **more: Any
    ) -> Any:
        """A request that creates something, once for its key; on the version that was read."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if tag:
            headers["If-Match"] = tag
        more = {"json": body, "status": 201, **more}
        return self._ask("POST", address, headers=headers, **more).json()

    def act(self, address: str, body: Any = None, *, tag: str, **more: Any) -> Any:
        """An act on the version that was read."""
        return self._ask("POST", address, headers={"If-Match": tag}, json=body, **more).json()

    def own(self, address: str) -> str:
        return f"organisations/{self.of}/{address}"

    def _ask(
        self, method: str, address: str, *, status: int = 200, headers: Any = None, **sent: Any
    ) -> requests.Response:
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"], **(headers or {})}
        answer = self.http.request(
            method, f"{self.site}/api/v1/{address}", headers=headers, timeout=30, **sent
        )
        assert answer.status_code == status, f"{method} {address}: {answer.text}"
        return answer

    def _sign_up(self) -> None:
        page = f"{self.site}/accounts/signup/"
        self.http.get(page, timeout=30)
        form = {
            "full_name": self.name,
            "login": self.name,
            "password": PASSWORD,
            "again": PASSWORD,
            "csrfmiddlewaretoken": self.http.cookies["csrftoken"],
        }
        answer = self.http.post(page, form, timeout=30)
        assert answer.url == f"{self.site}/mine/join/", answer.text


def claimed(caller: Caller, office: Caller, organisation: int) -> None:
    """The office makes a letter's code; the caller enters it and acts for the organisation."""
    codes = f"office/organisations/{organisation}/codes"
    code = office.create(codes, {"role": "admin", "way": "letter"})["code"]
    caller.of = caller.create("me/memberships", {"code": code})["organisation"]["id"]
