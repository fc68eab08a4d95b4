import type { Batch, Exchange, Part, SourceRecord, Stream } from "../../model/stream.ts";
import { askWhole, type Refusal, type Section, sizing } from "./ask-whole.ts";
import { readCursor, type SnapshotCursor, snapshotCursorSchema, writeCursor } from "./cursors.ts";
import type { Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { listPageSchema } from "./pages.ts";
import { partOf, type Session } from "./session.ts";
import { type Glance, identity, rulesGlance, settings, settingsDigest } from "./snapshot-glance.ts";
import { repositoryProblem } from "./walk.ts";

const ruleParameters = `__typename
  ... on PullRequestParameters { dismissStaleReviewsOnPush requireCodeOwnerReview requireLastPushApproval requiredApprovingReviewCount requiredReviewThreadResolution }
  ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context integrationId } }`;

const allowed =
  "totalCount nodes { actor { __typename ... on App { slug } ... on Team { slug } ... on User { login databaseId } } }";

const rulesets = (
  bypass: boolean,
) => `rulesets(first: 30, after: $rulesetsAfter, includeParents: true) { totalCount ${text.page} nodes {
      databaseId name target enforcement updatedAt source { __typename ... on Repository { nameWithOwner } ... on Organization { login } ... on Enterprise { slug } }
      conditions { refName { include exclude } }
      rules(first: 100) { totalCount nodes { type parameters { ${ruleParameters} } } }
      ${bypass ? "bypassActors(first: 100) { totalCount nodes { actor { __typename ... on App { slug } ... on Team { slug } } bypassMode deployKey organizationAdmin repositoryRoleName } }" : ""} } }`;

const classic = `branchProtectionRules(first: 15, after: $classicAfter) { totalCount ${text.page} nodes {
      databaseId pattern isAdminEnforced requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews requireLastPushApproval
      requiresCodeOwnerReviews requiresStatusChecks requiresStrictStatusChecks requiredStatusChecks { context app { slug } }
      allowsForcePushes allowsDeletions requiresCommitSignatures requiresLinearHistory requiresConversationResolution lockBranch restrictsPushes
      bypassPullRequestAllowances(first: 100) { ${allowed} } bypassForcePushAllowances(first: 100) { ${allowed} } } }`;

const sections: readonly Section[] = [
  { name: "settings", keys: settings },
  { name: "bypass", keys: ["bypassActors"] },
  { name: "rulesets", keys: ["rulesets"] },
  { name: "classic", keys: ["branchProtectionRules"] },
];

const question = (session: Session, without: ReadonlySet<string>, after: Readonly<Record<string, string | null>>) => {
  const lists = [
    without.has("rulesets") ? "" : rulesets(!without.has("bypass")),
    without.has("classic") ? "" : classic,
  ].filter(Boolean);
  const declared = [
    without.has("rulesets") ? "" : ", $rulesetsAfter: String",
    without.has("classic") ? "" : ", $classicAfter: String",
  ].join("");
  return {
    name: "Repository",
    text: `query Repository($owner: String!, $name: String!${declared}) {
  repository(owner: $owner, name: $name) {
    ${identity.join(" ")} defaultBranchRef { name }
    ${without.has("settings") ? "" : settings.join(" ")}
    ${lists.join("\n    ")}
  }
  ${text.price}
}`,
    variables: {
      owner: session.owner,
      name: session.name,
      ...(without.has("rulesets") ? {} : { rulesetsAfter: after.rulesets ?? null }),
      ...(without.has("classic") ? {} : { classicAfter: after.classic ?? null }),
    },
  };
};

/** Reads a repository's settings and the rules that guard its released branch, as they are now: one request. */
export async function* snapshot(
  session: Session,
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, string>,
): AsyncGenerator<Batch> {
  if (streams.length === 0) return;
  const lists: Record<string, Item[]> = { rulesets: [], classic: [] };
  const after: Record<string, string | null> = {};
  const open = new Set(["rulesets", "classic"]);
  const refused = new Map<string, Refusal>();
  const withoutAdministration = session.github.permissions()?.administration === undefined;
  for (;;) {
    const whole = await askWhole(session.github, sections, sizing(1), (without) =>
      question(session, new Set([...without, ...refused.keys()]), after),
    );
    const { exchange } = whole;
    for (const [name, refusal] of whole.refused) refused.set(name, refusal);
    const problem = whole.ok ? repositoryProblem(session, whole.data) : whole.failure.message;
    const repository = (whole.ok ? whole.data.repository : null) as Item | null;
    if (problem !== undefined || !repository) {
      yield { exchange, parts: streams.map((stream) => failedPart(session, stream, cursors, exchange, problem ?? "")) };
      return;
    }
    for (const name of ["rulesets", "classic"]) {
      if (refused.has(name) || !open.has(name)) continue;
      const page = listPageSchema.safeParse(repository[name === "classic" ? "branchProtectionRules" : name]).data;
      if (!page)
        refused.set(name, {
          reason: `the source answered null for its ${name === "classic" ? "branch protection rules" : name}`,
          entirely: true,
        });
      else if (page.nodes.includes(null))
        refused.set(name, {
          reason: `the source withheld some of its ${name === "classic" ? "branch protection rules" : name}`,
          entirely: true,
        });
      else (lists[name] as Item[]).push(...page.nodes.filter((node) => node !== null));
      const next = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      if (next === null || next === after[name]) open.delete(name);
      else after[name] = next;
    }
    if ([...open].some((name) => !refused.has(name))) {
      yield { exchange, parts: [] };
      continue;
    }
    const rulesets = refused.has("rulesets") ? null : (lists.rulesets as Item[]);
    const classicRules = refused.has("classic") ? null : (lists.classic as Item[]);
    // Without administration rights GitHub answers an empty list, whether there are rules or not.
    const hidden = classicRules?.length === 0 && repository.viewerCanAdminister !== true && withoutAdministration;
    const parts = streams.map((stream) => {
      const cursor = readCursor(snapshotCursorSchema, cursors.get(stream.id), stream.since);
      if (stream.kind === "repository")
        return repositoryPart(stream, cursor, exchange, repository, refused.get("settings")?.reason);
      return protectionPart(
        session,
        stream,
        cursor,
        exchange,
        repository,
        rulesets,
        hidden ? null : classicRules,
        refused,
      );
    });
    yield { exchange, parts };
    return;
  }
}

function failedPart(
  session: Session,
  stream: Stream,
  cursors: ReadonlyMap<string, string>,
  exchange: Exchange,
  reason: string,
): Part {
  const cursor = readCursor(snapshotCursorSchema, cursors.get(stream.id), stream.since);
  return concluded(stream, cursor, exchange, [], [reason], "unobserved", appsKnown(session, cursor));
}

/** Slugs of the apps that checks have named, in this run or an earlier one. */
const appsKnown = (session: Session, cursor: SnapshotCursor | undefined): Readonly<Record<string, string>> => ({
  ...cursor?.apps,
  ...Object.fromEntries(session.apps),
});

function repositoryPart(
  stream: Stream,
  cursor: SnapshotCursor | undefined,
  exchange: Exchange,
  repository: Item,
  refused: string | undefined,
): Part {
  const { rulesets: _rulesets, branchProtectionRules: _classic, viewerCanAdminister: _viewer, ...body } = repository;
  const record = { kind: "repository", externalId: String(repository.databaseId), body };
  return concluded(
    stream,
    cursor,
    exchange,
    [record],
    refused === undefined ? [] : [`settings: ${refused}`],
    "partial",
    {},
    refused === undefined ? { digest: settingsDigest(repository) } : undefined,
  );
}

function protectionPart(
  session: Session,
  stream: Stream,
  cursor: SnapshotCursor | undefined,
  exchange: Exchange,
  repository: Item,
  rulesets: readonly Item[] | null,
  classicRules: readonly Item[] | null,
  refused: ReadonlyMap<string, Refusal>,
): Part {
  const reasons = [
    rulesets ? [] : [`rulesets: ${refused.get("rulesets")?.reason}`],
    classicRules
      ? []
      : [
          `branch protection rules: ${refused.get("classic")?.reason ?? "not readable without administration rights, so they may exist"}`,
        ],
    rulesets?.some((set) => isCut(set.rules) || isCut(set.bypassActors))
      ? ["a ruleset has more than 100 rules or bypass actors"]
      : [],
  ].flat();
  const defaultBranch = (repository.defaultBranchRef as { name?: string } | null)?.name ?? null;
  const branch = stream.branch ?? defaultBranch;
  const apps = appsKnown(session, cursor);
  const nothing =
    !rulesets && !classicRules ? reasons : branch === null ? ["the repository has no default branch"] : [];
  if (branch === null || nothing.length > 0)
    return concluded(stream, cursor, exchange, [], nothing, "unobserved", apps);
  const named = new Set(rulesets?.flatMap(integrationsOf).map(String));
  const used = Object.fromEntries(Object.entries(apps).filter(([id]) => named.has(id)));
  const body = {
    branch,
    defaultBranch,
    ...(stream.promoted === undefined ? {} : { promoted: stream.promoted }),
    rulesets,
    branchProtectionRules: classicRules,
    apps: used,
  };
  // What is active is shown by what could be read; that nothing is, only by all of it.
  const guarded =
    rulesets?.some(
      (set) => set.enforcement === "ACTIVE" && rulesOf(set).some((rule) => rule.type === "PULL_REQUEST"),
    ) === true;
  const said =
    classicRules || !guarded || refused.has("classic")
      ? reasons
      : reasons.filter((reason) => !reason.startsWith("branch protection rules"));
  const record = { kind: "protection", externalId: branch, body };
  // An app that no check has named yet is looked for in each run, and so is a right that was lacking.
  const glance =
    !refused.has("classic") && [...named].every((id) => id in used)
      ? rulesGlance(stream, repository, rulesets, classicRules, guarded, said.length === 0)
      : undefined;
  return concluded(stream, cursor, exchange, [record], said, "partial", used, glance);
}

const rulesOf = (set: Item): readonly Item[] =>
  ((set.rules as { nodes?: readonly (Item | null)[] } | null)?.nodes ?? []).filter((rule) => rule !== null);

function integrationsOf(set: Item): readonly number[] {
  return rulesOf(set).flatMap((rule) => {
    const checks = (rule.parameters as { requiredStatusChecks?: readonly { integrationId?: number | null }[] } | null)
      ?.requiredStatusChecks;
    return (checks ?? []).flatMap((check) => check.integrationId ?? []);
  });
}

function isCut(list: unknown): boolean {
  const { totalCount = 0, nodes = [] } = (list ?? {}) as { totalCount?: number; nodes?: readonly unknown[] };
  return nodes.length < totalCount;
}

function concluded(
  stream: Stream,
  cursor: SnapshotCursor | undefined,
  exchange: Exchange,
  records: readonly SourceRecord[],
  reasons: readonly string[],
  status: "partial" | "unobserved",
  apps: Readonly<Record<string, string>>,
  glance?: Pick<Glance, "digest"> & Partial<Glance>,
): Part {
  const to = exchange.serverTime;
  const reached = cursor?.reached ?? stream.since;
  const from = reached > to ? to : reached;
  const whole = reasons.length === 0;
  const next: SnapshotCursor = {
    v: 1,
    since: cursor?.since ?? stream.since,
    pending: [],
    apps: { ...apps },
    reached: whole ? to : (cursor?.reached ?? null),
    glance:
      glance && status === "partial"
        ? {
            rulesets: [],
            counted: false,
            ...glance,
            status: whole ? "complete" : status,
            reason: whole ? null : reasons.join("; "),
          }
        : null,
  };
  const coverage = whole
    ? ({ status: "complete", from, to } as const)
    : { status, from, to, reason: reasons.join("; ") };
  return partOf(stream, records, { cursor: writeCursor(next), coverage });
}
