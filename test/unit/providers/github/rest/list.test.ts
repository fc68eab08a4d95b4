import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Batch, Stream } from "../../../../../src/model/stream.ts";
import { connect, type GitHub } from "../../../../../src/providers/github/graphql-client.ts";
import { readFurther } from "../../../../../src/providers/github/rest/further.ts";
import { sessionOf } from "../../../../../src/providers/github/session.ts";
import { contextOf } from "../../../../contract/collecting.ts";

// A server that answers what it is told to: lists that lie about their pages.
let server: Server;
let github: GitHub;
afterEach(async () => {
  await github.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Reply {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function read(
  kind: Stream["kind"],
  reply: (path: string, base: string, request: IncomingMessage) => Reply,
  cursor?: string,
): Promise<Batch[]> {
  server = createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    const { status = 200, body, headers } = reply(request.url ?? "", base, request);
    const text = JSON.stringify(body);
    response.writeHead(status, {
      "content-type": "application/json",
      date: "Sun, 01 Nov 2026 00:00:00 GMT",
      ...headers,
    });
    response.end(status === 304 ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = contextOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  github = connect(context);
  const session = sessionOf(github, context, "riverbank/payments", "42", new Map());
  const stream: Stream = {
    id: `github/42/${kind}`,
    source: "github",
    kind,
    scopeId: "42",
    scopeName: "riverbank/payments",
    branch: "main",
    since: "2026-01-01T00:00:00Z",
  };
  const cursors = new Map(cursor === undefined ? [] : [[stream.id, cursor]]);
  const batches: Batch[] = [];
  for await (const batch of readFurther(session, [stream], cursors)) batches.push(batch);
  return batches;
}

const said = (batches: readonly Batch[]) =>
  batches.flatMap(({ parts }) => parts.flatMap(({ coverage }) => coverage ?? []));
const records = (batches: readonly Batch[]) => batches.flatMap(({ parts }) => parts.flatMap((part) => part.records));
const move = (id: number) => ({ id, timestamp: "2026-10-01T00:00:00Z" });

test("a next page on another host is not followed", async () => {
  const batches = await read("branchActivity", () => ({
    body: [move(1)],
    headers: { link: '<https://elsewhere.example/activity?after=2>; rel="next"' },
  }));
  expect(said(batches)).toMatchObject([
    { status: "unobserved", reason: expect.stringContaining("refused to speak to") },
  ]);
});

test("a list whose next page is one it had does not go on for ever", async () => {
  const batches = await read("branchActivity", (_path, base) => ({
    body: [move(1)],
    headers: { link: `<${base}/again>; rel="next", <${base}/last>; rel="last"` },
  }));
  expect(batches.length).toBeLessThanOrEqual(3);
  expect(said(batches)).toMatchObject([{ status: "unobserved", reason: expect.stringContaining("does not advance") }]);
});

test("pages are followed where the source says they lie, under another path too", async () => {
  const batches = await read("branchActivity", (path, base) =>
    path.startsWith("/repositories/42")
      ? { body: [move(1)] }
      : { body: [move(2)], headers: { link: `<${base}/repositories/42/activity?after=abc&per_page=100>; rel="next"` } },
  );
  expect(records(batches).map(({ externalId }) => externalId)).toEqual(["2", "1"]);
  expect(JSON.parse(batches[1]?.exchange.variables ?? "")).toMatchObject({ after: "abc", owner: "riverbank" });
});

test("an answer that is no list is said, and nothing of it is taken", async () => {
  const batches = await read("branchActivity", () => ({ body: { message: "later" } }));
  expect(said(batches)).toMatchObject([{ status: "unobserved", reason: expect.stringContaining("is no list") }]);
});

test("a failure halfway keeps what was read and the place: the next time reads it all", async () => {
  const batches = await read("branchActivity", (path, base) =>
    path.includes("after=2")
      ? { status: 410, body: { message: "Gone" } }
      : { body: [move(2)], headers: { etag: '"a"', link: `<${base}/activity?after=2>; rel="next"` } },
  );
  expect(records(batches)).toHaveLength(1);
  expect(said(batches)).toMatchObject([{ status: "unobserved" }]);
  const cursor = JSON.parse(batches.at(-1)?.parts[0]?.cursor ?? "{}");
  expect(cursor).toMatchObject({ top: null, reached: null, lists: {} });
});

test("a page that is full at its end is asked for whole again: more may follow without a change of its own", async () => {
  const full = Array.from({ length: 100 }, (_, index) => ({
    ref: `refs/tags/v${String(index).padStart(3, "0")}`,
    object: { type: "commit", sha: "a".repeat(40) },
  }));
  const batches = await read("releases", (path) => ({
    body: path.includes("/tags/") ? full : [],
    headers: { etag: `"${path.length}"` },
  }));
  expect(Object.keys(JSON.parse(batches.at(-1)?.parts[0]?.cursor ?? "{}").lists)).toEqual(["releases", "tags"]);
  expect(JSON.parse(batches.at(-1)?.parts[0]?.cursor ?? "{}").lists.tags).toEqual([]);
});

test("an annotated tag is followed to its commit once, by tags of tags too", async () => {
  const asked: string[] = [];
  const [outer, inner, commit] = ["b".repeat(40), "c".repeat(40), "d".repeat(40)];
  const reply = (path: string): Reply => {
    asked.push(path);
    if (path.endsWith(outer)) return { body: { object: { type: "tag", sha: inner } } };
    if (path.endsWith(inner)) return { body: { object: { type: "commit", sha: commit } } };
    return { body: path.includes("/tags/") ? [{ ref: "refs/tags/v1", object: { type: "tag", sha: outer } }] : [] };
  };
  const batches = await read("releases", reply);
  expect(records(batches)).toMatchObject([{ kind: "tag", externalId: "refs/tags/v1", body: { commit } }]);
  const before = asked.length;
  await github.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const again = await read("releases", reply, batches.at(-1)?.parts[0]?.cursor);
  expect(asked.length - before).toBe(2);
  expect(records(again)).toMatchObject([{ body: { commit } }]);
});

test("a secret is not kept", async () => {
  const batches = await read("alerts", (path) => ({
    body: path.includes("secret-scanning") ? [{ number: 1, secret: "hunter2-hunter2", secret_type: "token" }] : [],
  }));
  expect(JSON.stringify(records(batches))).toContain("token");
  expect(JSON.stringify(records(batches))).not.toContain("hunter2");
});

test("one tool that is switched off leaves the others' alerts, and is said", async () => {
  const batches = await read("alerts", (path) =>
    path.includes("code-scanning") ? { status: 403, body: { message: "Code scanning is not enabled" } } : { body: [] },
  );
  expect(said(batches)).toMatchObject([
    { status: "partial", reason: expect.stringContaining("Code scanning is not enabled") },
  ]);
  expect(said(batches)[0]?.reason).toContain("security_events:read");
});
