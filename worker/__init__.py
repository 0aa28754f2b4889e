"""Door 3: the Celery app, its tasks and schedule, and `wake`, which carries the hints."""
