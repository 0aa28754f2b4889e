from __future__ import annotations

from typing import NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.endpoint import Endpoint
from linkage.errors import NotFound


@extend_schema(exclude=True)
class Absent(Endpoint):
    """Every address that is none: the same 404 as for what is absent or hidden, by any method."""

    needs = {}

    def initial(self, request: Request, *args: object, **kwargs: object) -> NoReturn:
        raise NotFound
