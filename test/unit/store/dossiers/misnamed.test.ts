import { describe, expect, it } from "vitest";
import type { Deployment, DeploymentStatus, EntityOf, Seen } from "../../../../src/model/entity.ts";
import { coverageIndex } from "../../../../src/store/dossiers/gaps.ts";
import { coverageOf, unknownBranch } from "../../../../src/store/dossiers/misnamed.ts";
import type { ScopedRepository } from "../../../../src/store/dossiers/scope.ts";
import { base, deployment, merged, repository, seen, t } from "../../attributes/dossiers.ts";

const { key } = repository;
const payments = (more: Partial<ScopedRepository> = {}): ScopedRepository => ({
  system: "payments",
  team: "checkout",
  source: "github",
  key,
  name: "riverbank/payments",
  url: "",
  branch: "main",
  environments: ["prodution"],
  paths: [],
  ...more,
});
const inStore = seen<EntityOf<"repository">>({
  type: "repository",
  ...base("settings"),
  name: "riverbank/payments",
  url: "",
  defaultBranch: "main",
  archived: false,
  visibility: "private",
  createdAt: t(0),
  settings: {},
});
const head = (branch: string) =>
  seen<EntityOf<"branchHead">>({ type: "branchHead", ...base(branch), branch, oid: merged, observedAt: t(100) });
const environment = (name: string) =>
  seen<EntityOf<"environment">>({
    type: "environment",
    ...base(`environments/${name}`),
    name,
    observedAt: t(100),
    reviewers: [],
    selfApprovalPrevented: null,
    administratorsMayBypass: null,
    branches: "all",
    waitMinutes: 0,
  });
const to = (name: string, more: Partial<Deployment> = {}) => deployment(name, merged, { environment: name, ...more });
const ended = ({ key: parent }: Seen<Deployment>, state: DeploymentStatus["state"]) =>
  seen<DeploymentStatus>({
    type: "deploymentStatus",
    ...base(`${parent}/status`),
    deployment: parent,
    state,
    createdAt: t(75),
    creator: null,
    run: null,
  });

/** What the source holds of the one repository: deployments that ended as given, environments that it lists. */
function evidence(
  deployments: readonly Seen<Deployment>[] = [],
  listed: readonly string[] = [],
  state: DeploymentStatus["state"] = "success",
) {
  return {
    repositories: new Map([[key, [inStore]]]),
    heads: new Map([[key, [head("main")]]]),
    activity: new Map(),
    deployments: new Map([[key, deployments]]),
    statuses: new Map(deployments.map((one) => [one.key, [ended(one, state)]])),
    environments: new Map([[key, listed.map(environment)]]),
  };
}
const whole = ["commits", "deployments"].map((kind) => ({
  stream: `${key}/${kind}`,
  run: "1",
  status: "complete" as const,
  from: t(0),
  to: t(400),
}));
const gap = (
  kind: "commits" | "deployments",
  held: ReturnType<typeof evidence>,
  own = payments(),
  others: readonly ScopedRepository[] = [],
) => coverageOf(own, [own, ...others], held, coverageIndex(whole)).unreadable(`${key}/${kind}`);

describe("an environment that nothing was ever deployed to", () => {
  const elsewhere = evidence([to("production"), to("staging")]);

  it("is a gap where the source records successes elsewhere, and names them; what was seen is judged all the same", () => {
    expect(gap("deployments", elsewhere)).toBe(
      "no deployment to prodution is recorded; the source records them to production, staging: the name may be wrong",
    );
    expect(gap("commits", elsewhere)).toBeUndefined();
    const { until, gapAt } = coverageOf(payments(), [payments()], elsewhere, coverageIndex(whole));
    expect(gapAt(`${key}/deployments`, t(75))).toBeUndefined();
    expect(until(`${key}/deployments`)).toBeUndefined();
    expect(until(`${key}/commits`)).toBe(t(400));
  });

  it("is one also beside another that is right, and only a few of many names are told", () => {
    const both = payments({ environments: ["production", "prodution-eu"] });
    expect(gap("deployments", elsewhere, both)).toContain("no deployment to prodution-eu is recorded");
    const many = evidence(["a", "b", "c", "d", "e", "f", "g"].map((name) => to(name)));
    expect(gap("deployments", many)).toContain("to a, b, c, d, e and 2 more:");
  });

  it.each<[string, ReturnType<typeof evidence>, ScopedRepository, readonly ScopedRepository[]]>([
    ["nothing was ever deployed", evidence(), payments(), []],
    ["nothing succeeded elsewhere", evidence([to("staging")], [], "failure"), payments(), []],
    ["it is written in another case", elsewhere, payments({ environments: ["Production"] }), []],
    ["the source lists it", evidence([to("staging")], ["Prodution"]), payments(), []],
    ["a failed attempt was to it", evidence([to("prodution")], [], "failure"), payments(), []],
    [
      "a deployment was made for it and filed elsewhere since",
      evidence([to("staging", { originalEnvironment: "prodution" })]),
      payments(),
      [],
    ],
    [
      "the rest is another system's of the same repository",
      evidence([to("production")]),
      payments(),
      [payments({ system: "search", environments: ["production"] })],
    ],
    ["the deployments come from elsewhere", elsewhere, payments({ deployments: "github/1/deployments/import/x" }), []],
  ])("is none where %s", (_name, held, own, others) => {
    expect(gap("deployments", held, own, others)).toBeUndefined();
  });

  it("is none for a repository without production of its own, where a sibling of the system has it", () => {
    const sibling = payments({ key: "github/2", environments: ["production"] });
    const own = payments({ environments: ["production"] });
    const held = evidence([to("github-pages")]);
    const more = { ...held, deployments: new Map([...held.deployments, ["github/2", [to("production")]]]) };
    expect(gap("deployments", more, own, [sibling])).toBeUndefined();
    expect(gap("deployments", held, own)).toContain("to production is recorded");
  });
});

describe("a branch that no look found", () => {
  it("is a gap of the commits, though the stream of another branch was read whole", () => {
    expect(gap("commits", evidence(), payments({ branch: "mian" }))).toBe(
      "the branch mian was not found; the source's default branch is main: the name may be wrong",
    );
  });

  it("is none where it is the default, a look or a move found it once, or nobody read the settings", () => {
    const held = evidence();
    expect(unknownBranch(payments(), { ...held, heads: new Map() })).toBeUndefined();
    const renamed = { ...held, heads: new Map([[key, [head("master"), head("main")]]]) };
    expect(unknownBranch(payments({ branch: "master" }), renamed)).toBeUndefined();
    expect(unknownBranch(payments({ branch: "mian" }), { ...held, repositories: new Map() })).toBeUndefined();
  });
});
