# One image for every service; the command says which (see docker-compose.yml).
FROM node:26-bookworm-slim AS build
WORKDIR /matricula
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY .swcrc ./
COPY apps apps
COPY libs libs
RUN npm run build && npm run build:web
# The image brings Node itself; the packages of it are for machines without it.
RUN npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /matricula
COPY --from=build /matricula/package.json ./
COPY --from=build /matricula/node_modules node_modules
COPY --from=build /matricula/dist dist
USER node
CMD ["node", "--enable-source-maps", "dist/apps/gateway/src/main.js"]
