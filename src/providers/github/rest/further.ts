import type { Batch, Cursor, Stream, StreamKind } from "../../../model/stream.ts";
import type { Session } from "../session.ts";
import { access } from "./access.ts";
import { alerts } from "./alerts.ts";
import { auditLog } from "./audit-log.ts";
import { branchActivity } from "./branch-activity.ts";
import { environments } from "./environments.ts";
import { pipelineRuns } from "./pipeline-runs.ts";
import { releases } from "./releases.ts";
import { ruleSuites } from "./rule-suites.ts";
import { ruleVersions } from "./rule-versions.ts";
import { readStream, type Shared, type Walk } from "./walk.ts";

const walks: Readonly<Partial<Record<StreamKind, Walk>>> = {
  branchActivity,
  ruleSuites,
  ruleVersions,
  environments,
  pipelineRuns,
  access,
  auditLog,
  releases,
  alerts,
};

/** Reads what REST alone tells of all repositories of one owner together. */
export async function* readOrganisation(
  session: Session,
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
): AsyncGenerator<Batch> {
  const shared: Shared = { session, place: { asked: false }, reviewed: {} };
  session.context.progress(`${session.owner}: what its audit log tells`);
  for (const stream of streams) yield* readStream(shared, stream, cursors.get(stream.id), walks[stream.kind] as Walk);
}

/** Reads what REST alone tells of one repository, stream by stream; `gaps` are the kinds that this run did not read whole. */
export async function* readFurther(
  session: Session,
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
  gaps: ReadonlyMap<StreamKind, string> = new Map(),
): AsyncGenerator<Batch> {
  const shared: Shared = { session, gaps, place: { asked: false }, reviewed: {} };
  const further = streams.filter((stream) => walks[stream.kind] !== undefined);
  if (further.length > 0) session.context.progress(`${session.owner}/${session.name}: what its settings and runs tell`);
  for (const stream of further) yield* readStream(shared, stream, cursors.get(stream.id), walks[stream.kind] as Walk);
}
