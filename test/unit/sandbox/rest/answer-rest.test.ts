import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, simulate, startSandbox } from "../../../../src/sandbox/index.ts";

// GitHub's shapes, as its REST documentation has them.
const { world } = simulate();
const payments = "/repos/riverbank/payments";
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world, clock: () => new Date("2026-11-02T08:00:00Z") });
});
afterAll(() => sandbox.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${sandbox.url}${path}`, { headers: { authorization: "bearer t", ...headers } });
const bodyOf = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>>;
const listOf = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>[]>;

describe("entity tags", () => {
  test("an answer that did not change is 304 and empty, one that did is whole", async () => {
    const first = await get(`${payments}/environments`);
    const etag = first.headers.get("etag") as string;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const same = await get(`${payments}/environments`, { "if-none-match": etag });
    expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", etag]);
    const other = await get(`${payments}/environments`, { "if-none-match": '"other"' });
    expect(other.status).toBe(200);
  });

  test("another page has another tag", async () => {
    const tags = await Promise.all(
      ["", "&page=2"].map(async (more) =>
        (await get(`${payments}/actions/runs?per_page=5${more}`)).headers.get("etag"),
      ),
    );
    expect(tags[0]).not.toBe(tags[1]);
  });
});

describe("pages", () => {
  test("by number name the next, the last, the one before and the first", async () => {
    const link = (await get(`${payments}/actions/runs?per_page=5&page=2`)).headers.get("link") ?? "";
    for (const rel of ["next", "last", "prev", "first"]) expect(link).toContain(`rel="${rel}"`);
    expect(link).toContain(`${sandbox.url}${payments}/actions/runs?per_page=5&page=3`);
  });

  test("by cursor give every item once", async () => {
    const ids: unknown[] = [];
    for (let url: string | undefined = `${sandbox.url}${payments}/activity?per_page=7`; url; ) {
      const answer: Response = await fetch(url, { headers: { authorization: "bearer t" } });
      ids.push(...((await answer.json()) as { id: number }[]).map(({ id }) => id));
      url = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
    }
    const own = world.repositories[0]?.activity.map(({ id }) => id) ?? [];
    expect(ids.length).toBeGreaterThan(20);
    expect([...ids].sort()).toEqual([...own].sort());
  });
});

describe("what is forbidden or not there", () => {
  test.each([
    ["activity", "/activity"],
    ["ruleSuites", "/rulesets/rule-suites"],
    ["environments", "/environments"],
    ["runs", "/actions/runs"],
    ["access", "/collaborators"],
    ["releases", "/git/matching-refs/tags/"],
    ["alerts", "/dependabot/alerts"],
  ])("%s is 403 where it is forbidden, 404 where it is hidden", async (field, path) => {
    sandbox.setFaults(`forbidden:${field}`);
    expect((await get(`${payments}${path}`)).status).toBe(403);
    sandbox.setFaults(`missing:${field}`);
    expect((await get(`${payments}${path}`)).status).toBe(404);
    sandbox.setFaults(undefined);
    expect((await get(`${payments}${path}`)).status).toBe(200);
  });

  test("a resource, run or version that is not there is 404", async () => {
    for (const path of ["/colours", "/actions/runs/1", "/rulesets/1/history", "/activity/1", "/git/tags/abc"])
      expect((await get(`${payments}${path}`)).status, path).toBe(404);
  });
});

describe("shapes", () => {
  test("activity names refs whole, and nowhere by zeros", async () => {
    const moves = await listOf(`${payments}/activity?per_page=100`);
    const made = moves.find((each) => each.activity_type === "branch_creation");
    expect(made).toMatchObject({ before: "0".repeat(40), ref: expect.stringMatching(/^refs\/heads\//) });
    expect(moves[0]).toMatchObject({ actor: { login: expect.any(String), type: expect.any(String) } });
  });

  test("rule suites look back as far as asked, at most a month; one alone has its evaluations", async () => {
    const month = await listOf(`${payments}/rulesets/rule-suites?time_period=month&per_page=100`);
    const week = await listOf(`${payments}/rulesets/rule-suites?time_period=week&per_page=100`);
    expect(month.length).toBeGreaterThan(week.length);
    expect(month.every((each) => String(each.pushed_at) >= "2026-10-03T08:00:00Z")).toBe(true);
    const bypass = month.find((each) => each.result === "bypass");
    expect(await bodyOf(`${payments}/rulesets/rule-suites/${bypass?.id}`)).toMatchObject({
      rule_evaluations: expect.arrayContaining([expect.objectContaining({ result: "fail" })]),
    });
  });

  test("runs of a time are counted whole, however few a page gives", async () => {
    const created = "2026-10-01T00:00:00Z..2026-10-31T23:59:59Z";
    const body = await bodyOf(`${payments}/actions/runs?created=${created}&per_page=1`);
    const runs = body.workflow_runs as Record<string, unknown>[];
    expect(body.total_count).toBeGreaterThan(1);
    expect(runs).toHaveLength(1);
    expect(String(runs[0]?.created_at)).toMatch(/^2026-10/);
    const jobs = await bodyOf(`${payments}/actions/runs/${runs[0]?.id}/attempts/1/jobs`);
    expect(jobs).toMatchObject({
      total_count: expect.any(Number),
      jobs: [{ run_attempt: 1, head_sha: runs[0]?.head_sha }],
    });
  });

  test("the audit log answers for the repository that the phrase names", async () => {
    const entries = await listOf("/orgs/riverbank/audit-log?phrase=repo:riverbank/payments created:>=2026-01-01");
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map(({ repo }) => repo))).toEqual(new Set(["riverbank/payments"]));
  });
});
