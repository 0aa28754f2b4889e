"""Files that are handed out: never run, never guessed at, never kept by a browser."""

from __future__ import annotations

from django.http import FileResponse

from linkage.scans import HEADERS, Opened


def handed_out(opened: Opened) -> FileResponse:
    """The scan as an attachment under its shown name."""
    return FileResponse(
        opened.path.open("rb"),
        as_attachment=True,
        filename=opened.name,
        content_type=opened.media_type,
        headers=HEADERS,
    )
