import type { SeenBypass, SeenOverride } from "../evaluation/index.ts";
import type { Access, AssessmentResult, CoverageRow } from "../model/assessment.ts";
import type { ConfigurationDossier, DeploymentDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { EntityOf, EntityType, Seen } from "../model/entity.ts";
import { configuredEnvironment } from "../model/environment-name.ts";
import type { StreamKind } from "../model/stream.ts";
import type { ScopedRepository } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";

type Entities<T extends EntityType> = readonly Seen<EntityOf<T>>[];
type Period = { readonly from: string; readonly to: string };

/** What a source keeps beside changes and deployments, of the repositories in scope. */
export interface FurtherEvidence {
  readonly suites: Entities<"ruleSuite">;
  readonly versions: Entities<"ruleVersion">;
  readonly environments: Entities<"environment">;
  readonly access: Entities<"access">;
  readonly alerts: Entities<"securityAlert">;
  /** Of an owner's repositories together; those of none of them stand under the source's own key. */
  readonly auditEvents: Entities<"auditEvent">;
}

/** Reads it, a query a type. */
export async function furtherEvidence(store: Store, scoped: readonly ScopedRepository[]): Promise<FurtherEvidence> {
  const repositories = [...new Set(scoped.map(({ key }) => key))];
  return {
    suites: await store.entities("ruleSuite", { repositories }),
    versions: await store.entities("ruleVersion", { repositories }),
    environments: await store.entities("environment", { repositories }),
    access: await store.entities("access", { repositories }),
    alerts: await store.entities("securityAlert", { repositories }),
    auditEvents: await store.entities("auditEvent", { repositories }),
  };
}

/** The period's bypasses by the source's own word, of the branches that each system's changes land on or are promoted through. */
export const bypassedSuites = (
  { suites }: FurtherEvidence,
  scoped: readonly ScopedRepository[],
  { from, to }: Period,
): readonly SeenBypass[] =>
  scoped.flatMap(({ system, key, name, branch, promotedThrough = [] }) =>
    suites
      .filter((suite) => suite.repository === key && suite.result === "bypassed")
      .filter((suite) => [branch, ...promotedThrough].includes(suite.branch) && suite.at >= from && suite.at < to)
      .map((suite) => ({ system, repository: name, suite })),
  );

/** The period's overrides by the source's audit log, of those branches or of one that it does not name. */
export const loggedOverrides = (
  { auditEvents }: FurtherEvidence,
  scoped: readonly ScopedRepository[],
  { from, to }: Period,
): readonly SeenOverride[] =>
  scoped.flatMap(({ system, key, name, branch, promotedThrough = [] }) =>
    auditEvents
      .filter(({ repository, action }) => repository === key && action.endsWith(".policy_override"))
      .filter(({ at, subject = branch }) => [branch, ...promotedThrough].includes(subject) && at >= from && at < to)
      .map((override) => ({ system, repository: name, override })),
  );

// https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
const merging = new Set(["write", "push", "maintain", "admin"]);
const reading = new Set(["read", "pull", "triage", "none"]);

/** Who may merge, pass the rules by and deploy, as each was last read, or why it was not; the rules by when their records were fetched. */
export const accessOf = (
  evidence: FurtherEvidence,
  scoped: readonly ScopedRepository[],
  configuration: readonly ConfigurationDossier[],
  coverage: readonly CoverageRow[],
  fetchedAt: ReadonlyMap<number, string>,
): Access[] =>
  scoped.map((repository) => {
    const { system, key, name } = repository;
    const unread = (kind: StreamKind) => unreadIn(coverage, system, name, kind);
    const look = evidence.access.findLast((one) => one.repository === key);
    const latest = new Map(
      evidence.environments
        .filter(
          (one) => one.repository === key && configuredEnvironment(repository.environments, one.name) !== undefined,
        )
        .map((one) => [one.name, one]),
    );
    const own = configuration.find(
      (one) => one.system === system && one.repository.key === key && one.promotedFrom === undefined,
    );
    const { bypass, bypassUnread } = bypassOf(own, fetchedAt);
    return {
      system,
      repository: name,
      rights: look ? rightsOf(look) : null,
      rightsUnread: look ? null : unread("access"),
      bypass,
      bypassUnread,
      environments: [...latest.values()].map(({ type: _, key: __, repository: ___, observedAt, ...rules }) => ({
        ...rules,
        reviewers: [...rules.reviewers],
        readAt: observedAt,
      })),
      environmentsUnread: latest.size > 0 ? null : unread("environments"),
    };
  });

function rightsOf({ observedAt, accounts, teams, pipelinesMayApprove, record }: Seen<EntityOf<"access">>) {
  const named = (is: (role: string) => boolean) =>
    accounts.filter(({ role }) => is(role.toLowerCase())).map(({ account }) => actorName(account));
  return {
    readAt: observedAt,
    merge: named((role) => merging.has(role)),
    administer: named((role) => role === "admin"),
    otherRoles: accounts
      .filter(({ role }) => !merging.has(role.toLowerCase()) && !reading.has(role.toLowerCase()))
      .map(({ account, role }) => `${actorName(account)}: ${role}`),
    teams:
      teams?.filter(({ role }) => !reading.has(role.toLowerCase())).map(({ name, role }) => `${name} (${role})`) ??
      null,
    pipelinesMayApprove,
    record,
  };
}

/** Whom the rules last seen let pass them by. */
function bypassOf(
  dossier: ConfigurationDossier | undefined,
  fetchedAt: ReadonlyMap<number, string>,
): Pick<Access, "bypass" | "bypassUnread"> {
  const last = dossier?.intervals.at(-1);
  if (!last) return { bypass: null, bypassUnread: "the branch's rules were not observed" };
  if (!last.rules.known) return { bypass: null, bypassUnread: last.rules.reason };
  const { rules, record } = last.rules;
  return {
    bypass: {
      readAt: fetchedAt.get(record) ?? last.rules.until,
      names: [...new Set(rules.flatMap(({ bypass }) => bypass))],
      whole: rules.every(({ bypassReadable }) => bypassReadable),
      record,
    },
    bypassUnread: null,
  };
}

/** The deployments of a tag that was seen on more than one commit. */
export const movedTagsOf = (deployments: readonly DeploymentDossier[]): AssessmentResult["movedTags"] =>
  deployments
    .filter(({ movedTag }) => movedTag.length > 0)
    .map(({ system, key, movedTag }) => ({
      system,
      deployment: key,
      tag: movedTag[0]?.name ?? "",
      sightings: movedTag.map(({ oid, observedAt, record }) => ({ commit: oid, at: observedAt, record })),
    }));

/** Security alerts opened, fixed and dismissed in the period, and open at its end or at the cut-off. */
export const alertsOf = (
  { alerts }: FurtherEvidence,
  scoped: readonly ScopedRepository[],
  coverage: readonly CoverageRow[],
  { from, to }: Period,
): AssessmentResult["alerts"] =>
  scoped.map(({ system, key, name }) => {
    const row = coverage.find((one) => one.system === system && one.repository === name && one.kind === "alerts");
    const gap = row?.status === "complete" ? null : unreadIn(coverage, system, name, "alerts");
    if (!row || row.status === "unobserved") return { system, repository: name, counts: null, gap };
    const own = alerts.filter((one) => one.repository === key);
    const within = (at: string | null) => at !== null && at >= from && at < to;
    const counts = {
      opened: own.filter(({ openedAt }) => within(openedAt)).length,
      fixed: own.filter(({ fixedAt }) => within(fixedAt)).length,
      dismissed: own.filter(({ dismissedAt }) => within(dismissedAt)).length,
      openAtEnd: own.filter(
        ({ openedAt, fixedAt, dismissedAt }) =>
          openedAt < to && [fixedAt, dismissedAt].every((at) => at === null || at >= to),
      ).length,
    };
    return { system, repository: name, counts, gap };
  });

/** Why a kind was not read of a repository; where it was, and nothing came of it, that. */
function unreadIn(coverage: readonly CoverageRow[], system: string, repository: string, kind: StreamKind): string {
  const row = coverage.find((one) => one.system === system && one.repository === repository && one.kind === kind);
  if (!row) return "not collected";
  const gap = row.intervals.findLast(({ status }) => status !== "complete");
  return gap ? (gap.reason ?? `${gap.status}, with no reason recorded`) : "read, and there is none";
}
