import type { Alert, Deployment, Environment, Repository } from "../world.ts";
import { ADMINISTRATOR, RELEASE_MANAGER } from "./organisation.ts";
import { recordPushes } from "./platform-pushes.ts";
import { recordRuns } from "./platform-runs.ts";
import type { Site } from "./site.ts";

const DAY = 86_400_000;

/** Adds what the platform itself records of a finished repository: pushes, evaluations of rules, runs, rights, tags, alerts and the audit log. */
export function recordPlatform(site: Site): void {
  recordVersions(site);
  recordEnvironments(site);
  recordAccess(site);
  recordPushes(site);
  recordRuns(site);
  recordReleases(site);
  recordAlerts(site);
  recordAudit(site);
}

function recordVersions({ repository, cast }: Site): void {
  for (const { id, name, enforcement, include, exclude, rules, bypass, updatedAt } of repository.rulesets) {
    const state = { name, enforcement, include, exclude, rules, bypass };
    repository.rulesetVersions.push({
      ruleset: id,
      version: id * 10 + 1,
      actor: cast.account(ADMINISTRATOR),
      at: updatedAt,
      state,
    });
  }
}

/** One environment for each that is deployed to; where a release manager promotes, production waits for that word. */
function recordEnvironments({ repository, cast, spec, ids }: Site): void {
  const names = [...new Set(repository.deployments.map((each) => each.environment))].sort();
  const offBranch = repository.branches.has("try-larger-instances");
  repository.environments = names.map((name): Environment => {
    const isGated = name === "production" && spec.promotion !== null;
    return {
      id: ids.next("environment"),
      name,
      reviewers: isGated ? [{ user: cast.account(RELEASE_MANAGER) }] : [],
      preventSelfReview: isGated,
      adminsBypass: !isGated,
      waitMinutes: 0,
      branches: name === "production" && !offBranch ? "protected" : "all",
      createdAt: repository.createdAt + DAY,
      updatedAt: repository.createdAt + DAY,
    };
  });
}

function recordAccess({ repository, cast, spec, planted }: Site): void {
  const people = new Set(spec.people.map(cast.account));
  for (const { author, mergedBy, reviews } of repository.changes)
    for (const each of [author, mergedBy, ...reviews.map((review) => review.author)])
      if (each !== null) people.add(each);
  for (const { creator } of repository.deployments) people.add(creator);
  const role = (account: number): Repository["collaborators"][number]["role"] =>
    account === cast.account(ADMINISTRATOR)
      ? "admin"
      : account === cast.account(RELEASE_MANAGER)
        ? "maintain"
        : "write";
  const bots = new Set(["dependabot", "github-actions"].map(cast.account));
  people.add(cast.account(ADMINISTRATOR));
  repository.collaborators = [...people]
    .filter((account) => !bots.has(account))
    .sort((a, b) => a - b)
    .map((account) => ({ account, role: role(account) }));
  repository.collaborators.push({ account: cast.account("flowproof-reader"), role: "read" });
  repository.teams = [{ slug: spec.team, role: "push" }];
  repository.workflowsMayApprove = planted.some(
    (each) => each.kind === "bot-approval" && each.repository.endsWith(`/${repository.name}`),
  );
}

/** A tag and a release for the last commit that each month put into production. */
function recordReleases({ repository, cast, ids }: Site): void {
  const succeeded = repository.deployments.filter(
    ({ environment, statuses }) => environment === "production" && statuses.some(({ state }) => state === "SUCCESS"),
  );
  const last = new Map<string, Deployment>();
  for (const each of succeeded) last.set(new Date(each.createdAt).toISOString().slice(0, 7), each);
  for (const [month, { oid, updatedAt }] of last) {
    const name = `release-${month}`;
    repository.tags.push({ name, oid });
    repository.releases.push({
      id: ids.next("release"),
      name: `Release of ${month}`,
      tag: name,
      author: cast.account(RELEASE_MANAGER),
      createdAt: updatedAt,
      publishedAt: updatedAt + 60_000,
    });
  }
}

/** An alert for every dependency that was updated, one that stayed open, and one of code that was dismissed. */
function recordAlerts({ repository, cast, rnd }: Site): void {
  const dependabot = cast.account("dependabot");
  const updates = repository.changes.filter(({ author, mergedAt }) => author === dependabot && mergedAt !== null);
  const alert = (tool: Alert["tool"], title: string, severity: Alert["severity"], openedAt: number): Alert => ({
    number: repository.alerts.length + 1,
    tool,
    title,
    severity,
    openedAt,
    fixedAt: null,
    dismissedAt: null,
    dismissedBy: null,
    dismissedReason: null,
  });
  for (const { title, createdAt, mergedAt } of updates.slice(0, 5)) {
    const severity = rnd.pick(["low", "medium", "high"] as const);
    repository.alerts.push({ ...alert("dependabot", title, severity, createdAt - DAY), fixedAt: mergedAt });
  }
  const started = repository.changes[0]?.createdAt ?? repository.createdAt;
  repository.alerts.push(alert("dependabot", "Slow parsing of crafted headers", "low", started + 9 * DAY));
  repository.alerts.push({
    ...alert("code-scanning", "Unchecked return value", "medium", started + 3 * DAY),
    dismissedAt: started + 5 * DAY,
    dismissedBy: cast.account(ADMINISTRATOR),
    dismissedReason: "used in tests",
  });
}

/** How the log names what a rule's kind demands. */
const overrideCodes: Readonly<Record<string, string>> = {
  pull_request: "review_policy_not_satisfied",
  required_status_checks: "required_status_checks",
};

function recordAudit({ repository, cast }: Site): void {
  const administrator = cast.account(ADMINISTRATOR);
  const entries = [
    { action: "repo.create", actor: administrator, at: repository.createdAt },
    ...repository.rulesetVersions.map(({ actor, at }) => ({ action: "repository_ruleset.update", actor, at })),
    ...repository.environments.map(({ createdAt: at }) => ({
      action: "environment.create",
      actor: administrator,
      at,
    })),
    ...repository.ruleSuites
      .filter(({ result }) => result === "bypass")
      .map(({ actor, at, branch, before, after, evaluations }) => ({
        action: "protected_branch.policy_override",
        actor,
        at,
        override: {
          branch,
          before,
          after,
          codes: evaluations.filter(({ result }) => result === "fail").map(({ rule }) => overrideCodes[rule] ?? rule),
        },
      })),
  ];
  repository.auditLog = entries
    .sort((a, b) => a.at - b.at)
    .map((entry, index) => ({ ...entry, id: `${repository.id}-${index + 1}` }));
}
