import type { Gaps } from "../../model/dossier.ts";
import type { Seen, Unreadable } from "../../model/entity.ts";
import type { Coverage, StreamKind } from "../../model/stream.ts";
import type { ScopedRepository } from "./scope.ts";

type Statement = Coverage & { readonly run: string };

/** Answers, per stream, whether the evidence of an instant was seen whole. */
export interface CoverageIndex {
  /** The reason why a stream does not cover the instant; undefined where it does. */
  gapAt(stream: string, at: string): string | undefined;
  /** The reason why a stream that is read does not hold all of the instant; undefined where it does, or nobody looked then. */
  shortAt(stream: string, at: string): string | undefined;
  /** Which record of the stream nobody could read, and why; undefined where all can be read. */
  unreadable(stream: string): string | undefined;
  /** Every statement of a stream, oldest run first. */
  of(stream: string): readonly Statement[];
  /** Up to when the stream was fetched whole, readable or not; undefined where it never was. */
  until(stream: string): string | undefined;
}

/** Indexes coverage by stream, with what of it could not be read; statements come oldest run first. */
export function coverageIndex(
  statements: readonly Statement[],
  unread: readonly Seen<Unreadable>[] = [],
): CoverageIndex {
  const unreadBy = new Map([...Map.groupBy(unread, ({ stream }) => stream)].map(([id, some]) => [id, sentence(some)]));
  const unreadable = (stream: string) => unreadBy.get(stream);
  const byStream = Map.groupBy(statements, (statement) => statement.stream);
  const of = (stream: string) => byStream.get(stream) ?? [];
  return {
    of,
    unreadable,
    gapAt(stream, at) {
      // What it says is unknown, so nobody knows which item it is about, or of which time.
      const unknown = unreadable(stream);
      if (unknown !== undefined) return unknown;
      const around = of(stream).filter((s) => s.from <= at && at <= s.to);
      if (around.some((s) => s.status === "complete")) return undefined;
      const latest = around.at(-1) ?? of(stream).findLast((s) => s.status !== "complete");
      if (latest) return latest.reason ?? `${latest.status} at ${at}`;
      return of(stream).length === 0 ? "this stream was not collected" : `nothing was observed at ${at}`;
    },
    shortAt(stream, at) {
      const around = of(stream).filter((s) => s.from <= at && at <= s.to);
      const latest = around.at(-1);
      if (around.some((s) => s.status === "complete") || latest?.status !== "partial") return unreadable(stream);
      return unreadable(stream) ?? latest.reason ?? `partial at ${at}`;
    },
    until: (stream) =>
      of(stream).reduce<string | undefined>(
        (latest, s) => (s.status === "complete" && s.to > (latest ?? "") ? s.to : latest),
        undefined,
      ),
  };
}

function sentence(unread: readonly Seen<Unreadable>[]): string | undefined {
  const [first, ...others] = [...unread].sort((a, b) => a.record - b.record);
  if (!first) return undefined;
  const more = others.length > 0 ? ` (and ${others.length} more of this stream)` : "";
  return `record r${first.record} (${first.kind} ${first.externalId}) could not be read: ${first.reason}${more}`;
}

/** The streams with the commits a repository's deliveries rest on: its released branch's first, then of those a change is promoted through. */
export function commitStreams(
  said: (stream: string) => boolean,
  { key, branch, promotedThrough = [] }: Pick<ScopedRepository, "key" | "branch" | "promotedThrough">,
): readonly [string, ...string[]] {
  // A branch without a stream of its own is the one that the stream without a suffix follows.
  const streamOf = (name: string) => (said(`${key}/commits/${name}`) ? `${key}/commits/${name}` : `${key}/commits`);
  const line = streamOf(branch);
  return [line, ...new Set(promotedThrough.map(streamOf).filter((stream) => stream !== line))];
}

/** The stream that a repository's deliveries are read from. */
export const deploymentStream = ({ key, deployments }: Pick<ScopedRepository, "key" | "deployments">): string =>
  deployments ?? `${key}/deployments`;

/** The gaps of one item: streams that do not cover its instant, and counts that fall short of the source's own. */
export function itemGaps(
  coverage: CoverageIndex,
  repository: ScopedRepository,
  kinds: readonly StreamKind[],
  at: string,
  counted: readonly { kind: StreamKind; stored: number; total: number | null; what: string }[] = [],
): Gaps {
  const gaps: Partial<Record<StreamKind, string>> = {};
  const [lineStream] = commitStreams((stream) => coverage.of(stream).length > 0, repository);
  const streamOf = (kind: StreamKind) =>
    kind === "commits"
      ? lineStream
      : kind === "deployments"
        ? deploymentStream(repository)
        : `${repository.key}/${kind}`;
  for (const kind of kinds) {
    const gap = coverage.gapAt(streamOf(kind), at);
    if (gap !== undefined) gaps[kind] = gap;
  }
  for (const { kind, stored, total, what } of counted)
    if (total !== null && stored < total) gaps[kind] ??= `the source counts ${total} ${what}, ${stored} are stored`;
  return gaps;
}

/** Streams each of whose records stands for itself: what of them was read is whole, whatever else a right is missing for. */
const standAlone: readonly StreamKind[] = ["access", "pipelineRuns", "releases"];

/**
 * The gaps of what a source may keep beyond the change itself: it adds to what an item shows where it is read, so only
 * what was read in part is missing. A right that nobody has leaves the item judged as it is without.
 */
export function furtherGaps(
  coverage: CoverageIndex,
  repository: ScopedRepository,
  kinds: readonly StreamKind[],
  at: string,
): Gaps {
  const shortOf = (kind: StreamKind) => {
    const stream = `${repository.key}/${kind}`;
    return standAlone.includes(kind) ? coverage.unreadable(stream) : coverage.shortAt(stream, at);
  };
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const short = shortOf(kind);
      return short === undefined ? [] : [[kind, short] as const];
    }),
  );
}
