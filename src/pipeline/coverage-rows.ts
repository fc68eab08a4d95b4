import type { AssessmentResult, CoverageRow } from "../model/assessment.ts";
import { type Coverage, coreKinds, furtherKinds, streamKindSchema } from "../model/stream.ts";
import { commitStreams, deploymentStream, type ScopedRepository } from "../store/dossiers/index.ts";
import { forgottenFrom, type KeptDays, observedUntil } from "./kept-days.ts";
import { organisationStreamsOf } from "./streams.ts";

type Statement = Coverage & { readonly run: string };
type Interval = CoverageRow["intervals"][number];

/**
 * Per repository and stream, what of the period was observed, without a hole; a stream nobody collected is unobserved,
 * and one with a record that nobody could read is complete at no time. What only adds to the controls' evidence has a row
 * where anybody asked for it; what is kept for an owner's repositories together has one row without a system. The
 * commits and the rules of the branch where changes land come before those of the branches they are promoted through.
 */
export function coverageRows(
  repositories: readonly ScopedRepository[],
  said: readonly Statement[],
  totals: ReadonlyMap<string, { readonly stored: number; readonly sourceTotal: number | null }>,
  continuity: AssessmentResult["continuity"],
  period: { readonly from: string; readonly to: string },
  unreadable: (stream: string, repository?: ScopedRepository) => string | undefined,
  keptDays: KeptDays = () => undefined,
): readonly CoverageRow[] {
  const byStream = Map.groupBy(said, (statement) => statement.stream);
  const span = { from: period.from, to: period.to };
  const ofRepositories = repositories.flatMap((repository) =>
    [...coreKinds, ...furtherKinds.filter((kind) => byStream.has(`${repository.key}/${kind}`))].flatMap((kind) => {
      const named =
        kind === "commits"
          ? commitStreams((stream) => byStream.has(stream), repository)
          : [kind === "deployments" ? deploymentStream(repository) : `${repository.key}/${kind}`];
      // One look sees the rules of all branches; each branch's are told apart.
      const branches = kind === "protection" ? (repository.promotedThrough ?? []) : [];
      const streams = [
        ...named.map((stream) => ({ stream, read: stream, branch: repository.branch })),
        ...branches.map((branch) => ({
          stream: `${repository.key}/protection/${branch}`,
          read: `${repository.key}/protection`,
          branch,
        })),
      ];
      return streams.map(({ stream, read, branch }): CoverageRow => {
        const statements = byStream.get(read) ?? [];
        const unread = unreadable(read, repository);
        // A look at rules observes a moment; what it says of the time around it is continuity's to tell.
        const seen = kind === "protection" && statements.some((statement) => statement.status === "complete");
        const rules =
          seen &&
          continuity.find(
            (row) => row.system === repository.system && row.repository === repository.name && row.branch === branch,
          );
        const intervals = rules
          ? unread === undefined
            ? rules.intervals.map(intervalOfRules)
            : [{ ...span, status: "partial" as const, reason: unread }]
          : seen && stream !== read
            ? [{ ...span, status: "unobserved" as const, reason: `the rules of ${branch} were not read` }]
            : withUnread(clip(statements, period), unread);
        const total = totals.get(read);
        return {
          stream,
          source: repository.source,
          repository: repository.name,
          kind,
          system: repository.system,
          status: gravest(intervals),
          intervals,
          stored: total?.stored ?? 0,
          sourceTotal: total?.sourceTotal ?? null,
          ...keptOf(statements, keptDays(repository.source, kind)),
        };
      });
    }),
  );
  const ofOwners = [...organisationStreamsOf(repositories)].flatMap(([stream, owner]): CoverageRow[] => {
    const statements = byStream.get(stream);
    if (!statements) return [];
    const [source = "", , kind] = stream.split("/");
    const intervals = withUnread(clip(statements, period), unreadable(stream));
    const total = totals.get(stream);
    return [
      {
        stream,
        source,
        repository: owner,
        kind: streamKindSchema.parse(kind),
        system: null,
        status: gravest(intervals),
        intervals,
        stored: total?.stored ?? 0,
        sourceTotal: total?.sourceTotal ?? null,
        ...keptOf(statements, keptDays(source, streamKindSchema.parse(kind))),
      },
    ];
  });
  return [...ofRepositories, ...ofOwners];
}

/** Up to when the stream was observed, and when its source begins to forget what came after. */
function keptOf(statements: readonly Statement[], days: number | undefined): Pick<CoverageRow, "until" | "keptUntil"> {
  const until = observedUntil(statements);
  if (until === null) return { until };
  return { until, keptUntil: days === undefined ? null : forgottenFrom(until, days) };
}

/** What was read whole but for one record may miss what that record says, at any time. */
function withUnread(intervals: readonly Interval[], unread: string | undefined): Interval[] {
  if (unread === undefined) return [...intervals];
  return merge(
    intervals.map((interval) => {
      if (interval.status === "unobserved") return interval;
      const reasons = [interval.reason, unread].filter((reason) => reason !== null);
      return { ...interval, status: "partial", reason: reasons.join("; ") };
    }),
  );
}

function intervalOfRules({
  from,
  to,
  state,
  rules,
}: AssessmentResult["continuity"][number]["intervals"][number]): Interval {
  return state === "unobserved"
    ? { from, to, status: "unobserved", reason: rules }
    : { from, to, status: "complete", reason: null };
}

/** The state of every stretch of the period: complete where any run says so, else what the latest run says. */
function clip(
  statements: readonly Statement[],
  { from, to }: { readonly from: string; readonly to: string },
): Interval[] {
  const cuts = [...new Set([from, to, ...statements.flatMap((s) => [s.from, s.to])])]
    .filter((at) => at >= from && at <= to)
    .sort();
  const pieces = cuts.slice(0, -1).map((start, index): Interval => {
    const end = cuts[index + 1] ?? to;
    const over = statements.filter((s) => s.from <= start && s.to >= end);
    const said = over.find((s) => s.status === "complete") ?? over.at(-1);
    return said
      ? { from: start, to: end, status: said.status, reason: said.reason ?? null }
      : {
          from: start,
          to: end,
          status: "unobserved",
          reason: statements.length === 0 ? "not collected" : "no run looked at this time",
        };
  });
  return merge(pieces);
}

/** Neighbours of which the same is said become one. */
function merge(pieces: readonly Interval[]): Interval[] {
  return pieces.reduce<Interval[]>((merged, piece) => {
    const last = merged.at(-1);
    if (last && last.status === piece.status && last.reason === piece.reason)
      merged[merged.length - 1] = { ...last, to: piece.to };
    else merged.push(piece);
    return merged;
  }, []);
}

function gravest(intervals: readonly Interval[]): CoverageRow["status"] {
  if (intervals.every((interval) => interval.status === "complete") && intervals.length > 0) return "complete";
  if (intervals.every((interval) => interval.status === "unobserved")) return "unobserved";
  return "partial";
}
