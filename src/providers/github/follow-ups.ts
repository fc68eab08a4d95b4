import type { Batch, Part, SourceRecord } from "../../model/stream.ts";
import { isRefusal } from "./answers.ts";
import { askWhole, sizing } from "./ask-whole.ts";
import type { Job } from "./cursors.ts";
import * as text from "./fragments.ts";
import type { Nested } from "./pages.ts";
import type { Session } from "./session.ts";

/** A node as the source gave it. */
export type Item = Readonly<Record<string, unknown>>;

/** What one item gave to one stream. */
export interface Gained {
  readonly records: readonly SourceRecord[];
  readonly jobs?: readonly Job[];
  /** It may still change without moving in the list. */
  readonly watch?: boolean;
}

/** Jobs asked by node ids, many in a request. */
export interface IdJob {
  readonly operation: string;
  /** What is asked of each node. */
  readonly fields: string;
  /** How many ids go into a request. */
  readonly most: number;
  records(node: Item, job: Job, serverTime: string): readonly SourceRecord[];
  /** What a node leaves open. */
  jobs?(node: Item): readonly Job[];
}

/** A list within one node, asked page by page from where the page before it ended. */
export interface ListJob {
  readonly operation: string;
  fields(first: string, after: string): string;
  /** The connection within the node; undefined where the source gave none. */
  connection(node: Item): Nested | undefined;
  gain(items: readonly Item[], job: Job, offset: number, node: Item): Gained;
  /** Makes one record of those of all pages, where only all together make sense. */
  readonly merge?: (records: readonly SourceRecord[]) => readonly SourceRecord[];
}

/** A stream's open jobs: `done` removes one, `part` makes what is stored with the cursor as it now is. */
export interface FollowUps {
  readonly jobs: () => readonly Job[];
  readonly done: (jobs: readonly Job[]) => void;
  readonly add: (jobs: readonly Job[]) => void;
  readonly advance: (job: Job, after: string, offset: number) => void;
  readonly unread: (reason: string) => void;
  readonly part: (records: readonly SourceRecord[]) => Part;
}

/** Does the jobs of one kind that are asked by ids; those that fail stay open, with the reason said. */
export async function* askByIds(session: Session, follow: FollowUps, kind: string, how: IdJob): AsyncGenerator<Batch> {
  const query = `query ${how.operation}($ids: [ID!]!) { nodes(ids: $ids) { id ${how.fields} } ${text.price} }`;
  const queue = follow.jobs().filter((job) => job.do === kind);
  let size = how.most;
  while (queue.length > 0) {
    const chunk = queue.slice(0, size);
    const question = { name: how.operation, text: query, variables: { ids: chunk.map((job) => job.id) } };
    const asked = await session.github.ask(question, size === 1 ? 5 : 2);
    if (asked.ok) {
      const nodes = asked.data.nodes as readonly (Item | null)[];
      const read = chunk.flatMap((job, index) => (nodes[index] ? [{ job, node: nodes[index] }] : []));
      if (read.length < chunk.length)
        follow.unread(`${how.operation}: the source answered null for ${chunk.length - read.length} items`);
      queue.splice(0, chunk.length);
      const records = read.flatMap(({ job, node }) => how.records(node, job, asked.exchange.serverTime));
      follow.done(read.map(({ job }) => job));
      follow.add(read.flatMap(({ node }) => how.jobs?.(node) ?? []));
      yield { exchange: asked.exchange, parts: [follow.part(records)] };
      continue;
    }
    const { failure } = asked;
    const lost = failure.errors
      .filter((error) => isRefusal(error) || error.type === "NOT_FOUND")
      .map((error) => error.path?.[1]);
    const out = new Set(lost.filter((index) => typeof index === "number"));
    if (out.size === 0 && failure.smaller && size > 1) {
      size = Math.ceil(size / 5);
      continue;
    }
    follow.unread(`${how.operation}: ${failure.message}`);
    yield { exchange: asked.exchange, parts: [] };
    if (failure.errors.length === 0) return;
    const failed = new Set(out.size > 0 ? chunk.filter((_, index) => out.has(index)) : chunk);
    for (let at = queue.length - 1; at >= 0; at--) if (failed.has(queue[at] as Job)) queue.splice(at, 1);
  }
}

/** Reads lists that are longer than their page to the end; those that fail stay open, with the reason said. */
export async function* askLists(
  session: Session,
  follow: FollowUps,
  kind: string,
  how: ListJob,
): AsyncGenerator<Batch> {
  for (const job of follow.jobs().filter((each) => each.do === kind)) {
    const size = sizing(4);
    const kept: SourceRecord[] = [];
    let [after, offset] = how.merge ? [null, 0] : [job.after, job.offset];
    for (;;) {
      const whole = await askWhole(session.github, [], size, (_without, level) => ({
        name: how.operation,
        text: `query ${how.operation}($id: ID!, $first: Int!, $after: String) { node(id: $id) { id ${how.fields("$first", ", after: $after")} } ${text.price} }`,
        variables: { id: job.id, first: [100, 25, 5, 1][level], after },
      }));
      const { exchange } = whole;
      const node = whole.ok ? (whole.data.node as Item | null) : null;
      const connection = node ? how.connection(node) : undefined;
      const next = connection?.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null;
      const stuck = connection?.pageInfo.hasNextPage === true && (next === null || next === after);
      if (!whole.ok || !node || !connection || stuck) {
        const why = whole.ok
          ? stuck
            ? "the source's cursor does not advance"
            : "the source answered null"
          : whole.failure.message;
        follow.unread(`${how.operation} of ${job.of}: ${why}`);
        yield { exchange, parts: [] };
        if (!whole.ok && whole.failure.errors.length === 0) return;
        break;
      }
      const { records, jobs = [] } = how.gain(
        connection.nodes.filter((item) => item !== null),
        job,
        offset,
        node,
      );
      kept.push(...records);
      follow.add(jobs);
      offset += connection.nodes.length;
      after = next;
      if (next === null) follow.done([job]);
      else if (!how.merge) follow.advance(job, next, offset);
      const given = how.merge ? (next === null ? how.merge(kept) : []) : records;
      yield { exchange, parts: [follow.part(given)] };
      if (next === null) break;
    }
  }
}
