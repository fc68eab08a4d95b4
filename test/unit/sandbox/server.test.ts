import { isObjectType } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answeredTypes } from "../../../src/sandbox/graphql/execute.ts";
import { officialSchema } from "../../../src/sandbox/graphql/schema.ts";
import { type Sandbox, simulate, startSandbox } from "../../../src/sandbox/index.ts";
import { ask } from "./ask.ts";

let sandbox: Sandbox;
const now = new Date("2026-11-02T08:00:00Z");

beforeAll(async () => {
  sandbox = await startSandbox({ world: simulate().world, token: "t", clock: () => now });
});
afterAll(() => sandbox.close());

const payments = (body: string) => `{ repository(owner: "riverbank", name: "payments") { ${body} } }`;

test("a wrong token is refused as GitHub refuses it, on GraphQL and REST", async () => {
  const graphql = await fetch(sandbox.url.replace(/v3$/, "graphql"), {
    method: "POST",
    headers: { authorization: "bearer x" },
    body: "{}",
  });
  const rest = await fetch(`${sandbox.url}/user`, { headers: { authorization: "token x" } });
  for (const answer of [graphql, rest]) {
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: "Bad credentials" });
  }
});

test("answers carry the server's date, limits, scopes and a request id, and stats count points", async () => {
  const before = sandbox.stats();
  const answer = await ask(
    sandbox,
    `query Who { viewer { login } rateLimit { cost limit remaining used nodeCount resetAt } }`,
  );
  expect(answer.headers.get("date")).toBe("Mon, 02 Nov 2026 08:00:00 GMT");
  expect(answer.headers.get("x-oauth-scopes")).toContain("repo");
  expect(answer.headers.get("x-github-request-id")).toMatch(/^[0-9A-F:]+$/);
  const { rateLimit } = answer.data;
  expect(rateLimit).toMatchObject({ cost: 1, nodeCount: 0, resetAt: "2026-11-02T09:00:00Z" });
  expect(answer.headers.get("x-ratelimit-remaining")).toBe(String(rateLimit.remaining));
  expect(answer.headers.get("x-ratelimit-used")).toBe(String(rateLimit.used));
  expect(sandbox.stats().points - before.points).toBe(1);
  expect(sandbox.stats().byOperation["Who"]).toEqual({ requests: 1, points: 1 });
});

test("a query that the schema does not know is refused without data", async () => {
  const answer = await ask(sandbox, payments("colour"));
  expect(answer.data).toBeUndefined();
  expect(answer.errors?.[0]?.message).toContain('"colour"');
});

test("a field that the sandbox does not answer is an error that names it, never a silent null", async () => {
  const answer = await ask(sandbox, payments("name diskUsage"));
  expect(answer.data.repository).toEqual({ name: "payments", diskUsage: null });
  expect(answer.errors).toMatchObject([
    { path: ["repository", "diskUsage"], message: "The sandbox does not answer Repository.diskUsage." },
  ]);
});

test("connections need a bound of at most 100, or the field is refused", async () => {
  const missing = await ask(sandbox, payments("rulesets { nodes { name } }"));
  expect(missing.errors).toMatchObject([{ type: "MISSING_PAGINATION_BOUNDARIES", path: ["repository", "rulesets"] }]);
  const excessive = await ask(sandbox, payments("rulesets(first: 101) { nodes { name } }"));
  expect(excessive.errors).toMatchObject([{ type: "EXCESSIVE_PAGINATION" }]);
  expect(excessive.errors?.[0]?.message).toBe(
    "Requesting 101 records on the `rulesets` connection exceeds the `first` limit of 100 records.",
  );
  const count = await ask(sandbox, payments("rulesets { totalCount }"));
  expect(count.data.repository.rulesets.totalCount).toBe(1);
});

test("half a million nodes are too many, and so are 51 pull requests with four connections each", async () => {
  const nodes = await ask(
    sandbox,
    payments(
      "pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { parents(first: 100) { nodes { oid } } } } } } }",
    ),
  );
  expect(nodes.errors).toMatchObject([{ type: "MAX_NODE_LIMIT_EXCEEDED" }]);
  const heavy = (size: number) =>
    payments(`pullRequests(first: ${size}) { nodes { number reviews(first: 5) { nodes { id } } labels(first: 5) { nodes { id } }
      files(first: 5) { nodes { path } } commits(last: 1) { nodes { commit { oid } } } } }`);
  await expect(ask(sandbox, heavy(51))).rejects.toThrow(/JSON/);
  expect((await ask(sandbox, heavy(50))).errors).toBeUndefined();
});

test("more than 100 ids are refused; an id that leads nowhere is a NOT_FOUND beside the others", async () => {
  const { data } = await ask(
    sandbox,
    payments(
      "id pullRequests(first: 1) { nodes { id reviews(first: 1) { nodes { id } } headRefOid commits(last: 1) { nodes { commit { id } } } } }",
    ),
  );
  const [change] = data.repository.pullRequests.nodes;
  const ids = [
    data.repository.id,
    change.id,
    change.reviews.nodes[0].id,
    change.commits.nodes[0].commit.id,
    "PR_nothing",
  ];
  const found = await ask(sandbox, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, { ids });
  expect(found.data.nodes.map((each: { __typename: string } | null) => each?.__typename)).toEqual([
    "Repository",
    "PullRequest",
    "PullRequestReview",
    "Commit",
    undefined,
  ]);
  expect(found.data.nodes.slice(0, 4).map((each: { id: string }) => each.id)).toEqual(ids.slice(0, 4));
  expect(found.errors).toMatchObject([{ type: "NOT_FOUND", path: ["nodes", 4] }]);
  const many = await ask(sandbox, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids: Array(101).fill(ids[0]) });
  expect(many.errors).toMatchObject([{ type: "ARGUMENT_LIMIT" }]);
});

test("pages walked in any size give every pull request once, in order", async () => {
  const walk = async (size: number) => {
    const numbers: number[] = [];
    for (let after: string | null = null; ; ) {
      const { data } = await ask(
        sandbox,
        `query($size: Int!, $after: String) { repository(owner: "riverbank", name: "payments") {
          pullRequests(first: $size, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
            totalCount pageInfo { hasNextPage endCursor } nodes { number updatedAt } } } }`,
        { size, after },
      );
      const page: {
        nodes: { number: number }[];
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string };
      } = data.repository.pullRequests;
      numbers.push(...page.nodes.map((each) => each.number));
      if (!page.pageInfo.hasNextPage) {
        expect(numbers).toHaveLength(page.totalCount);
        return numbers;
      }
      after = page.pageInfo.endCursor;
    }
  };
  const whole = await walk(100);
  expect(new Set(whole).size).toBe(whole.length);
  expect(await walk(3)).toEqual(whole);
});

test("a page goes on after the same item when something was added in front of it", async () => {
  const { world } = simulate();
  const own = await startSandbox({ world });
  const query = `query($after: String) { repository(owner: "riverbank", name: "payments") {
    pullRequests(first: 4, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) { pageInfo { endCursor } nodes { number } } } }`;
  const first = (await ask(own, query)).data.repository.pullRequests;
  const expected = (await ask(own, query, { after: first.pageInfo.endCursor })).data.repository.pullRequests.nodes;
  const repository = world.repositories[0];
  const newest = repository?.changes.at(-1);
  if (!repository || !newest) throw new Error("no change to copy");
  repository.changes.push({ ...newest, id: newest.id + 500, number: 9999, updatedAt: newest.updatedAt + 86_400_000 });
  world.revision += 1;
  expect((await ask(own, query)).data.repository.pullRequests.nodes[0].number).toBe(9999);
  expect((await ask(own, query, { after: first.pageInfo.endCursor })).data.repository.pullRequests.nodes).toEqual(
    expected,
  );
  await own.close();
});

test("history's cursor names the head it began at, so a push does not shift the pages", async () => {
  const query = `query($after: String) { repository(owner: "riverbank", name: "ledger-api") { defaultBranchRef { target { ... on Commit {
    oid history(first: 5, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes { oid committedDate } } } } } } }`;
  const target = (await ask(sandbox, query)).data.repository.defaultBranchRef.target;
  expect(target.history.pageInfo).toEqual({ endCursor: `${target.oid} 4`, hasNextPage: true });
  const oids = target.history.nodes.map((each: { oid: string }) => each.oid);
  let { endCursor: after, hasNextPage } = target.history.pageInfo;
  while (hasNextPage) {
    const page = (await ask(sandbox, query, { after })).data.repository.defaultBranchRef.target.history;
    oids.push(...page.nodes.map((each: { oid: string }) => each.oid));
    ({ endCursor: after, hasNextPage } = page.pageInfo);
  }
  expect(new Set(oids).size).toBe(target.history.totalCount);
});

test("isRequired cannot be asked in a list, only of one pull request", async () => {
  const checks =
    "commits(last: 1) { nodes { commit { statusCheckRollup { contexts(first: 5) { nodes { ... on CheckRun { name isRequired(pullRequestNumber: 2) } } } } } } }";
  const list = await ask(sandbox, payments(`pullRequests(first: 2) { nodes { ${checks} } }`));
  expect(list.errors?.[0]?.message).toContain("isRequired");
  const { data } = await ask(sandbox, payments(`pullRequests(first: 1) { nodes { number } }`));
  const { number } = data.repository.pullRequests.nodes[0];
  const one = await ask(sandbox, payments(`pullRequest(number: ${number}) { ${checks} }`));
  expect(one.errors).toBeUndefined();
  expect(one.data.repository.pullRequest.commits.nodes[0].commit.statusCheckRollup.contexts.nodes[0]).toEqual({
    name: "test",
    isRequired: true,
  });
});

test("a repository that is not there is null with NOT_FOUND", async () => {
  const answer = await ask(sandbox, `{ repository(owner: "riverbank", name: "nothing") { id } }`);
  expect(answer.data).toEqual({ repository: null });
  expect(answer.errors).toMatchObject([{ type: "NOT_FOUND", path: ["repository"] }]);
});

test("REST answers repositories in pages, rules, protection, and installation tokens that then work", async () => {
  const get = (path: string, authorization = "bearer t") =>
    fetch(`${sandbox.url}${path}`, { headers: { authorization } });
  const list = await get("/orgs/riverbank/repos?per_page=5");
  expect(list.headers.get("link")).toContain('page=2>; rel="next"');
  expect(await list.json()).toHaveLength(5);
  const rulesets = (await (await get("/repos/riverbank/payments/rulesets")).json()) as { id: number }[];
  const whole = await (await get(`/repos/riverbank/payments/rulesets/${rulesets[0]?.id}`)).json();
  expect(whole).toMatchObject({ enforcement: "active", conditions: { ref_name: { include: ["~DEFAULT_BRANCH"] } } });
  const bare = await get("/repos/riverbank/payments/branches/main/protection");
  expect([bare.status, await bare.json()]).toEqual([404, { message: "Branch not protected", status: "404" }]);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = `${part({ alg: "RS256" })}.${part({ iss: 990001, exp: 1 })}.c2ln`;
  const issued = await fetch(`${sandbox.url}/app/installations/77/access_tokens`, {
    method: "POST",
    headers: { authorization: `bearer ${jwt}` },
  });
  const { token, expires_at } = (await issued.json()) as { token: string; expires_at: string };
  expect([issued.status, expires_at]).toEqual([201, "2026-11-02T09:00:00Z"]);
  expect((await get("/rate_limit", `token ${token}`)).status).toBe(200);
});

test("a bot's commit names the bot as a User with the bot's own number, as GitHub does", async () => {
  const query = `{ repository(owner: "riverbank", name: "%") { pullRequests(first: 100) { nodes { author { __typename login ... on Bot { databaseId } }
    commits(last: 1) { nodes { commit { author { user { __typename login databaseId } } committer { user { login } } } } } } } } }`;
  const answers = await Promise.all(
    ["payments", "ledger-api", "storefront"].map((name) => ask(sandbox, query.replace("%", name))),
  );
  const bots = answers
    .flatMap((each) => each.data.repository.pullRequests.nodes)
    .filter((each) => each.author?.__typename === "Bot");
  expect(bots.length).toBeGreaterThan(0);
  for (const { author, commits } of bots) {
    expect(author).toEqual({ __typename: "Bot", login: "dependabot", databaseId: 49_699_333 });
    expect(commits.nodes[0].commit).toEqual({
      author: { user: { __typename: "User", login: "dependabot[bot]", databaseId: 49_699_333 } },
      committer: { user: { login: "web-flow" } },
    });
  }
});

test("every field that the sandbox answers is one that the official schema has", () => {
  for (const [name, fields] of Object.entries(answeredTypes)) {
    const type = officialSchema().getType(name);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
    expect(
      Object.keys(fields).filter((field) => !(field in type.getFields())),
      name,
    ).toEqual([]);
  }
});
