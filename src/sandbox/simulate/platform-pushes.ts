import type { Activity, PullRequest, RuleSuite } from "../world.ts";
import type { Site } from "./site.ts";

const SECOND = 1000;

/** Records every move of every branch, and how the rules judged those of the released ones. */
export function recordPushes(site: Site): void {
  const { repository } = site;
  const { defaultBranch } = repository;
  const moves: Omit<Activity, "id">[] = [];
  const merged = repository.changes.filter(({ mergedAt }) => mergedAt !== null);
  for (const change of repository.changes)
    if (change.headRefName !== defaultBranch) moves.push(...topicMoves(site, change));
  const explained = new Map(merged.map((change) => [change.mergeCommit, change]));
  // A rebase puts several commits on the branch at once: only the last is a head.
  const heads = site.mainline.filter(({ at }, index) => site.mainline[index + 1]?.at !== at);
  heads.forEach(({ at, oid }, index) => {
    const before = heads[index - 1]?.oid ?? null;
    const change = explained.get(oid);
    const actor = change ? change.mergedBy : (repository.commits.get(oid)?.committer.account ?? null);
    const type = before === null ? "branch_creation" : change ? "pr_merge" : "push";
    moves.push({ branch: defaultBranch, type, before, after: oid, actor, at });
  });
  for (const [branch, tip] of repository.branches) {
    if (branch === defaultBranch) continue;
    const made = branch === site.spec.promotion ? repository.createdAt : repository.commits.get(tip)?.authoredAt;
    const first = branch === site.spec.promotion ? (site.mainline[0]?.oid ?? tip) : tip;
    const actor = repository.commits.get(first)?.author.account ?? null;
    moves.push({
      branch,
      type: "branch_creation",
      before: null,
      after: first,
      actor,
      at: made ?? repository.createdAt,
    });
  }
  for (const { baseRefName, baseRefOid, mergeCommit, mergedBy, mergedAt } of merged) {
    if (baseRefName === defaultBranch) continue;
    const at = mergedAt ?? 0;
    moves.push({ branch: baseRefName, type: "pr_merge", before: baseRefOid, after: mergeCommit, actor: mergedBy, at });
  }
  moves.sort((a, b) => a.at - b.at || (a.branch < b.branch ? -1 : 1));
  repository.activity = moves.map((move) => ({ ...move, id: site.ids.next("activity") }));
  recordSuites(site, explained);
}

/** A topic branch is made, pushed to and, once merged, deleted; where a reviewed commit is gone it was force-pushed. */
function topicMoves({ repository }: Site, change: PullRequest): Omit<Activity, "id">[] {
  const { headRefName: branch, createdAt, mergedAt, mergedBy } = change;
  const commits = change.commits.flatMap((oid) => repository.commits.get(oid) ?? []);
  const opening = commits.filter(({ authoredAt }) => authoredAt < createdAt);
  const first = opening.at(-1);
  if (!first) return [];
  const actor = first.author.account;
  const lost = change.reviews.some(({ commit }) => commit === null);
  const moves: Omit<Activity, "id">[] = [
    {
      branch,
      type: "branch_creation",
      before: null,
      after: lost ? (first.parents[0] ?? null) : first.oid,
      actor,
      at: createdAt - 30 * SECOND,
    },
  ];
  if (lost) {
    const at = Math.max(createdAt, ...change.reviews.map(({ submittedAt }) => submittedAt)) + SECOND;
    moves.push({ branch, type: "force_push", before: first.parents[0] ?? null, after: first.oid, actor, at });
  }
  for (const { oid, parents, author, authoredAt } of commits.slice(opening.length))
    moves.push({
      branch,
      type: "push",
      before: parents[0] ?? null,
      after: oid,
      actor: author.account,
      at: authoredAt + SECOND,
    });
  if (mergedAt !== null)
    moves.push({
      branch,
      type: "branch_deletion",
      before: change.headRefOid,
      after: null,
      actor: mergedBy,
      at: mergedAt + 2 * SECOND,
    });
  return moves;
}

/** The rules' own word on every move of a released branch: what did not meet them got there by a bypass. */
function recordSuites(site: Site, explained: ReadonlyMap<string | null, PullRequest>): void {
  const { repository, spec } = site;
  const [ruleset] = repository.rulesets;
  if (!ruleset) return;
  const released = new Set([repository.defaultBranch, ...(spec.promotion ? [spec.promotion] : [])]);
  const unmetBy = unmetOf(site);
  for (const { branch, type, before, after, actor, at } of repository.activity) {
    if (!released.has(branch) || after === null || type === "branch_creation") continue;
    const change = explained.get(after);
    const unmet = change ? unmetBy(change) : new Set(["pull_request", "required_status_checks"]);
    const evaluations = ruleset.rules.map(({ type: rule }): RuleSuite["evaluations"][number] => ({
      ruleset: ruleset.id,
      rule,
      result: unmet.has(rule) ? "fail" : "pass",
      details: unmet.has(rule) ? `${rule} was not met` : null,
    }));
    const result = unmet.size > 0 ? "bypass" : "pass";
    repository.ruleSuites.push({
      id: site.ids.next("suiteOfRules"),
      branch,
      before,
      after,
      actor,
      at,
      result,
      evaluations,
    });
  }
}

/** Which rules a change did not meet, as it was planted; an emergency merges without the approval they demand. */
function unmetOf({ planted, repository, spec }: Site): (change: PullRequest) => ReadonlySet<string> {
  const kinds = new Map(
    planted.flatMap(({ kind, subject, attributes, repository: name }) =>
      subject.kind === "change" && name.endsWith(`/${repository.name}`) && attributes["merged-without-bypass"]
        ? [[subject.number, kind] as const]
        : [],
    ),
  );
  return ({ number, labels }) => {
    const kind = kinds.get(number);
    if (kind !== undefined) return new Set([kind.startsWith("check-") ? "required_status_checks" : "pull_request"]);
    return new Set(labels.includes("emergency") && spec.approvals > 0 ? ["pull_request"] : []);
  };
}
