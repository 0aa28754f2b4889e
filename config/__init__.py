"""Settings, URLs and the WSGI entry: the only place that knows every door."""
