"""The domain of the linkage platform: no HTTP, no Celery.

Packages import only downward: intake, coverage, agreements, registry, catalogue,
reference, jobs; `text`, `errors` and `ending` lie under all of them.
"""
