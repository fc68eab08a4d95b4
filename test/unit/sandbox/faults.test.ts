import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, simulate, startSandbox } from "../../../src/sandbox/index.ts";
import { ask, send } from "./ask.ts";

const { world } = simulate();
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ world });
});
afterEach(() => sandbox.close());

const viewer = "{ viewer { login } }";
const page = `query($after: String) { repository(owner: "riverbank", name: "payments") {
  pullRequests(first: 5, after: $after) { pageInfo { hasNextPage endCursor } nodes { number
    reviews(first: 1) { totalCount } commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } } } } }`;

async function statuses(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at < count; at++) found.push((await send(sandbox, viewer)).status);
  return found;
}

test("a failure comes as often, from and every as asked", async () => {
  sandbox.setFaults("502:2");
  expect(await statuses(4)).toEqual([502, 502, 200, 200]);
  sandbox.setFaults("502@3");
  expect(await statuses(4)).toEqual([200, 200, 502, 200]);
  sandbox.setFaults("502/2");
  expect(await statuses(4)).toEqual([200, 502, 200, 502]);
  sandbox.setFaults(undefined);
  expect(await statuses(2)).toEqual([200, 200]);
});

test("bodies that are no JSON come with status 200", async () => {
  sandbox.setFaults("html,truncated@2,empty@3,invalid@4");
  for (let at = 0; at < 4; at++) {
    const answer = await send(sandbox, page);
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow();
  }
  expect((await ask(sandbox, viewer)).data.viewer.login).toBe("flowproof-reader");
});

test("limits are told as GitHub tells them", async () => {
  sandbox.setFaults("secondary,primary@2");
  const secondary = await send(sandbox, viewer);
  expect([secondary.status, secondary.headers.get("retry-after")]).toEqual([403, "1"]);
  const primary = await ask(sandbox, viewer);
  expect(primary.status).toBe(200);
  expect(primary.errors).toMatchObject([{ type: "RATE_LIMITED" }]);
  expect(primary.headers.get("x-ratelimit-remaining")).toBe("0");
  expect(Number(primary.headers.get("x-ratelimit-reset"))).toBeGreaterThan(1_700_000_000);
});

test("a redirect leads to another host, a hang gives nothing, a dead server cuts the line", async () => {
  sandbox.setFaults("redirect,hang@2");
  const redirect = await send(sandbox, viewer);
  expect([redirect.status, new URL(redirect.headers.get("location") ?? "").hostname]).toEqual([
    302,
    "elsewhere.example",
  ]);
  await expect(send(sandbox, viewer, {}, "t", AbortSignal.timeout(80))).rejects.toThrow(/abort|timeout/i);
  sandbox.setFaults("die:1");
  expect((await send(sandbox, viewer)).status).toBe(200);
  await expect(send(sandbox, viewer)).rejects.toThrow();
});

test("a forbidden field is null beside a FORBIDDEN error, and the rest is there", async () => {
  sandbox.setFaults("forbidden:checks,forbidden:deployments");
  const answer = await ask(sandbox, page);
  const [change] = answer.data.repository.pullRequests.nodes;
  expect(change.commits.nodes[0].commit.statusCheckRollup).toBeNull();
  expect(change.reviews.totalCount).toBeGreaterThan(0);
  expect(new Set(answer.errors?.map((each) => each.type))).toEqual(new Set(["FORBIDDEN"]));
  const deployments = await ask(
    sandbox,
    `{ repository(owner: "riverbank", name: "payments") { name deployments(first: 5) { totalCount } } }`,
  );
  expect(deployments.data.repository).toEqual({ name: "payments", deployments: null });
});

test("a missing field is not found, and so is its REST resource; a redirect may lead to this machine", async () => {
  sandbox.setFaults("missing:rulesets,missing:protection");
  const rules = await ask(
    sandbox,
    `{ repository(owner: "riverbank", name: "payments") { rulesets(first: 5) { totalCount } } }`,
  );
  expect(rules.errors).toMatchObject([{ type: "NOT_FOUND", path: ["repository", "rulesets"] }]);
  const rest = await fetch(`${sandbox.url}/repos/riverbank/payments/rulesets`, {
    headers: { authorization: "bearer t" },
  });
  expect([rest.status, await rest.json()]).toEqual([404, { message: "Not Found", status: "404" }]);
  sandbox.setFaults("redirect,elsewhere:9,504@2");
  expect((await send(sandbox, viewer)).headers.get("location")).toBe("http://127.0.0.1:9/api/graphql");
  expect((await send(sandbox, viewer)).status).toBe(504);
});

test("an enum value becomes one of tomorrow; ids grow beyond 2^53 and are known again when asked by", async () => {
  sandbox.setFaults("enum:APPROVED");
  const reviews = `{ repository(owner: "riverbank", name: "payments") { databaseId pullRequests(first: 20) { nodes { reviews(first: 5) { nodes { state } } } } } }`;
  const text = JSON.stringify((await ask(sandbox, reviews)).data);
  expect(text).toContain('"APPROVED_OF_TOMORROW"');
  expect(text).not.toContain('"APPROVED"');
  sandbox.setFaults("bigids");
  const id = /"databaseId":(\d+)/.exec(await (await send(sandbox, reviews)).text())?.[1] ?? "";
  expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
  expect(BigInt(id)).toBeLessThan(2n ** 63n);
  const path = "/repos/riverbank/payments/rulesets";
  const headers = { authorization: "bearer t" };
  const ruleset = /"id":(\d+)/.exec(await (await fetch(`${sandbox.url}${path}`, { headers })).text())?.[1];
  expect((await fetch(`${sandbox.url}${path}/${ruleset}`, { headers })).status).toBe(200);
});

test("large pages come in part, cursors stick, a repository is null, dates are off, answers wait", async () => {
  sandbox.setFaults("partial:3");
  const part = await ask(sandbox, page);
  expect(part.data.repository.pullRequests.nodes.map((each: unknown) => each === null)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(part.errors).toHaveLength(2);
  sandbox.setFaults("cursor");
  const first = (await ask(sandbox, page)).data.repository.pullRequests.pageInfo;
  const second = (await ask(sandbox, page, { after: first.endCursor })).data.repository.pullRequests.pageInfo;
  expect(second).toEqual({ hasNextPage: true, endCursor: first.endCursor });
  sandbox.setFaults("null");
  expect(await ask(sandbox, page)).toMatchObject({ data: { repository: null }, errors: undefined });
  sandbox.setFaults("skew:48,slow:60");
  const before = Date.now();
  const late = await ask(sandbox, viewer);
  expect(Date.now() - before).toBeGreaterThanOrEqual(55);
  expect(Date.parse(late.headers.get("date") ?? "") - Date.now()).toBeGreaterThan(47 * 3_600_000);
});

test("an unknown fault is named, and what there is, is listed", () => {
  expect(() => sandbox.setFaults("sideways")).toThrow(/unknown fault "sideways"[\s\S]*secondary/);
  expect(() => sandbox.setFaults("forbidden:colours")).toThrow(/unknown fault/);
  expect(() => sandbox.setFaults("slow")).toThrow(/needs a number/);
});
