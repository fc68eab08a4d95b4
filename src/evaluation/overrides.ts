import type { AssessmentResult, Bypass, CoverageRow } from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
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
  const readBy = new Map(
    [...new Set(traced.map(({ draft }) => draft.repository))].map((name) => [
      name,
      logRows(name, coverage).map(readTimes),
    ]),
  );
  const drafts = traced.map((one): Omit<Bypass, "id"> => {
    const found = candidates(one).filter(({ override }) => isSame(one, override));
    for (const { override } of found) matched.add(override.record);
    const own = [...new Set([...one.draft.evidence, ...found.map(({ override }) => override.record)])];
    const logged =
      found.length > 0 ? "held" : isRead(one.draft, readBy.get(one.draft.repository)) ? "absent" : "notObserved";
    return { ...one.draft, logged, evidence: own.sort((a, b) => a - b) };
  });
  const left = seen.filter(({ override }) => !matched.has(override.record));
  const overrides = onceEach(left, ({ override }) => override.record).map(described);
  return { drafts, overrides: overrides.sort((a, b) => compare(a.at, b.at) || a.record - b.record) };
}

/** Each record once, with all the systems that it was given for: those of one repository are given the same. */
export function onceEach<T extends { readonly system: string }>(
  given: readonly T[],
  recordOf: (one: T) => number,
): (T & Pick<Bypass, "systems">)[] {
  return [...Map.groupBy(given, recordOf).values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, ...concerning([first, ...more].map(({ system }) => system)) }] : [],
  );
}

/** The first of some systems by name, and all of them where they are several. */
export function concerning(all: readonly string[]): Pick<Bypass, "system" | "systems"> {
  const systems = [...new Set(all)].sort(compare);
  return { system: systems[0] ?? "", ...(systems.length > 1 ? { systems } : {}) };
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

function isSame({ draft: { branch, at, notBefore = at }, by, after }: Traced, override: Logged): boolean {
  // A branch promoted to the same commit was overridden by itself.
  if (override.subject !== undefined && override.subject !== branch) return false;
  if (override.after !== undefined && after !== null) return override.after === after;
  const [time, from, to] = [override.at, notBefore, at].map(Date.parse);
  if (time === undefined || from === undefined || to === undefined) return false;
  return time >= from - together && time <= to + together && isBy(by, override);
}

function isBy(by: Actor | null, { by: login, accountId }: Logged): boolean {
  if (by === null) return false;
  return accountId !== undefined && by.id !== "" ? accountId === by.id : login === by.login;
}

const described = ({
  system,
  systems,
  repository,
  override,
}: SeenOverride & Pick<Bypass, "systems">): Overrides[number] => ({
  system,
  ...(systems ? { systems } : {}),
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

/** Whether every log that may hold its entry was read whole over all the time in which that may stand. */
function isRead({ at, notBefore = at }: Pick<Bypass, "at" | "notBefore">, logs: readonly (readonly Time[])[] = []) {
  const [from, to] = [Date.parse(notBefore) - together, Date.parse(at) + together];
  return logs.length > 0 && logs.every((times) => times.some((time) => time.from <= from && to < time.to));
}

/** In milliseconds. */
interface Time {
  readonly from: number;
  readonly to: number;
}

/** When an audit log was read whole, times that touch as one. */
function readTimes({ intervals }: CoverageRow): readonly Time[] {
  const times = intervals
    .filter(({ status }) => status === "complete")
    .map(({ from, to }): Time => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((a, b) => a.from - b.from);
  const joined: Time[] = [];
  for (const { from, to } of times) {
    const last = joined.at(-1);
    if (last && from <= last.to) joined.splice(-1, 1, { from: last.from, to: Math.max(last.to, to) });
    else joined.push({ from, to });
  }
  return joined;
}

const logRows = (repository: string, coverage: readonly CoverageRow[]): readonly CoverageRow[] =>
  coverage.filter(
    ({ kind, system, repository: owner }) =>
      kind === "auditLog" && system === null && repository.startsWith(`${owner}/`),
  );

type Gaps = AssessmentResult["bypasses"]["observed"][number]["gaps"];

/** What of the period the audit log of a repository's owner was not read for; null where nobody asked for it. */
export function logGaps(
  repository: string,
  coverage: readonly CoverageRow[],
  period: { readonly from: string; readonly to: string },
): Gaps | null {
  const rows = logRows(repository, coverage);
  return rows.length === 0 ? null : rows.flatMap((row) => gapsOf(row, period));
}

/** What of the period was not read whole; all of it where nothing says what was. */
export function gapsOf(
  row: CoverageRow | undefined,
  { from, to }: { readonly from: string; readonly to: string },
): Gaps {
  if (!row || row.intervals.length === 0) return [{ from, to, reason: "not collected" }];
  return row.intervals
    .filter(({ status }) => status !== "complete")
    .map((gap) => ({ from: gap.from, to: gap.to, reason: gap.reason ?? "no reason recorded" }));
}
