# One image for web, worker, beat and listener; docker-compose.yml says which of them it is.
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE}

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 kvv
WORKDIR /srv/kvv
COPY requirements-pip.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-pip.txt \
    && pip install --no-cache-dir --require-hashes -r requirements.txt \
    && pip uninstall --yes setuptools wheel
COPY . .
RUN python -m scripts.messages compile \
    && mkdir -p var && chown -R kvv:kvv var \
    && SECRET_KEY=only-for-gathering-static-files-0123456789 \
       KVV_SECRET_KEYS=only-for-gathering-static-files-0123456789 DATABASE_URL=postgres://x/x REDIS_URL=redis://x \
       python manage.py collectstatic --noinput \
    && chown -R kvv:kvv var
USER kvv
EXPOSE 8000 2525
CMD ["gunicorn", "kvv.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", \
     "--limit-request-line=8190"]
