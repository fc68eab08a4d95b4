import type { Part, Stream } from "../../model/stream.ts";
import { type HistoryCursor, writeCursor } from "./cursors.ts";
import { partOf, type Session } from "./session.ts";
import type { Walk } from "./walk.ts";

/** Where a released branch stood at the source's time. */
export interface Head {
  readonly branch: string;
  readonly oid: string;
  readonly at: string;
  readonly seen: NonNullable<HistoryCursor["seen"]>;
}

/** A look at a branch's head. */
export type HeadWalk = Walk & { found(): Head | undefined };

/**
 * Looks where a branch stands; `found` is what it saw, and a branch that has not moved is covered by that alone. A
 * sighting that differs from the `last` one is a record of its own, also where the branch stood there before.
 */
export function headWalk(
  session: Session,
  stream: Stream,
  cursor: HistoryCursor | undefined,
  index: number,
  last: HistoryCursor["seen"],
): HeadWalk {
  const name = `head${index}`;
  let head: Head | undefined;
  let failure: { reason: string; at: string } | undefined;
  let asked = false;
  const unmoved = () =>
    head !== undefined &&
    head.oid === cursor?.head &&
    head.branch === cursor.branch &&
    cursor.walk === null &&
    cursor.pending.length === 0;
  return {
    name,
    operation: "Head",
    found: () => (unmoved() ? undefined : head),
    going: () => !asked,
    sections: () => [],
    ask: () =>
      stream.branch === undefined
        ? { field: `${name}: defaultBranchRef { name target { oid } }`, variables: {} }
        : {
            field: `${name}: ref(qualifiedName: $${name}) { name target { oid } }`,
            variables: { [name]: { type: "String!", value: `refs/heads/${stream.branch}` } },
          },
    take: (page, { serverTime }) => {
      asked = true;
      const ref = page as { name?: string; target?: { oid?: string } | null } | null | undefined;
      const oid = ref?.target?.oid;
      if (!ref?.name || !oid) {
        failure = {
          reason: `the source knows no branch ${stream.branch ?? "that is the default"} in ${session.owner}/${session.name}`,
          at: serverTime,
        };
        return [];
      }
      const where = `${ref.name}@${oid}`;
      const moved = last?.head !== where;
      const seen = moved ? { head: where, sighting: (last?.sighting ?? 0) + 1 } : last;
      head = { branch: ref.name, oid, at: serverTime, seen };
      const { sighting } = seen;
      const record =
        sighting === 1
          ? { kind: "branchHead", externalId: where, body: { branch: ref.name, oid } }
          : { kind: "branchHead", externalId: `${where}#${sighting}`, body: { branch: ref.name, oid, sighting } };
      const next: HistoryCursor = cursor ? { ...cursor, seen } : { ...startOf(stream, ref.name), seen };
      return [partOf(stream, moved ? [record] : [], { cursor: writeCursor(next) })];
    },
    async *settle() {},
    fail: (reason, at) => {
      asked = true;
      failure = { reason, at };
    },
    conclude: (): readonly Part[] => {
      const from = cursor?.reached ?? stream.since;
      if (failure) {
        const coverage = {
          status: "unobserved",
          from: from > failure.at ? failure.at : from,
          to: failure.at,
          reason: failure.reason,
        } as const;
        return [partOf(stream, [], { coverage })];
      }
      if (!head || !cursor || !unmoved()) return [];
      const to = head.at;
      return [
        partOf(stream, [], {
          cursor: writeCursor({ ...cursor, seen: head.seen, reached: to }),
          coverage: { status: "complete", from: from > to ? to : from, to },
        }),
      ];
    },
  };
}

/** The cursor of a branch of which nothing is known yet. */
export const startOf = (stream: Stream, branch: string): HistoryCursor => ({
  v: 1,
  since: stream.since,
  branch,
  reached: null,
  pending: [],
  head: null,
  whole: false,
  seen: null,
  walk: null,
});
