import { expect, test } from "vitest";
import { simulate, type World } from "../../../src/sandbox/index.ts";
import type { PullRequest, Repository } from "../../../src/sandbox/world.ts";

type Outcome = "pass" | "fail" | "notVerifiable";
const RELEASED: Record<string, string> = { "mobile-gateway": "prod" };
const DEPLOYERS = new Set(["github-actions", "release-bot"]);
const HOUR = 3_600_000;

/** What the world alone says of every item, judged by means that share nothing with the simulator. */
function judge(world: World): Map<string, Record<string, Outcome>> {
  const found = new Map<string, Record<string, Outcome>>();
  const note = (repository: Repository, subject: string, attribute: string, outcome: Outcome) => {
    if (outcome === "pass") return;
    const key = `${repository.name} ${subject}`;
    found.set(key, { ...found.get(key), [attribute]: outcome });
  };
  for (const repository of world.repositories) {
    const approval = new Map<number, Outcome>();
    for (const change of repository.changes) {
      if (change.mergedAt === null) continue;
      const [anyRevision, finalRevision] = [
        approved(world, repository, change, false),
        approved(world, repository, change, true),
      ];
      approval.set(change.number, gravest([anyRevision, finalRevision]));
      const subject = `change ${change.number}`;
      note(repository, subject, "approved-by-someone-independent", anyRevision);
      note(repository, subject, "approved-on-final-revision", finalRevision);
      note(repository, subject, "request-linked", change.issues.length > 0 ? "pass" : "fail");
      note(repository, subject, "change-described", change.body.trim() === "" ? "fail" : "pass");
      const done = (name: string, accepted: string[]) =>
        (repository.checks.get(change.headRefOid) ?? []).some(
          (each) =>
            each.name === name &&
            each.app === 15_368 &&
            accepted.includes(each.conclusion ?? "") &&
            (each.completedAt ?? Number.NaN) <= (change.mergedAt ?? 0),
        );
      note(repository, subject, "required-checks-passed", done("test", ["SUCCESS"]) ? "pass" : "fail");
      if (change.labels.includes("emergency")) {
        note(repository, subject, "emergency-reviewed-in-time", finalRevision);
        continue;
      }
      const met =
        done("test", ["SUCCESS", "SKIPPED"]) &&
        done("lint", ["SUCCESS"]) &&
        standing(repository, change) >= demanded(repository);
      note(repository, subject, "merged-without-bypass", met ? "pass" : "fail");
    }
    deployments(repository, world, approval, note);
  }
  return found;
}

function deployments(
  repository: Repository,
  world: World,
  approval: ReadonlyMap<number, Outcome>,
  note: (repository: Repository, subject: string, attribute: string, outcome: Outcome) => void,
): void {
  const branch = repository.branches.get(RELEASED[repository.name] ?? "main") ?? "";
  for (let oid: string | undefined = branch; oid; oid = repository.commits.get(oid)?.parents[0]) {
    const commit = repository.commits.get(oid);
    if (commit?.parents.length && commit.changes.length === 0)
      note(repository, `commit ${oid}`, "arrived-by-change", "fail");
  }
  const released = ancestors(repository, branch);
  let before = new Set<string>();
  const live = repository.deployments.filter(
    (each) => each.environment === "production" && each.statuses.some(({ state }) => state === "SUCCESS"),
  );
  for (const deployment of live.sort((a, b) => a.createdAt - b.createdAt)) {
    const login = world.accounts.get(deployment.creator)?.login ?? "";
    note(
      repository,
      `deployment ${deployment.id}`,
      "deployed-by-authorised-identity",
      DEPLOYERS.has(login) ? "pass" : "fail",
    );
    const reached = ancestors(repository, deployment.oid);
    const outcomes: Outcome[] = [released.has(deployment.oid) ? "pass" : "fail"];
    for (const oid of reached) {
      if (before.has(oid)) continue;
      const commit = repository.commits.get(oid);
      if (!commit?.parents.length) continue;
      outcomes.push(
        ...(commit.changes.length === 0
          ? ["fail" as const]
          : commit.changes.map((each) => approval.get(each) ?? "fail")),
      );
    }
    before = new Set([...before, ...reached]);
    note(repository, `deployment ${deployment.id}`, "deployed-as-approved", gravest(outcomes));
  }
}

function approved(world: World, repository: Repository, change: PullRequest, onHead: boolean): Outcome {
  const emergency = change.labels.includes("emergency");
  const deadline = (change.mergedAt ?? 0) + (emergency ? 24 * HOUR : 0);
  const person = (id: number | null) =>
    world.accounts.get(id ?? -1)?.login.replace("ada-admin", "ada-dev") ?? "somebody";
  const contributors = new Set([person(change.author)]);
  for (const oid of change.commits) {
    const commit = repository.commits.get(oid);
    if (!commit) continue;
    for (const { account } of [commit.author, commit.committer]) contributors.add(person(account));
    for (const [, email] of commit.message.matchAll(/Co-authored-by: .*<(.*)>/g))
      contributors.add(person(world.emails.get(email ?? "") ?? null));
  }
  const words = new Map<string, (typeof change.reviews)[number]>();
  for (const each of change.reviews) {
    if (each.state !== "COMMENTED" && each.submittedAt <= deadline) words.set(person(each.author), each);
  }
  const valid = [...words].filter(
    ([who, { state, author }]) =>
      state === "APPROVED" && !contributors.has(who) && world.accounts.get(author ?? -1)?.kind === "User",
  );
  if (contributors.has("somebody") && valid.length > 0) return "notVerifiable";
  if (!onHead && !emergency) return valid.length > 0 ? "pass" : "fail";
  if (valid.some(([, { commit }]) => commit === change.headRefOid)) return "pass";
  return valid.some(([, { commit }]) => commit === null) ? "notVerifiable" : "fail";
}

/** Approvals that stand at the merge as the platform counts them: by account, bots too, never the author's own. */
function standing(repository: Repository, change: PullRequest): number {
  const words = new Map<number | null, string>();
  const dismisses = repository.rulesets[0]?.rules.some(
    (each) => each.parameters?.["dismiss_stale_reviews_on_push"] === true,
  );
  for (const { author, state, commit } of change.reviews) {
    if (state === "COMMENTED" || author === change.author) continue;
    words.set(author, state === "APPROVED" && dismisses && commit !== change.headRefOid ? "STALE" : state);
  }
  return [...words.values()].filter((each) => each === "APPROVED").length;
}

function demanded(repository: Repository): number {
  const parameters = repository.rulesets[0]?.rules.map((each) => each.parameters?.["required_approving_review_count"]);
  return Number(parameters?.find((each) => each !== undefined) ?? 0);
}

function ancestors(repository: Repository, head: string): Set<string> {
  const found = new Set<string>();
  const queue = [head];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    if (found.has(oid)) continue;
    found.add(oid);
    queue.push(...(repository.commits.get(oid)?.parents ?? []));
  }
  return found;
}

function gravest(outcomes: readonly Outcome[]): Outcome {
  return outcomes.includes("fail") ? "fail" : outcomes.includes("notVerifiable") ? "notVerifiable" : "pass";
}

test.each([
  [60, 1],
  [60, 2],
  [60, 3],
  [60, 4],
  [60, 5],
  [120, 6],
  [900, 7],
])(
  "the truth about %i changes of seed %i is complete: judging the world anew finds the same and nothing else",
  (changes, seed) => {
    const { world, truth } = simulate({ changes, seed });
    const expected = new Map<string, Record<string, Outcome>>();
    for (const { repository, subject, attributes } of truth.planted) {
      const name = repository.replace(/^.*\//, "");
      const id = subject.kind === "change" ? subject.number : subject.kind === "commit" ? subject.oid : subject.id;
      const key = `${name} ${subject.kind} ${id}`;
      expected.set(key, { ...expected.get(key), ...attributes });
    }
    expect(Object.fromEntries([...judge(world)].sort())).toEqual(Object.fromEntries([...expected].sort()));
  },
);
