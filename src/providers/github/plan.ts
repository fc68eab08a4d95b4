import type { Cursor, Part, Stream } from "../../model/stream.ts";
import { changeKinds } from "./change-query.ts";
import { type HistoryCursor, historyCursorSchema, listCursorSchema, readCursor } from "./cursors.ts";
import { type HeadWalk, headWalk } from "./head-walk.ts";
import type { Member } from "./list-state.ts";
import type { ListOptions } from "./list-walk.ts";
import type { Session } from "./session.ts";

/** One released branch: where its stream stands, and the look at its head. */
export interface Branch {
  readonly stream: Stream;
  readonly cursor: HistoryCursor | undefined;
  readonly index: number;
  readonly head: HeadWalk;
}

/** What is to be read of one repository, and what a glance already showed. */
export interface Plan {
  readonly session: Session;
  readonly streams: readonly Stream[];
  /** The streams of the pages of changes, together where they stand at the same place. */
  readonly members: readonly Member[];
  readonly groups: readonly (readonly Member[])[];
  readonly deployments: Member | undefined;
  readonly branches: readonly Branch[];
  readonly snapshots: readonly Stream[];
  /** Lists that have not moved since the last run. */
  unmoved: { readonly changes?: ListOptions["unmoved"]; readonly deployments?: ListOptions["unmoved"] };
  /** Commits, changes and deployments need no further request. */
  done: boolean;
  /** Settings and rules that are as they were. */
  readonly sameSnapshots: Map<string, Part>;
}

/** Sorts a repository's streams by how they are read. */
export function planOf(session: Session, streams: readonly Stream[], cursors: ReadonlyMap<string, Cursor>): Plan {
  const member = (stream: Stream): Member => ({
    kind: stream.kind,
    stream,
    cursor: readCursor(listCursorSchema, cursors.get(stream.id), stream.since),
  });
  const members = streams.filter(({ kind }) => (changeKinds as readonly string[]).includes(kind)).map(member);
  return {
    session,
    streams,
    members,
    groups: groups(members),
    deployments: streams.filter(({ kind, workflow }) => kind === "deployments" && !workflow).map(member)[0],
    branches: streams
      .filter(({ kind }) => kind === "commits")
      .map((stream, index) => {
        const cursor = readCursor(historyCursorSchema, cursors.get(stream.id), stream.since);
        // What was seen last holds for every horizon.
        const last = readCursor(historyCursorSchema, cursors.get(stream.id), "9999")?.seen ?? null;
        return { stream, cursor, index, head: headWalk(session, stream, cursor, index, last) };
      }),
    snapshots: streams.filter(({ kind }) => kind === "repository" || kind === "protection"),
    unmoved: {},
    done: false,
    sameSnapshots: new Map(),
  };
}

/** Kinds that stand at the same place of the list walk it together; one switched on later catches up by itself. */
function groups(members: readonly Member[]): readonly (readonly Member[])[] {
  const place = ({ cursor, stream }: Member) => JSON.stringify(cursor ? [cursor.top, cursor.walk] : stream.since);
  return [...Map.groupBy(members, place).values()].sort((a, b) => b.length - a.length);
}
