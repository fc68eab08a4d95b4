import { z } from "zod";
import type { Cursor } from "../../model/stream.ts";

/** Something still to be asked: the section of a node from `after` on, or events and authors by node ids. */
export const jobSchema = z.object({
  /** The name of what is to be asked, such as `reviews`, `events`, `authors` or `statuses`. */
  do: z.string(),
  /** Node id. */
  id: z.string(),
  /** Number of the change, oid of the commit, id of the deployment. */
  of: z.union([z.number(), z.string()]),
  after: z.string().nullable().default(null),
  /** How many items came before `after`. */
  offset: z.number().default(0),
  /** What is settled once it is done, and the time of the item it belongs to. */
  key: z.string(),
  at: z.string(),
});
export type Job = z.infer<typeof jobSchema>;

const walkSchema = z.object({
  after: z.string().nullable(),
  /** The newest time at its start, where the next walk will stop. */
  top: z.string().nullable(),
  /** Items older than this are known. */
  limit: z.string(),
  /** It went over the last page. */
  ended: z.boolean().default(false),
  /** How many items of its pages the source withheld: what they are is not known, so the next walk goes as far down. */
  withheld: z.number().default(0),
  /** How many items it was given, those withheld included. */
  given: z.number().default(0),
  /** How many that is of the whole list, where this walk or the interrupted one it follows went to its end. */
  count: z.number().nullable().default(null),
});

const base = {
  v: z.literal(1),
  /** How far back it was asked to reach when it began. */
  since: z.string().default(""),
  /** Up to where the stream is covered without a gap. */
  reached: z.string().nullable(),
  pending: z.array(jobSchema).default([]),
};

/** The cursor of a list that is walked from its newest item down. */
export const listCursorSchema = z.object({
  ...base,
  top: z.string().nullable(),
  /** A walk went to the list's end, so stored and counted can be compared. */
  whole: z.boolean().default(false),
  walk: walkSchema.nullable().default(null),
  /** How many items the source counted at the last walk's end. */
  total: z.number().nullable().default(null),
  /** Slugs of the apps that the items named, by id: rules name apps by their ids only. */
  apps: z.record(z.string(), z.string()).default({}),
  /** Sections that did not answer with all there is. */
  distrusted: z.array(z.string()).default([]),
  /** Follow-ups that need not be asked again, with the time of their item: `[time, key]`. */
  settled: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** Items that still change without moving in the list: asked again in the next run. */
  watch: z.array(z.tuple([z.string(), z.string()])).default([]),
});
export type ListCursor = z.infer<typeof listCursorSchema>;

export const historyCursorSchema = z.object({
  ...base,
  /** The branch that was walked. */
  branch: z.string().nullable().default(null),
  /** The head up to which all is known. */
  head: z.string().nullable(),
  whole: z.boolean().default(false),
  /** The head seen last, as `branch@oid`, and how many sightings differed from the one before. */
  seen: z.object({ head: z.string(), sighting: z.number() }).nullable().default(null),
  walk: z
    .object({
      head: z.string(),
      after: z.string().nullable(),
      /** The next commit of the first-parent line. */
      next: z.string().nullable(),
      /** Parents not met yet, by whether they are below what was known. */
      open: z.array(z.string()),
      known: z.array(z.string()),
      /** The known head was met on the line. */
      met: z.boolean(),
      ended: z.boolean(),
      /** The source withheld commits of its pages. */
      withheld: z.boolean().default(false),
    })
    .nullable()
    .default(null),
});
export type HistoryCursor = z.infer<typeof historyCursorSchema>;

export const snapshotCursorSchema = z.object({
  ...base,
  /** Slugs of apps by their id, as checks have named them. */
  apps: z.record(z.string(), z.string()).default({}),
  /** How a glance recognises that nothing is other than it was, and what was said of the stream then. */
  glance: z
    .object({
      digest: z.string(),
      /** The rule sets that were seen, to be asked by their ids. */
      rulesets: z.array(z.number()).default([]),
      /** Whether their number is asked too, since their absence is what was seen. */
      counted: z.boolean().default(false),
      status: z.enum(["complete", "partial"]),
      reason: z.string().nullable(),
    })
    .nullable()
    .default(null),
});
export type SnapshotCursor = z.infer<typeof snapshotCursorSchema>;

/** Reads a cursor; one of another version, or of a later horizon, counts as none: that collects anew and stores nothing twice. */
export function readCursor<T extends { since: string }>(
  schema: z.ZodType<T>,
  cursor: Cursor | undefined,
  since: string,
): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    const read = schema.parse(JSON.parse(cursor));
    return read.since <= since ? read : undefined;
  } catch {
    return undefined;
  }
}

export const writeCursor = (cursor: ListCursor | HistoryCursor | SnapshotCursor): Cursor => JSON.stringify(cursor);
