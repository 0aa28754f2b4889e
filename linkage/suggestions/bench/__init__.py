"""What `manage.py bench` times: engines against peers, on invented posts, answers equal first.

Imports matching; `lateral` speaks to PostgreSQL through a connection and a schema of its own.
"""
