import type { Part, Stream } from "../../model/stream.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { sha256Hex } from "../../util/hash.ts";
import { type SnapshotCursor, writeCursor } from "./cursors.ts";
import type { Item } from "./follow-ups.ts";
import { partOf } from "./session.ts";

/** What a repository is by itself; its default branch is asked beside it. */
export const identity = [
  "databaseId",
  "nameWithOwner",
  "url",
  "createdAt",
  "isArchived",
  "isPrivate",
  "visibility",
  "isFork",
  "viewerCanAdminister",
] as const;

/** What an auditor asks of its settings. */
export const settings = [
  "mergeCommitAllowed",
  "squashMergeAllowed",
  "rebaseMergeAllowed",
  "autoMergeAllowed",
  "deleteBranchOnMerge",
  "allowUpdateBranch",
  "webCommitSignoffRequired",
  "squashMergeCommitTitle",
  "squashMergeCommitMessage",
  "mergeCommitTitle",
  "mergeCommitMessage",
] as const;

export type Glance = NonNullable<SnapshotCursor["glance"]>;

const branchOf = (repository: Item): string | null =>
  (repository.defaultBranchRef as { name?: string } | null)?.name ?? null;

/** What a glance compares of a repository and its settings. */
export function settingsDigest(repository: Item): string {
  const values = [...identity, ...settings].map((name) => repository[name] ?? null);
  return sha256Hex(canonicalJson([...values, branchOf(repository)]));
}

/** What a glance compares of the rules for a branch; `count` only where it was asked. */
function rulesDigest(
  stream: Stream,
  repository: Item,
  rulesets: readonly (Item | null)[],
  count: number | null,
): string {
  const sets = rulesets.map((set) => set && [set.name, set.target, set.enforcement, set.updatedAt]);
  const { viewerCanAdminister } = repository;
  const branches = [stream.branch ?? branchOf(repository), ...(stream.promoted ?? [])];
  return sha256Hex(
    canonicalJson([branches.length > 1 ? branches : (branches[0] ?? null), viewerCanAdminister ?? null, sets, count]),
  );
}

const mostRulesets = 20;

/**
 * How a glance knows rules again: rule sets by their ids, which say when they last changed. That there is none which
 * guards is known again by their number. Classic rules have no such date: they are looked at in each run.
 */
export function rulesGlance(
  stream: Stream,
  repository: Item,
  rulesets: readonly Item[] | null,
  classicRules: readonly Item[] | null,
  guarded: boolean,
  whole: boolean,
): (Pick<Glance, "digest"> & Partial<Glance>) | undefined {
  const ids = rulesets?.map((set) => set.databaseId);
  if (!rulesets || !ids?.every((id) => Number.isSafeInteger(id)) || ids.length > mostRulesets) return undefined;
  if (classicRules && classicRules.length > 0) return undefined;
  const counted = whole && !guarded;
  const digest = rulesDigest(stream, repository, rulesets, counted ? rulesets.length : null);
  return { digest, rulesets: ids as number[], counted };
}

/** What a glance asks of a repository for its snapshots; `lists` says how many lists that are. */
export function glanceFields(cursors: readonly (SnapshotCursor | undefined)[]): { fields: string; lists: number } {
  const glances = cursors.flatMap((cursor) => cursor?.glance ?? []);
  if (glances.length === 0) return { fields: "databaseId", lists: 0 };
  const ids = glances.flatMap(({ rulesets }) => rulesets);
  const counted = glances.some((glance) => glance.counted);
  const sets = ids.map(
    (id) => `set${id}: ruleset(databaseId: ${id}, includeParents: true) { name target enforcement updatedAt }`,
  );
  return {
    fields: [...identity, ...settings, ...sets, counted ? "rulesets(includeParents: true) { totalCount }" : ""].join(
      " ",
    ),
    lists: counted ? 1 : 0,
  };
}

/** What is said of a snapshot's stream again where the glance shows the same as its last look; undefined where it does not. */
export function sameAgain(
  stream: Stream,
  cursor: SnapshotCursor | undefined,
  repository: Item,
  serverTime: string,
): Part | undefined {
  const glance = cursor?.glance;
  if (!cursor || !glance) return undefined;
  const count = (repository.rulesets as { totalCount?: number } | undefined)?.totalCount ?? null;
  const sets = glance.rulesets.map((id) => (repository[`set${id}`] ?? null) as Item | null);
  const digest =
    stream.kind === "repository"
      ? settingsDigest(repository)
      : rulesDigest(stream, repository, sets, glance.counted ? count : null);
  if (digest !== glance.digest) return undefined;
  const reached = cursor.reached ?? stream.since;
  const from = reached > serverTime ? serverTime : reached;
  const { status, reason } = glance;
  return partOf(stream, [], {
    cursor: writeCursor(status === "complete" ? { ...cursor, reached: serverTime } : cursor),
    coverage: { status, from, to: serverTime, ...(reason === null ? {} : { reason }) },
  });
}
