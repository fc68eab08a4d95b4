import { z } from "zod";

const pageSchema = z.object({
  url: z.string(),
  etag: z.string(),
  next: z.string().nullable(),
});
export type PageSeen = z.infer<typeof pageSchema>;

/** Where the next collecting of a further stream starts. */
export const restCursorSchema = z.object({
  v: z.literal(1),
  /** How far back it was asked to reach when it began. */
  since: z.string(),
  /** Up to where the stream is covered without a gap. */
  reached: z.string().nullable(),
  /** The pages of each list as they were last read, by the list's name: unchanged, the source answers 304. */
  lists: z.record(z.string(), z.array(pageSchema)).default({}),
  /** Of a list that is read from its newest item down: the newest time, and the items read close to it. */
  top: z.string().nullable().default(null),
  recent: z.array(z.string()).default([]),
  /** What was learnt and need not be asked again, by its id. */
  known: z.record(z.string(), z.string()).default({}),
});
export type RestCursor = z.infer<typeof restCursorSchema>;

/** The cursor a stream begins with. */
export const beginOf = (since: string): RestCursor => ({
  v: 1,
  since,
  reached: null,
  lists: {},
  top: null,
  recent: [],
  known: {},
});
