import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRecorded, type Sandbox, startSandbox, type World } from "../../../src/sandbox/index.ts";
import { ask } from "./ask.ts";

const folder = new URL("../../../../shared/data/mls-protocol", import.meta.url).pathname;
const isThere = existsSync(folder);
if (!isThere) console.warn(`skipped: no recorded repository at ${folder}`);

describe.skipIf(!isThere)("a recorded repository", () => {
  let world: World;
  let sandbox: Sandbox;
  beforeAll(async () => {
    world = loadRecorded(folder);
    sandbox = await startSandbox({ world });
  });
  afterAll(() => sandbox.close());
  const recorded = (body: string) => `{ repository(owner: "mlswg", name: "mls-protocol") { ${body} } }`;

  test("505 merged changes with 1,249 reviews", () => {
    const merged = world.repositories[0]?.changes.filter((each) => each.state === "MERGED") ?? [];
    expect(merged).toHaveLength(505);
    expect(merged.reduce((sum, each) => sum + each.reviews.length, 0)).toBe(1249);
  });

  test("529 first-parent commits on main, 498 of them some change's merge commit", () => {
    const [repository] = world.repositories;
    const line: string[] = [];
    for (let oid = repository?.branches.get("main"); oid; oid = repository?.commits.get(oid)?.parents[0])
      line.push(oid);
    const merges = new Set(repository?.changes.map((each) => each.mergeCommit));
    expect(line).toHaveLength(529);
    expect(line.filter((each) => merges.has(each))).toHaveLength(498);
  });

  test("ids are the source's own, and lead back to their objects", async () => {
    const ids = ["MDExOlB1bGxSZXF1ZXN0MjU4ODY4NTM0", "MDE3OlB1bGxSZXF1ZXN0UmV2aWV3MjExNDc2NzQ0", "PR_kwDOBoyH6c5VyqVT"];
    const answer = await ask(
      sandbox,
      `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on PullRequest { databaseId } ... on PullRequestReview { databaseId commit { oid } } } }`,
      { ids },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.nodes.map((each: { id: string }) => each.id)).toEqual(ids);
    expect(answer.data.nodes[0].databaseId).toBe(258_868_534);
    expect(answer.data.nodes[1].commit.oid).toMatch(/^0d1aa4f[0-9a-f]{33}$/);
  });

  test("what was not recorded is refused with that word, never an empty list", async () => {
    const fields = [
      "deployments(first: 1) { totalCount }",
      "branchProtectionRules(first: 1) { totalCount }",
      "rulesets(first: 1) { totalCount }",
      "squashMergeAllowed",
    ];
    for (const field of fields) {
      const { errors, data } = await ask(sandbox, recorded(`nameWithOwner ${field}`));
      expect(errors).toMatchObject([{ type: "FORBIDDEN", message: "not recorded" }]);
      if (!field.startsWith("squash")) expect(data.repository.nameWithOwner).toBe("mlswg/mls-protocol");
    }
    const change =
      recorded(`pullRequest(number: 136) { title labels(first: 3) { nodes { name } } files(first: 1) { totalCount }
      closingIssuesReferences(first: 1) { totalCount } commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } }`);
    const { errors, data } = await ask(sandbox, change);
    expect(errors?.map((each) => each.message)).toEqual(["not recorded", "not recorded", "not recorded"]);
    expect(data.repository.pullRequest.labels.nodes).toEqual([{ name: "editorial" }]);
    expect(data.repository.pullRequest.commits.nodes[0].commit.statusCheckRollup).toBeNull();
  });

  test("an address belongs to an account by its noreply form, or by the one author of the changes that carry it", async () => {
    const commits = [...(world.repositories[0]?.commits.values() ?? [])];
    const linked = (email: string) => {
      const found = commits.find((each) => each.author.email === email)?.author.account ?? null;
      return found === null ? null : world.accounts.get(found)?.login;
    };
    expect(linked("konrad.kohbrok@datashrine.de")).toBe("kkohbrok");
    expect(linked("idbot@example.com")).toBeNull();
  });

  test("every merge commit is associated with its change", async () => {
    const [repository] = world.repositories;
    for (const change of repository?.changes ?? []) {
      if (change.mergeCommit) expect(repository?.commits.get(change.mergeCommit)?.changes).toContain(change.number);
    }
  });
});
