import type { Batch, Cursor, Stream, StreamKind } from "../../../model/stream.ts";
import { readCursor } from "../cursors.ts";
import { partOf } from "../session.ts";
import { namedRun } from "./approvals.ts";
import { beginOf, type RestCursor, restCursorSchema } from "./rest-cursor.ts";

/** Remembers, for the stream of pipeline runs, which runs deployed. */
export interface NotedRuns {
  /** The batch with the runs it shows in the cursor of their stream: stored together, an interruption forgets none. */
  noted(batch: Batch): Batch;
  /** The cursors, that one with what was noted. */
  cursors(): ReadonlyMap<string, Cursor>;
  /** The kinds of evidence that this run did not read whole, and why. */
  gaps(): ReadonlyMap<StreamKind, string>;
}

/** Notes what further streams need to know of the others: runs, for the stream of pipeline runs among these, and gaps. */
export function noteRuns(streams: readonly Stream[], stored: ReadonlyMap<string, Cursor>): NotedRuns {
  const stream = streams.find(({ kind }) => kind === "pipelineRuns");
  let current: RestCursor | undefined;
  const gaps = new Map<StreamKind, string>();
  return {
    noted: (batch) => {
      for (const { stream: of, coverage } of batch.parts)
        if (coverage && coverage.status !== "complete") gaps.set(of.kind, coverage.reason ?? coverage.status);
      if (!stream) return batch;
      const runs = runsNamed(batch);
      if (runs.length === 0) return batch;
      const before =
        current ?? readCursor(restCursorSchema, stored.get(stream.id), stream.since) ?? beginOf(stream.since);
      current = {
        ...before,
        known: { ...before.known, ...Object.fromEntries(runs.map((id) => [namedRun(id), "yes"])) },
      };
      return { ...batch, parts: [...batch.parts, partOf(stream, [], { cursor: JSON.stringify(current) })] };
    },
    gaps: () => gaps,
    cursors: () => (stream && current ? new Map([...stored, [stream.id, JSON.stringify(current)]]) : stored),
  };
}

/** The runs that a batch shows to have deployed: statuses name them as their log, or they are deployments themselves. */
function runsNamed({ parts }: Batch): readonly string[] {
  return parts.flatMap(({ records }) =>
    records.flatMap(({ kind, externalId, body }) => {
      if (kind === "workflowDeployment") return externalId;
      if (kind !== "deploymentStatus") return [];
      const { logUrl } = (body as { status?: { logUrl?: unknown } }).status ?? {};
      return /\/actions\/runs\/(\d+)/.exec(String(logUrl ?? ""))?.[1] ?? [];
    }),
  );
}
