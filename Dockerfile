FROM swift:6.1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev libcurl4-openssl-dev pkg-config \
    zlib1g-dev libzstd-dev libsnappy-dev liblz4-dev libbrotli-dev libbz2-dev liblzma-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.* ./
COPY sql sql
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product hedgerow --static-swift-stdlib \
  && install -D "$(swift build -c release --show-bin-path)/hedgerow" /out/hedgerow

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libpq5 libcurl4 \
    zlib1g libzstd1 libsnappy1v5 liblz4-1 libbrotli1 libbz2-1.0 liblzma5 \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home hedgerow
COPY --from=build /out/hedgerow /usr/local/bin/hedgerow
COPY scripts/docker-entrypoint /usr/local/bin/docker-entrypoint
USER 10001
WORKDIR /home/hedgerow
# Healthy: the warehouse answers, and its catalogue is the one that this binary knows.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["hedgerow", "status", "--json"]
ENTRYPOINT ["docker-entrypoint"]
