import type { AssessmentResult, Bypass, CoverageRow } from "../model/assessment.ts";
import { actorName } from "../model/dossier.ts";
import type { Actor, EntityOf, Seen } from "../model/entity.ts";

type Logged = Seen<EntityOf<"auditEvent">>;

/** An override of the rules of a system's released branches, as the source's audit log has it. */
export interface SeenOverride {
  readonly system: string;
  readonly repository: string;
  readonly override: Logged;
}

/** What of a bypass the log would know it by. */
export interface Traced {
  readonly draft: Omit<Bypass, "id" | "logged">;
  readonly by: Actor | null;
  /** The commit that the branch led to afterwards; null where none is known. */
  readonly after: string | null;
}

type Overrides = NonNullable<AssessmentResult["bypasses"]["overrides"]>;

/** Within so many milliseconds an entry of the log and a move of the branch are one event. */
const together = 10_000;

/**
 * Holds every bypass against the audit log, by the commit that the branch led to, or else by who did it and when. Where
 * the log was not read nothing is said; what it holds and no bypass explains is given back by itself.
 */
export function withLog(
  traced: readonly Traced[],
  seen: readonly SeenOverride[],
  coverage: readonly CoverageRow[],
): { readonly drafts: readonly Omit<Bypass, "id">[]; readonly overrides: Overrides } {
  const matched = new Set<number>();
  const candidates = candidatesOf(seen);
  const gapsBy = new Map(
    [...new Set(traced.map(({ draft }) => draft.repository))].map((name) => [name, logGaps(name, coverage)]),
  );
  const drafts = traced.map((one): Omit<Bypass, "id"> => {
    const found = candidates(one).filter(({ override }) => isSame(one, override));
    for (const { override } of found) matched.add(override.record);
    const own = [...new Set([...one.draft.evidence, ...found.map(({ override }) => override.record)])];
    const logged =
      found.length > 0 ? "held" : isRead(one.draft, gapsBy.get(one.draft.repository)) ? "absent" : "notObserved";
    return { ...one.draft, logged, evidence: own.sort((a, b) => a - b) };
  });
  // Systems of one repository are given the same entries.
  const byRecord = new Map(seen.toReversed().map((one) => [one.override.record, one]));
  const left = [...byRecord.values()].filter(({ override }) => !matched.has(override.record));
  return { drafts, overrides: left.map(described).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
}

/** The overrides that may be a bypass: those of its repository that name its commit, or that one of the two does not name. */
function candidatesOf(seen: readonly SeenOverride[]): (traced: Traced) => readonly SeenOverride[] {
  const byRepository = Map.groupBy(seen, ({ repository }) => repository);
  const byCommit = Map.groupBy(seen, ({ repository, override }) =>
    JSON.stringify([repository, override.after ?? null]),
  );
  return ({ draft: { repository }, after }) =>
    after === null
      ? (byRepository.get(repository) ?? [])
      : [after, null].flatMap((commit) => byCommit.get(JSON.stringify([repository, commit])) ?? []);
}

function isSame({ draft: { at, notBefore = at }, by, after }: Traced, override: Logged): boolean {
  if (override.after !== undefined && after !== null) return override.after === after;
  const [time, from, to] = [override.at, notBefore, at].map(Date.parse);
  if (time === undefined || from === undefined || to === undefined) return false;
  return time >= from - together && time <= to + together && isBy(by, override);
}

function isBy(by: Actor | null, { by: login, accountId }: Logged): boolean {
  if (by === null) return false;
  return accountId !== undefined && by.id !== "" ? accountId === by.id : login === by.login;
}

const described = ({ system, repository, override }: SeenOverride): Overrides[number] => ({
  system,
  repository,
  branch: override.subject ?? null,
  at: override.at,
  actor: actorOf(override),
  commit: override.after ?? null,
  unmet: [...(override.unmet ?? [])],
  record: override.record,
});

const actorOf = ({ by, accountId }: Logged): string =>
  by === null ? "an account the log does not name" : actorName({ login: by, id: accountId ?? "", kind: "unknown" });

/** Whether the audit log was read whole over the time in which something can have happened. */
const isRead = ({ at, notBefore = at }: Pick<Bypass, "at" | "notBefore">, gaps: ReturnType<typeof logGaps>): boolean =>
  gaps?.every(({ from, to }) => at < from || notBefore >= to) ?? false;

/** What of the period the audit log of a repository's owner was not read for; undefined where nobody asked for it. */
export function logGaps(
  repository: string,
  coverage: readonly CoverageRow[],
): { from: string; to: string; reason: string }[] | undefined {
  const rows = coverage.filter(
    ({ kind, system, repository: owner }) =>
      kind === "auditLog" && system === null && repository.startsWith(`${owner}/`),
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ intervals }) =>
    intervals
      .filter(({ status }) => status !== "complete")
      .map(({ from, to, reason }) => ({ from, to, reason: reason ?? "no reason recorded" })),
  );
}
