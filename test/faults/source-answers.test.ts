import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Provider } from "../../src/providers/provider.ts";
import { providers } from "../../src/providers/registry.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import {
  collectInto,
  contextOf,
  entitiesOf,
  entitiesOfType,
  nothing,
  statuses,
  streamsOf,
} from "../contract/collecting.ts";
import { squashWorld } from "../contract/squash-world.ts";

const github = providers.find((provider) => provider.id === "github") as Provider;
const world = squashWorld({ changes: 60 });
let sandbox: Sandbox;
let liar: Server;
let seen: string[] = [];

/** A server between the provider and the sandbox that changes what it passes on. */
async function through(
  lie: (
    body: string,
    request: string,
    count: number,
  ) => { status?: number; body?: string; headers?: Record<string, string> } | undefined,
) {
  sandbox = await startSandbox({ world });
  seen = [];
  liar = createServer(async (request, response) => {
    let asked = "";
    for await (const chunk of request) asked += chunk;
    seen.push(asked);
    const headers = { authorization: request.headers.authorization ?? "", "content-type": "application/json" };
    const answer = await fetch(sandbox.url.replace("/api/v3", request.url ?? ""), {
      method: "POST",
      body: asked,
      headers,
    });
    const text = await answer.text();
    const told = lie(text, asked, seen.length) ?? {};
    response
      .writeHead(told.status ?? answer.status, {
        "content-type": "application/json",
        date: answer.headers.get("date") ?? "",
        ...told.headers,
      })
      .end(told.body ?? text);
  });
  await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
  return contextOf(`http://127.0.0.1:${(liar.address() as AddressInfo).port}/api/v3`);
}

afterEach(async () => {
  liar.closeAllConnections();
  await new Promise((resolve) => liar.close(resolve));
  await sandbox.close();
});

const streams = streamsOf(world);
const said = (kept: Awaited<ReturnType<typeof collectInto>>, kind: string) =>
  kept.coverage.findLast((each) => each.stream.endsWith(`/${kind}`));

test("42: a review state that nobody knows is stored and means unknown", async () => {
  const context = await through((body) => ({ body: body.replaceAll('"APPROVED"', '"APPROVED_IN_SPIRIT"') }));
  const kept = await collectInto(nothing(), github, streams, context);
  expect(new Set(entitiesOfType(kept, github, "review").map((review) => review.state))).toEqual(new Set(["unknown"]));
  expect(said(kept, "reviews")?.status).toBe("complete");
});

test("42: an unknown shape holds its stream back, not the others; once it is readable the stream catches up", async () => {
  let lying = true;
  const context = await through((body) =>
    lying ? { body: body.replaceAll('"state":"APPROVED"', '"state":7') } : undefined,
  );
  const kept = await collectInto(nothing(), github, streams, context);
  expect(said(kept, "reviews")).toMatchObject({
    status: "partial",
    reason: expect.stringContaining("unknown shape: review.state"),
  });
  expect(["changes", "checks", "files"].map((kind) => said(kept, kind)?.status)).toEqual([
    "complete",
    "complete",
    "complete",
  ]);
  lying = false;
  await collectInto(kept, github, streams, context);
  expect(said(kept, "reviews")?.status).toBe("complete");
  expect(entitiesOfType(kept, github, "review")).toHaveLength(60);
});

test("33: null where a list should be is asked again by itself, and never taken for an empty one", async () => {
  let lying = true;
  const context = await through((body, request) => {
    if (!lying || !/query (Changes|Timeline|MoreTimeline)/.test(request)) return undefined;
    return { body: body.replaceAll(/"timeline":\{.*?\]\}/g, '"timeline":null') };
  });
  const kept = await collectInto(nothing(), github, streams, context);
  expect(said(kept, "reviews")).toMatchObject({ status: "partial", reason: expect.stringContaining("null") });
  expect(said(kept, "changes")?.status).toBe("partial");
  lying = false;
  await collectInto(kept, github, streams, context);
  expect(entitiesOfType(kept, github, "review")).toHaveLength(60);
  expect(said(kept, "reviews")?.status).toBe("complete");
});

test("32: changes withheld from a page stay a gap until they are given, however far below the top they are", async () => {
  let lying = true;
  const context = await through((body, request) => {
    if (!lying || !request.includes("query Changes")) return undefined;
    const answer = JSON.parse(body);
    const { nodes } = answer.data.repository.changes;
    const at = nodes.findIndex((node: { number: number } | null) => node?.number === 12);
    if (at >= 0) nodes[at] = null;
    return { body: JSON.stringify(answer) };
  });
  const kept = nothing();
  for (let run = 1; run <= 2; run++) {
    await collectInto(kept, github, streams, context);
    const reason = "the source withheld 1 of its items";
    expect(said(kept, "changes"), `run ${run}`).toMatchObject({ status: "partial", reason });
    expect(said(kept, "reviews")?.status, `run ${run}`).toBe("partial");
  }
  lying = false;
  await collectInto(kept, github, streams, context);
  expect(entitiesOfType(kept, github, "change")).toHaveLength(60);
  expect(entitiesOfType(kept, github, "review")).toHaveLength(60);
  expect(said(kept, "changes")).toMatchObject({ status: "complete", from: "2020-01-01T00:00:00Z" });
});

test("32: changes withheld before an interruption are read when the walk begins again", async () => {
  const context = await through((body, request, count) => {
    if (count > 1 || !request.includes("query Changes")) return undefined;
    const answer = JSON.parse(body);
    answer.data.repository.changes.nodes[4] = null;
    return { body: JSON.stringify(answer) };
  });
  const kept = await collectInto(nothing(), github, streams, context, 1);
  await collectInto(kept, github, streams, context);
  expect(entitiesOfType(kept, github, "change")).toHaveLength(60);
  expect(said(kept, "changes")?.status).toBe("complete");
});

test("32: commits withheld from a page stay a gap until they are given", async () => {
  let lying = true;
  const context = await through((body, request) => {
    if (!lying || !request.includes("line0:")) return undefined;
    const answer = JSON.parse(body);
    const { nodes } = answer.data.repository.line0.history;
    if (nodes.length > 30) nodes[30] = null;
    return { body: JSON.stringify(answer) };
  });
  const kept = nothing();
  for (let run = 1; run <= 2; run++) {
    await collectInto(kept, github, streams, context);
    expect(said(kept, "commits"), `run ${run}`).toMatchObject({
      status: "partial",
      reason: "the source withheld commits",
    });
  }
  lying = false;
  await collectInto(kept, github, streams, context);
  expect(entitiesOfType(kept, github, "graphCommit")).toHaveLength(61);
  expect(said(kept, "commits")).toMatchObject({ status: "complete", from: "2020-01-01T00:00:00Z" });
});

test("32: repositories and rules that are withheld are a gap, never absent", async () => {
  const context = await through((body, request) => {
    const answer = JSON.parse(body);
    const { repository, ...others } = answer.data;
    const owner = Object.values(others).find((each) => (each as { repositories?: unknown } | null)?.repositories);
    const lists = [repository?.rulesets, (owner as { repositories: unknown } | undefined)?.repositories];
    for (const list of lists) if (list) list.nodes = [null, ...list.nodes.slice(1)];
    return /rulesets|repositories/.test(request) ? { body: JSON.stringify(answer) } : undefined;
  });
  const kept = await collectInto(nothing(), github, streams, context);
  const reason = expect.stringContaining("withheld");
  expect(said(kept, "protection")).toMatchObject({ status: "unobserved", reason });
  const listed = [];
  for await (const { parts } of github.repositories([world.organisation.login], context)) listed.push(...parts);
  expect(listed.at(-1)?.coverage).toMatchObject({ status: "partial", reason });
});

test("39: lists that end before their own count are a gap, also after an interruption, until they are given whole", async () => {
  let most = 30;
  const cut = (list: { nodes: unknown[]; pageInfo: unknown } | undefined, to: number) => {
    if (!list) return;
    list.nodes = list.nodes.slice(0, to);
    list.pageInfo = { hasNextPage: false, endCursor: null };
  };
  const context = await through((body, request) => {
    const answer = JSON.parse(body);
    const { repository } = answer.data;
    if (most === 0 || !/query (Changes|Commits)/.test(request)) return undefined;
    cut(repository.line0?.history, 40);
    cut(repository.deployments, 3);
    // The first page is whole, the second one ends the list.
    if (JSON.parse(request).variables.changesAfter) cut(repository.changes, most - 29);
    return { body: JSON.stringify(answer) };
  });
  const kept = await collectInto(nothing(), github, streams, context, 1);
  await collectInto(kept, github, streams, context);
  expect(said(kept, "changes")).toMatchObject({ status: "partial", reason: "the source counts 60, 30 were given" });
  expect(said(kept, "deployments")).toMatchObject({ status: "partial", reason: "the source counts 60, 3 were given" });
  expect(said(kept, "commits")).toMatchObject({ status: "partial", reason: expect.stringContaining("ends before 1") });
  await collectInto(kept, github, streams, context);
  expect(said(kept, "changes")?.status).toBe("partial");
  most = 0;
  await collectInto(kept, github, streams, context);
  for (const kind of ["changes", "deployments", "commits"]) expect(said(kept, kind)?.status, kind).toBe("complete");
  expect(entitiesOfType(kept, github, "change")).toHaveLength(60);
  expect(entitiesOfType(kept, github, "graphCommit")).toHaveLength(61);
});

test("39: a page that shifts while it is walked loses nothing and doubles nothing", async () => {
  const shifting = squashWorld({ changes: 60 });
  const context = await through((_body, request, count) => {
    if (count !== 2 || !request.includes("query Changes")) return undefined;
    const change = world.repositories[0]?.changes[5];
    Object.assign(change as object, { updatedAt: Date.UTC(2026, 10, 1) });
    world.revision++;
    return undefined;
  });
  const kept = await collectInto(nothing(), github, streams, context);
  expect(shifting.repositories[0]?.changes).toHaveLength(60);
  await collectInto(kept, github, streams, context);
  expect(entitiesOfType(kept, github, "change")).toHaveLength(60);
  expect(kept.totals.get("github/42/changes")).toBe(60);
});

test("35: a limit that does not end is not waited for without end, and says when it resets", async () => {
  const reset = Math.floor(Date.parse("2026-11-21T13:00:00Z") / 1000);
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(reset),
    date: "Sat, 21 Nov 2026 12:00:00 GMT",
  };
  const context = await through((_body, request) =>
    request.includes("query Commits")
      ? { body: '{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}', headers }
      : undefined,
  );
  const kept = await collectInto(nothing(), github, streamsOf(world, ["commits", "repository"]), context);
  expect(said(kept, "commits")).toMatchObject({
    status: "unobserved",
    reason: "the source's rate limit is used up; it resets at 2026-11-21T13:00:00Z",
  });
  expect(said(kept, "repository")?.status).toBe("complete");
  expect(context.waits).toEqual([3_601_000]);
});

test("35: a source that answers nothing but 502 is given up soon, without a request for each of its streams over and over", async () => {
  const context = await through(() => ({ status: 502, body: "<h1>", headers: { "content-type": "text/html" } }));
  const kept = await collectInto(nothing(), github, streams, context);
  expect(new Set(statuses(kept).values())).toEqual(new Set(["unobserved"]));
  expect(said(kept, "changes")?.reason).toBe("the source answered 502");
  expect(seen.length).toBeLessThan(25);
  expect(kept.records.size).toBe(0);
});

test("a token that the source echoes is in no reason, no exchange and no record", async () => {
  const context = await through(() => ({
    status: 403,
    body: '{"message":"Token ghp_0123456789abcdef is not allowed"}',
  }));
  const kept = await collectInto(nothing(), github, streams, context);
  expect(JSON.stringify([kept.batches, kept.coverage])).not.toContain("ghp_");
  expect(said(kept, "changes")?.reason).toContain("[token]");
});

test("tokens in the errors of an answer are in nothing that is stored, whosever they are", async () => {
  const others = ["gho_", "ghu_", "ghs_", "ghr_", "github_pat_"].map((start) => `${start}11AAbbCC22`);
  const context = await through((body, request) => {
    if (!request.includes("query Changes")) return undefined;
    const answer = JSON.parse(body);
    const errors = ["timeline", "reviews", "checks"].map((name) => ({
      type: "FORBIDDEN",
      message: `Token ghp_0123456789abcdef and ${others.join(" ")} may not read ${name}`,
      path: ["repository", "changes", "nodes", 0, name],
    }));
    return /timeline:|reviews\(/.test(JSON.parse(request).query)
      ? { body: JSON.stringify({ ...answer, errors }) }
      : undefined;
  });
  const kept = await collectInto(nothing(), github, streams, context);
  expect(said(kept, "reviews")).toMatchObject({ reason: expect.stringContaining("[token]") });
  expect(JSON.stringify([kept.batches, kept.coverage])).not.toMatch(/gh[pousr]_|github_pat_/);
});

test("49: an interruption ends collecting at once, without a word on coverage; the next run completes it", async () => {
  const controller = new AbortController();
  const context = await through((_body, _request, count) => {
    if (count === 3) controller.abort(new Error("interrupted"));
    return undefined;
  });
  const kept = nothing();
  await expect(collectInto(kept, github, streams, { ...context, signal: controller.signal })).rejects.toThrow(
    "interrupted",
  );
  expect(kept.coverage).toEqual([]);
  await collectInto(kept, github, streams, context);
  expect(
    new Set(kept.coverage.filter(({ stream }) => !stream.endsWith("/protection")).map((each) => each.status)),
  ).toEqual(new Set(["complete"]));
  expect(entitiesOf(kept, github).length).toBeGreaterThan(400);
});

test("42: an older server without a field loses that section and nothing else", async () => {
  const context = await through((_body, request) =>
    request.includes("wasSignedByGitHub")
      ? {
          body: JSON.stringify({
            errors: [
              {
                message: "Field 'signature' doesn't exist on type 'Commit'",
                path: ["query Changes", "repository", "changes", "nodes", "commits", "nodes", "commit", "signature"],
                extensions: { code: "undefinedField" },
              },
            ],
          }),
        }
      : undefined,
  );
  const kept = await collectInto(nothing(), github, streams, context);
  expect(["changes", "reviews", "commits"].map((kind) => said(kept, kind)?.status)).toEqual([
    "complete",
    "complete",
    "complete",
  ]);
  expect(entitiesOfType(kept, github, "commit").some((commit) => commit.madeBy === "platform")).toBe(false);
});
