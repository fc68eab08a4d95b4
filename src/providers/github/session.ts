import type { Part, SourceRecord, Stream } from "../../model/stream.ts";
import type { ProviderContext } from "../provider.ts";
import type { Refusal } from "./ask-whole.ts";
import type { GitHub } from "./graphql-client.ts";

/** Collecting one repository. */
export interface Session {
  readonly github: GitHub;
  readonly context: ProviderContext;
  readonly owner: string;
  readonly name: string;
  /** The source's id of it: what the name must still stand for. */
  readonly repositoryId: string;
  /** Sections that were refused as such: not asked for again in this run. */
  readonly denied: Map<string, Refusal>;
  /** Commits whose authors were read in this run, by oid. */
  readonly authored: Set<string>;
  /** Slugs of the apps that checks named in this run, by id. */
  readonly apps: Map<string, string>;
}

/** What was read for a stream, its next cursor, and what is said at its end. */
export function partOf(
  stream: Stream,
  records: readonly SourceRecord[],
  more: Omit<Part, "stream" | "records"> = {},
): Part {
  return { stream, records, ...more };
}

/** The later of two instants, where there is one. */
export function latest(a: string | null | undefined, b: string | null | undefined): string | null {
  if (!a) return b ?? null;
  return b && b > a ? b : a;
}

export const secondsUtc = (time: string): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
