import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type FaultPlan, type Faults, parseFaults, spoilt, unspoilt } from "./faults.ts";
import { type Index, indexOf } from "./graphql/context.ts";
import { type GraphqlRequest, prepare, run } from "./graphql/execute.ts";
import { answerRest } from "./rest/answer-rest.ts";
import type { World } from "./world.ts";

/** What a sandbox has been asked so far; `points` by GitHub's rate-limit formula. */
export interface SandboxStats {
  requests: number;
  graphqlRequests: number;
  restRequests: number;
  points: number;
  byOperation: Record<string, { requests: number; points: number }>;
}

/** A running server on loopback. */
export interface Sandbox {
  /** The REST base, `http://127.0.0.1:PORT/api/v3`; GraphQL is at `/api/graphql` beside it, as on Enterprise Server. */
  url: string;
  world: World;
  stats(): SandboxStats;
  /** Replaces the faults and counts requests from 1 again; throws a TypeError on what it cannot read. */
  setFaults(specification: string | undefined): void;
  close(): Promise<void>;
}

/** How a sandbox is started; without `token` any token is good, without `port` a free one is taken. */
export interface SandboxOptions {
  world: World;
  port?: number;
  faults?: string | undefined;
  token?: string;
  clock?: () => Date;
}

interface State {
  options: SandboxOptions;
  index: Index;
  clock: () => Date;
  plan: FaultPlan;
  counted: number;
  tokens: Set<string>;
  stats: SandboxStats;
  site: string;
}

const LIMIT = 1_000_000;
const MOST_BYTES = 4_000_000;
const PAGE =
  "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body><h1>502</h1></body></html>\n";

/** Starts a GitHub-compatible server (GraphQL and a little REST) over a world; resolves when it listens. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const state: State = {
    options,
    index: indexOf(options.world),
    clock: options.clock ?? (() => new Date()),
    plan: parseFaults(options.faults),
    counted: 0,
    tokens: new Set(),
    stats: { requests: 0, graphqlRequests: 0, restRequests: 0, points: 0, byOperation: {} },
    site: "",
  };
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, { message: `sandbox: ${(error as Error).message}` }, {});
    });
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  state.site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${state.site}/api/v3`,
    world: options.world,
    stats: () => structuredClone(state.stats),
    setFaults: (specification) => {
      state.plan = parseFaults(specification);
      state.counted = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  state.counted += 1;
  const faults = state.plan(state.counted);
  if (faults.delay > 0) await new Promise((resolve) => setTimeout(resolve, faults.delay));
  state.stats.requests += 1;
  const path = new URL(unspoilt(request.url ?? "/", faults), state.site);
  const isGraphql = path.pathname === "/api/graphql" || path.pathname === "/graphql";
  state.stats[isGraphql ? "graphqlRequests" : "restRequests"] += 1;
  const headers = headersOf(state, faults, isGraphql);
  if (faults.failure && fail(state, faults, response, headers, request)) return;
  const outcome = isGraphql
    ? await answerGraphql(state, request, body, faults, headers)
    : answerRest({
        world: state.options.world,
        base: `${state.site}/api/v3`,
        method: request.method ?? "GET",
        path,
        authorization: request.headers.authorization,
        ifNoneMatch: request.headers["if-none-match"],
        isKnown: (token) => isKnown(state, token),
        issue: (token) => state.tokens.add(token),
        now: state.clock(),
        rate: rateOf(state),
        forbidden: new Set([...faults.forbidden, ...faults.missing]),
      });
  if (!outcome) {
    response.writeHead(502, { ...headers, "content-type": "text/html; charset=utf-8" }).end(PAGE);
    return;
  }
  const unknown = outcome.status === 403 && faults.missing.size > 0;
  const { status, body: told } = unknown ? { status: 404, body: { message: "Not Found", status: "404" } } : outcome;
  send(response, status, told, { ...headers, ...outcome.headers }, faults);
}

async function answerGraphql(
  state: State,
  request: IncomingMessage,
  body: string,
  faults: Faults,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown; headers?: Record<string, string> } | null> {
  const token = /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!token || !isKnown(state, token)) {
    const documentation =
      "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql";
    return { status: 401, body: { message: "Bad credentials", documentation_url: documentation, status: "401" } };
  }
  if (request.method !== "POST") return { status: 404, body: { message: "Not Found", status: "404" } };
  const asked = requestOf(body);
  if (!asked) return { status: 400, body: { message: "Problems parsing JSON", status: "400" } };
  const prepared = prepare(asked);
  if ("errors" in prepared) return { status: 200, body: prepared };
  if (prepared.cost.heaviestPage > 50) return null;
  state.stats.points += prepared.cost.points;
  const name = prepared.operation.name?.value ?? "anonymous";
  state.stats.byOperation[name] ??= { requests: 0, points: 0 };
  const operation = state.stats.byOperation[name];
  operation.requests += 1;
  operation.points += prepared.cost.points;
  Object.assign(headers, rateHeaders(state, "graphql"));
  const { world } = state.options;
  const context = { world, index: state.index, faults, cost: prepared.cost, site: state.site, rate: rateOf(state) };
  return { status: 200, body: await run(prepared, asked, context) };
}

function requestOf(body: string): GraphqlRequest | null {
  try {
    const { query, variables, operationName } = JSON.parse(body) as Partial<GraphqlRequest>;
    if (typeof query !== "string") return null;
    return { query, variables: variables ?? {}, operationName: operationName ?? null };
  } catch {
    return null;
  }
}

function isKnown(state: State, token: string): boolean {
  return state.options.token === undefined || token === state.options.token || state.tokens.has(token);
}

function rateOf(state: State) {
  const hour = 3_600_000;
  const resetAt = Math.floor(state.clock().getTime() / hour) * 3600 + 3600;
  const used = state.stats.points;
  return { limit: LIMIT, used, remaining: Math.max(0, LIMIT - used), resetAt };
}

function rateHeaders(state: State, resource: string): Record<string, string> {
  const { limit, remaining, used, resetAt } = rateOf(state);
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(resetAt),
    "x-ratelimit-resource": resource,
  };
}

function headersOf(state: State, faults: Faults, isGraphql: boolean): Record<string, string> {
  const serial = state.stats.requests.toString(16).toUpperCase().padStart(4, "0");
  return {
    date: new Date(state.clock().getTime() + faults.skew).toUTCString(),
    "x-github-request-id": `5A0D:1B2C:${serial}:${serial}F:68000000`,
    "x-github-media-type": "github.v4; format=json",
    "x-oauth-scopes": "read:audit_log, read:org, repo",
    "x-accepted-oauth-scopes": "repo",
    "x-github-enterprise-version": "3.18.0",
    ...rateHeaders(state, isGraphql ? "graphql" : "core"),
  };
}

/** Answers with the failure itself; false for those that spoil a proper answer instead. */
function fail(
  state: State,
  { failure, elsewhere }: Faults,
  response: ServerResponse,
  headers: Record<string, string>,
  request: IncomingMessage,
): boolean {
  const html = { ...headers, "content-type": "text/html; charset=utf-8" };
  const json = { ...headers, "content-type": "application/json; charset=utf-8" };
  const secondary =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.";
  const reset = String(Math.ceil(state.clock().getTime() / 1000) + 1);
  if (failure === "502" || failure === "504") response.writeHead(Number(failure), html).end(PAGE);
  else if (failure === "html") response.writeHead(200, html).end(PAGE);
  else if (failure === "empty") response.writeHead(200, { ...json, "content-length": "0" }).end();
  else if (failure === "invalid") response.writeHead(200, json).end("{data: nothing}");
  else if (failure === "die") request.socket.destroy();
  else if (failure === "secondary") {
    response.writeHead(403, { ...json, "retry-after": "1" }).end(JSON.stringify({ message: secondary }));
  } else if (failure === "primary") {
    const spent = { ...json, "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    const error = { type: "RATE_LIMITED", message: "API rate limit exceeded for user ID 4100001." };
    response.writeHead(200, spent).end(JSON.stringify({ errors: [error] }));
  } else if (failure === "redirect") {
    const host = elsewhere === null ? "elsewhere.example" : `127.0.0.1:${elsewhere}`;
    response.writeHead(302, { ...headers, location: `http://${host}/api/graphql` }).end();
  }
  return failure !== "truncated";
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string>,
  faults?: Faults,
): void {
  const plain = body === undefined ? "" : JSON.stringify(body);
  const text = faults ? spoilt(plain, faults) : plain;
  const type = { "content-type": "application/json; charset=utf-8" };
  if (faults?.failure === "truncated") {
    // Whole by its length, half by its content: only parsing shows it.
    response.writeHead(status, { ...headers, ...type }).end(text.slice(0, Math.floor(text.length / 2)));
    return;
  }
  response.writeHead(status, { ...headers, ...type, "content-length": String(Buffer.byteLength(text)) }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error("the request is too long");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
