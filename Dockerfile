# flowproof with a browser and fonts, for machines other than x86-64 Linux and for schedulers that run images.
#   docker build -t flowproof .
#   docker run --rm -v "$PWD:/work" -e GITHUB_TOKEN flowproof run --config flowproof.config.yaml --period last-month
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# The image has Debian's Chromium, so the packaged one is left out.
RUN npm ci && npm prune --omit=dev --omit=optional --ignore-scripts && rm -rf node_modules/@sparticuz

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates chromium fonts-noto-core fonts-noto-cjk \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
ENV NODE_ENV=production FLOWPROOF_CHROMIUM=/usr/bin/chromium
# The configuration, the store and the packs are the caller's: mount a folder that user 1000 may write to.
WORKDIR /work
RUN chown node:node /work
USER node
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["--help"]
