"""The row that every scan has, whatever it is a scan of: where its file lies, and what it is."""

from __future__ import annotations

from django.db import models


class KeptScan(models.Model):
    """A scan beside what it shows. The file lies under a name made here, never its own.

    The fields but the last are those of `scans.Scan`, which says how a file was taken in.
    """

    sha256 = models.CharField(max_length=64)
    # Path below MEDIA_ROOT.
    stored_as = models.CharField(max_length=100)
    media_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    # The file's own name, for people to read; never used as a path.
    name = models.CharField(max_length=255)
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True
