import type { Batch, Cursor, Part, SourceRecord, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import type { ProviderContext } from "../provider.ts";
import { changeKinds } from "./change-query.ts";
import { changeWalk } from "./change-walk.ts";
import { historyCursorSchema, listCursorSchema, readCursor } from "./cursors.ts";
import { deploymentWalk } from "./deployment-walk.ts";
import { connect, type GitHub } from "./graphql-client.ts";
import { headWalk } from "./head-walk.ts";
import { historyWalk } from "./history-walk.ts";
import type { Member } from "./list-state.ts";
import { normalize } from "./normalize.ts";
import type { Session } from "./session.ts";
import { snapshot } from "./snapshot.ts";
import { walkTogether } from "./walk.ts";

/** Collects the streams, one repository after the other; what fails ends in coverage with its reason. */
export async function* collect(
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
  context: ProviderContext,
): AsyncGenerator<Batch> {
  const github = connect(context);
  try {
    for (const [scopeId, own] of Map.groupBy(streams, (stream) => stream.scopeId)) {
      const broken = new Map<string, string>();
      for await (const batch of collectRepository(github, context, scopeId, own, cursors)) yield held(batch, broken);
    }
  } finally {
    await github.close();
  }
}

async function* collectRepository(
  github: GitHub,
  context: ProviderContext,
  repositoryId: string,
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
): AsyncGenerator<Batch> {
  const scopeName = streams[0]?.scopeName ?? "";
  const slash = scopeName.indexOf("/");
  const session: Session = {
    github,
    context,
    owner: scopeName.slice(0, slash),
    name: scopeName.slice(slash + 1),
    repositoryId,
    denied: new Map(),
    authored: new Set(),
    apps: new Map(),
  };
  const list = (stream: Stream): Member => ({
    kind: stream.kind,
    stream,
    cursor: readCursor(listCursorSchema, cursors.get(stream.id), stream.since),
  });
  const branches = streams
    .filter((stream) => stream.kind === "commits")
    .map((stream, index) => {
      const cursor = readCursor(historyCursorSchema, cursors.get(stream.id), stream.since);
      // What was seen last holds for every horizon.
      const last = readCursor(historyCursorSchema, cursors.get(stream.id), "9999")?.seen ?? null;
      return { stream, cursor, head: headWalk(session, stream, cursor, index, last) };
    });
  const members = streams.filter((stream) => (changeKinds as readonly string[]).includes(stream.kind)).map(list);
  const [together, ...apart] = groups(members);
  const deployments = streams
    .filter((stream) => stream.kind === "deployments")
    .map((stream) => deploymentWalk(session, list(stream)));
  // The heads are looked up first, so that every commit of the line is older than the changes read after it.
  yield* walkTogether(session, [
    ...(together ? [changeWalk(session, together, members)] : []),
    ...deployments,
    ...branches.map(({ head }) => head),
  ]);
  for (const group of apart) yield* walkTogether(session, [changeWalk(session, group, members)]);
  for (const { stream, cursor, head } of branches) {
    const found = head.found();
    if (!found) continue;
    context.progress(`${scopeName}: commits of ${found.branch}`);
    yield* walkTogether(session, [
      historyWalk(session, stream, cursor?.branch === found.branch ? cursor : undefined, found),
    ]);
  }
  yield* snapshot(
    session,
    streams.filter((stream) => stream.kind === "repository" || stream.kind === "protection"),
    cursors,
  );
}

/** Kinds that stand at the same place of the list walk it together; one switched on later catches up by itself. */
function groups(members: readonly Member[]): readonly (readonly Member[])[] {
  const place = ({ cursor, stream }: Member) => JSON.stringify(cursor ? [cursor.top, cursor.walk] : stream.since);
  return [...Map.groupBy(members, place).values()].sort((a, b) => b.length - a.length);
}

/** Holds the cursor of a stream with a record that cannot be read: it is kept as it came, and read again next time. */
function held(batch: Batch, broken: Map<string, string>): Batch {
  const parts = batch.parts.map((part): Part => {
    for (const record of part.records) {
      const reason = unreadable(record, part.stream, batch.exchange.serverTime);
      if (reason !== undefined) broken.set(part.stream.id, reason);
    }
    const reason = broken.get(part.stream.id);
    if (reason === undefined) return part;
    const { cursor: _cursor, coverage, ...rest } = part;
    const status = coverage?.status === "unobserved" ? "unobserved" : "partial";
    return { ...rest, ...(coverage ? { coverage: { ...coverage, status, reason } } : {}) };
  });
  return { ...batch, parts };
}

function unreadable(record: SourceRecord, stream: Stream, fetchedAt: string): string | undefined {
  const { id, source, scopeId, kind } = stream;
  try {
    normalize({ ...record, id: 1, stream: id, source, scopeId, streamKind: kind, fetchedAt, run: "" });
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return error.message;
  }
}
