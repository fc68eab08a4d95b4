import { expect, test } from "vitest";
import { parse } from "yaml";
import { demoConfig, simulate, worldDigest } from "../../../src/sandbox/index.ts";

const KINDS = [
  "admin-bypass",
  "approval-dismissed",
  "bot-approval",
  "carries-unapproved",
  "changes-requested-after",
  "check-after-merge",
  "check-failed",
  "check-missing",
  "check-other-app",
  "check-skipped",
  "co-author-approval",
  "deleted-author",
  "deployment-by-person",
  "direct-push",
  "direct-push-as-merge",
  "emergency-late",
  "empty-description",
  "last-pusher",
  "missing-work-item",
  "off-branch-deployment",
  "review-without-commit",
  "second-account",
  "self-merge",
  "stale-approval",
];

test("the same seed gives the same world and truth, another seed another", () => {
  const [one, same, other] = [simulate({ seed: 7 }), simulate({ seed: 7 }), simulate({ seed: 8 })];
  expect(worldDigest(one.world)).toBe(worldDigest(same.world));
  expect(one.truth).toEqual(same.truth);
  expect(worldDigest(one.world)).not.toBe(worldDigest(other.world));
});

test("a world made under another time zone is the same", () => {
  const here = worldDigest(simulate().world);
  const zone = process.env["TZ"];
  process.env["TZ"] = "Pacific/Auckland";
  expect(worldDigest(simulate().world)).toBe(here);
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test.each([50, 60, 400, 2000])("%i changes are merged, every kind of violation among them", (changes) => {
  for (const seed of [1, 2, 3]) {
    const { world, truth } = simulate({ changes, seed });
    const merged = world.repositories.flatMap((each) => each.changes).filter((each) => each.state === "MERGED");
    expect(merged).toHaveLength(changes);
    expect([...new Set(truth.planted.map((each) => each.kind))].sort()).toEqual(KINDS);
    const planted = truth.planted.filter((each) => each.subject.kind === "change").length;
    expect(planted / changes).toBeLessThan(changes < 400 ? 0.4 : 0.1);
  }
});

test("most violations of the demonstration lie in its last month, and that month has its share of changes", () => {
  const { world, truth } = simulate();
  const last = truth.planted.filter((each) => each.at >= "2026-10");
  expect(last.length / truth.planted.length).toBeGreaterThan(0.6);
  expect(truth.planted.every((each) => each.at > truth.since && each.at < truth.until)).toBe(true);
  const october = world.repositories
    .flatMap((each) => each.changes)
    .filter((each) => (each.mergedAt ?? 0) >= Date.UTC(2026, 9));
  expect(october.length).toBeGreaterThan(20);
});

test("what is planted exists in the world, with the commits, reviews and checks that it speaks of", () => {
  const { world, truth } = simulate();
  for (const { repository, subject } of truth.planted) {
    const found = world.repositories.find((each) => `riverbank/${each.name}` === repository);
    if (subject.kind === "change") expect(found?.changes.some((each) => each.number === subject.number)).toBe(true);
    if (subject.kind === "commit") expect(found?.commits.get(subject.oid)?.changes).toEqual([]);
    if (subject.kind === "deployment")
      expect(found?.deployments.find((each) => each.id === subject.id)?.oid).toBe(subject.oid);
  }
});

test.each([60, 3000])("time runs forwards in a world of %i changes", (changes) => {
  const { world, truth } = simulate({ changes });
  const late = new Set(
    truth.planted
      .filter((each) => each.kind === "check-after-merge")
      .map((each) => `${each.repository}${JSON.stringify(each.subject)}`),
  );
  for (const repository of world.repositories) {
    const numbers = new Set([...repository.changes, ...repository.issues].map((each) => each.number));
    expect(numbers.size).toBe(repository.changes.length + repository.issues.length);
    for (const change of repository.changes) {
      if (change.mergedAt === null) continue;
      const key = `riverbank/${repository.name}${JSON.stringify({ kind: "change", number: change.number })}`;
      const done = (repository.checks.get(change.headRefOid) ?? []).map((each) => each.completedAt ?? Number.NaN);
      expect(change.createdAt).toBeLessThan(change.mergedAt);
      expect(done.every((each) => each < (change.mergedAt ?? 0))).toBe(!late.has(key));
      expect(change.commits.at(-1)).toBe(change.headRefOid);
      expect(repository.commits.get(change.mergeCommit ?? "")?.committedAt).toBe(change.mergedAt);
    }
    for (const deployment of repository.deployments) {
      expect(repository.commits.get(deployment.oid)?.committedAt).toBeLessThan(deployment.createdAt);
      expect(deployment.createdAt).toBeLessThan(Date.parse(truth.until));
    }
  }
});

test("a commit that no change explains lies between two merges of its own month", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { world, truth } = simulate({ seed });
    for (const { repository, subject, at } of truth.planted) {
      if (subject.kind !== "commit") continue;
      const found = world.repositories.find((each) => `riverbank/${each.name}` === repository);
      const merges = (found?.changes ?? []).flatMap((each) =>
        each.mergedAt === null ? [] : [new Date(each.mergedAt).toISOString()],
      );
      const near = merges.filter((each) => each.slice(0, 7) === at.slice(0, 7));
      expect([near.some((each) => each < at), near.some((each) => each > at)]).toEqual([true, true]);
    }
  }
});

test("squash, merge, rebase and promotion each leave the commits that the platform would", () => {
  const { world } = simulate();
  const of = (name: string) => {
    const found = world.repositories.find((each) => each.name === name);
    if (!found) throw new Error(name);
    return found;
  };
  const merged = (name: string, base = "main") =>
    of(name).changes.filter((each) => each.state === "MERGED" && each.baseRefName === base);
  const parents = (name: string, oid: string | null) => of(name).commits.get(oid ?? "")?.parents.length;
  expect(new Set(merged("payments").map((each) => parents("payments", each.mergeCommit)))).toEqual(new Set([1]));
  expect(new Set(merged("ledger-api").map((each) => parents("ledger-api", each.mergeCommit)))).toEqual(new Set([2]));
  for (const change of merged("platform-infra")) {
    const carried = [...of("platform-infra").commits.values()].filter((each) => each.changes.includes(change.number));
    expect(carried).toHaveLength(2 * change.commits.length);
  }
  const promotions = merged("mobile-gateway", "prod");
  expect(promotions.length).toBeGreaterThan(1);
  for (const { mergeCommit, headRefOid } of promotions) {
    const commit = of("mobile-gateway").commits.get(mergeCommit ?? "");
    expect([commit?.parents[1], commit?.tree]).toEqual([
      headRefOid,
      of("mobile-gateway").commits.get(headRefOid)?.tree,
    ]);
  }
});

test("the demonstration's configuration is YAML that names the five systems and where to collect", () => {
  const config = parse(demoConfig("http://127.0.0.1:1/api/v3"));
  expect(config.systems.map((each: { id: string }) => each.id)).toHaveLength(5);
  expect(config.sources[0]).toMatchObject({
    baseUrl: "http://127.0.0.1:1/api/v3",
    token: { env: "FLOWPROOF_SANDBOX_TOKEN" },
  });
  expect(config.systems.find((each: { id: string }) => each.id === "mobile-gateway").promotion).toEqual([
    "main",
    "prod",
  ]);
});

test("sizes outside what can be simulated are refused", () => {
  expect(() => simulate({ changes: 10 })).toThrow(RangeError);
  expect(() => simulate({ until: "soon" })).toThrow(RangeError);
});
