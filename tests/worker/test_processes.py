"""A port that no server can listen at is said in words, before anything starts."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command

from linkage.catalogue.models import Sector
from tests.faults.house import free_port
from worker.processes import (
    NoSuchPort,
    PortInUse,
    PortUnusable,
    Supervisor,
    surroundings,
    usable_port,
)


@pytest.mark.parametrize("words", ["0", "65536", "99999", "-1", "abc", "", "٣٤", "9" * 5000])
def test_what_is_no_port(words):
    with pytest.raises(NoSuchPort):
        usable_port("127.0.0.1", words)


def test_a_port_in_use_and_a_host_that_is_not_here():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(PortInUse):
            usable_port("127.0.0.1", port)
    assert usable_port("127.0.0.1", port) == int(port)
    with pytest.raises(PortUnusable):
        usable_port("192.0.2.1", port)


def test_messages_lead_to_where_the_server_listens(monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    assert (
        surroundings(host="127.0.0.1", port=8202, invented=False)["SITE_URL"]
        == "http://127.0.0.1:8202"
    )
    assert (
        surroundings(host="0.0.0.0", port=8202, invented=False)["SITE_URL"]
        == "http://127.0.0.1:8202"
    )


def test_an_address_that_the_environment_names_stands(monkeypatch, settings):
    monkeypatch.setenv("SITE_URL", "http://lien-ket.example")
    assert (
        surroundings(host="127.0.0.1", port=8202, invented=False)["SITE_URL"]
        == "http://lien-ket.example"
    )
    monkeypatch.delenv("SITE_URL")
    settings.PRODUCTION = True
    assert "SITE_URL" not in surroundings(host="127.0.0.1", port=8202, invented=False)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_commands_say_it_in_one_line(command):
    with pytest.raises(CommandError) as caught:
        call_command(command, port="99999")
    assert caught.value.returncode == 2
    assert "99999 không phải số cổng" in str(caught.value)


@pytest.mark.django_db
def test_serve_brings_the_reference_data_before_anything_starts(monkeypatch):
    there: list[bool] = []
    monkeypatch.setattr(
        Supervisor, "run", lambda *_args, **_how: there.append(Sector.objects.exists()) or ""
    )
    for _time in range(2):
        call_command("serve", port=str(free_port()))
    assert there == [True, True]
