import type { Gaps } from "../../model/dossier.ts";
import type { Coverage, StreamKind } from "../../model/stream.ts";

type Statement = Coverage & { readonly run: string };

/** Answers, per stream, whether the evidence of an instant was seen whole. */
export interface CoverageIndex {
  /** The reason why a stream does not cover the instant; undefined where it does. */
  gapAt(stream: string, at: string): string | undefined;
  /** Every statement of a stream, oldest run first. */
  of(stream: string): readonly Statement[];
  /** Up to when the stream is known to be whole; undefined where it never was. */
  until(stream: string): string | undefined;
}

/** Indexes coverage by stream; statements come oldest run first. */
export function coverageIndex(statements: readonly Statement[]): CoverageIndex {
  const byStream = Map.groupBy(statements, (statement) => statement.stream);
  const of = (stream: string) => byStream.get(stream) ?? [];
  return {
    of,
    gapAt(stream, at) {
      const around = of(stream).filter((s) => s.from <= at && at <= s.to);
      if (around.some((s) => s.status === "complete")) return undefined;
      const latest = around.at(-1) ?? of(stream).findLast((s) => s.status !== "complete");
      if (latest) return latest.reason ?? `${latest.status} at ${at}`;
      return of(stream).length === 0 ? "this stream was not collected" : `nothing was observed at ${at}`;
    },
    until: (stream) =>
      of(stream).reduce<string | undefined>(
        (latest, s) => (s.status === "complete" && s.to > (latest ?? "") ? s.to : latest),
        undefined,
      ),
  };
}

/** The gaps of one item: streams that do not cover its instant, and counts that fall short of the source's own. */
export function itemGaps(
  coverage: CoverageIndex,
  repository: string,
  kinds: readonly StreamKind[],
  at: string,
  counted: readonly { kind: StreamKind; stored: number; total: number | null; what: string }[] = [],
): Gaps {
  const gaps: Partial<Record<StreamKind, string>> = {};
  for (const kind of kinds) {
    const gap = coverage.gapAt(`${repository}/${kind}`, at);
    if (gap !== undefined) gaps[kind] = gap;
  }
  for (const { kind, stored, total, what } of counted)
    if (total !== null && stored < total) gaps[kind] ??= `the source counts ${total} ${what}, ${stored} are stored`;
  return gaps;
}
