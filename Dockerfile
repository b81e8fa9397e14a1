# The site and its worker in one image; compose.yaml says which of them runs.
FROM python:3.11-slim-bookworm AS made
WORKDIR /opt/daihou
COPY . .
RUN python tools/setup.py server

FROM python:3.11-slim-bookworm
# What sets the customer reports as PDF, and their Chinese faces.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libpango-1.0-0 libpangocairo-1.0-0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home daihou \
    && install -d -o daihou -g daihou -m 700 /var/lib/daihou
COPY --from=made /opt/daihou /opt/daihou
ENV PATH=/opt/daihou/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DAIHOU_HOME=/var/lib/daihou \
    DAIHOU_LOG=json
USER daihou
WORKDIR /var/lib/daihou
VOLUME /var/lib/daihou
EXPOSE 8000
CMD ["daihou", "serve", "--host", "0.0.0.0"]
