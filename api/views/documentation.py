from __future__ import annotations

from drf_spectacular.views import SpectacularSwaggerSplitView


class Documentation(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files; its script is an address, so no inline script runs."""

    template_name = "api/documentation.html"
