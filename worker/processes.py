"""Runs web server, worker and Beat as one: all start, and all end together."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid
from worker.guardian import end_groups, is_left

READY_SECONDS = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def commands(*, host: str, port: int) -> dict[str, list[str]]:
    """The three processes by name; worker and Beat as in docker-compose.yml."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "worker.app"]
    return {
        "web": [
            *(*python, "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", host, "--port", str(port), "--blocking-threads", "4"),
            "config.wsgi:application",
        ],
        "worker": [*celery, "worker", "--loglevel", "WARNING", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "WARNING"],
    }


def surroundings(*, host: str, port: int, invented: bool) -> dict[str, str]:
    """The environment of the processes: links in messages lead to where the server listens.

    Not if SITE_URL names another address, nor in production, where a proxy stands in front.
    `invented`: the database holds invented data, which every page is to say.
    """
    around = dict(os.environ)
    if invented:
        around["INVENTED_DATA"] = "true"
    if not (settings.PRODUCTION or "SITE_URL" in around or "SITE_URL_FILE" in around):
        # Every address of this machine is no address to go to.
        near = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # not listened at
        around["SITE_URL"] = f"http://{near}:{port}"
    return around


class PortUnusable(Invalid):
    """No server can listen there; the class says why."""

    code = "port_unusable"
    words = _("The server cannot listen at %(host)s, port %(port)s.")


class NoSuchPort(PortUnusable):
    """Not a port's number."""

    code = "no_such_port"
    words = _("%(port)s is no port: name a number from 1 to 65535 (make serve PORT=8000).")


class PortInUse(PortUnusable):
    """Somebody else listens there."""

    code = "port_in_use"
    words = _(
        "Port %(port)s is in use: choose another one (make serve PORT=..., make demo PORT=...)."
    )


class PortForbidden(PortUnusable):
    """Ports below 1024 are the administrator's."""

    code = "port_forbidden"
    words = _("You may not listen at port %(port)s: choose one from 1024 to 65535.")


_PORT_TROUBLES: dict[int, type[PortUnusable]] = {
    errno.EADDRINUSE: PortInUse,
    errno.EACCES: PortForbidden,
}


def usable_port(host: str, words: str) -> int:
    """The port that `words` name, if a server can listen there now.

    Raises: NoSuchPort, PortInUse, PortForbidden; PortUnusable for a host that is not here.
    """
    if not (words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= 65535):
        raise NoSuchPort(port=words)
    port = int(words)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            meant = _PORT_TROUBLES.get(error.errno or 0, PortUnusable)
            raise meant(host=host, port=port) from error
    return port


def answers(host: str, port: int) -> bool:
    """Whether a web server answers there, whatever it says."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/livez")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _ended(name: str, code: int) -> str:
    return gettext("%(name)s ended with code %(code)s") % {"name": name, "code": code}


class Supervisor:
    """Children in sessions of their own, so that a Ctrl-C reaches them only through here."""

    def __init__(self, *, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._stop = threading.Event()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._guardian = self._start([sys.executable, "-m", "worker.guardian"], subprocess.PIPE)

    def run(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        ready: Callable[[], bool],
        on_ready: Callable[[], None],
    ) -> str | None:
        """Start all, wait until one ends or a signal comes, end all.

        `on_ready` is called once, when `ready()` first says so. Returns None after a signal,
        else what went wrong. No process of the children's groups is left, even if this process
        is killed: then the guardian ends them.
        """
        with self._signals_stop():
            try:
                for name, command in commands.items():
                    self._children[name] = self._start(command, subprocess.DEVNULL)
                    self._tell_guardian(self._children[name].pid)
                return self._watch(ready, on_ready)
            finally:
                self._end()

    def _start(self, command: Sequence[str], stdin: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # fixed commands, no shell
            command, cwd=self._folder, env=self._environment, start_new_session=True, stdin=stdin
        )

    def _tell_guardian(self, group: int) -> None:
        if self._guardian.stdin:
            self._guardian.stdin.write(b"%d\n" % group)
            self._guardian.stdin.flush()

    def _watch(self, ready: Callable[[], bool], on_ready: Callable[[], None]) -> str | None:
        announced, deadline = False, time.monotonic() + READY_SECONDS
        while not self._stop.wait(0.1):
            for name, child in self._children.items():
                if child.poll() is not None:
                    return _ended(name, child.returncode)
            if not announced and ready():
                announced = True
                on_ready()
            if not announced and time.monotonic() > deadline:
                return gettext("the web server did not answer in time")
        return None

    def _end(self) -> None:
        groups = {child.pid: child for child in self._children.values()}

        def is_left_after_waiting(group: int) -> bool:
            groups[group].poll()
            return is_left(group)

        end_groups(list(groups), is_left_after_waiting)
        for child in groups.values():
            child.wait()
        self._guardian.kill()
        self._guardian.communicate()

    @contextmanager
    def _signals_stop(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self._stop.set()

        before = {name: signal.signal(name, stop) for name in SIGNALS}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)
