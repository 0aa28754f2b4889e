# One image for web, worker and beat; state lies in volumes, secrets come from the environment.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VAR_DIR=/srv/noichuoi/var
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements/base.txt

COPY . .
RUN pybabel --quiet compile --input-file locale/vi/LC_MESSAGES/django.po \
        --output-file locale/vi/LC_MESSAGES/django.mo --locale vi \
    && MODE=production SECRET_KEY=build-only ALLOWED_HOSTS=build STATIC_DIR=/app/static \
        python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --home-dir /srv/noichuoi noichuoi \
    && rm -rf /srv/noichuoi && mkdir -p /srv/noichuoi/var && chown -R noichuoi /srv/noichuoi

# Without .env the image is production all the same, and stops for want of a secret.
ENV MODE=production STATIC_DIR=/app/static
USER noichuoi
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "8", "config.wsgi:application"]
