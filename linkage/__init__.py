"""The domain of Nối Chuỗi: no HTTP, no Celery."""
