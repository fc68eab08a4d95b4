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
  readonly denied: ReadonlyMap<string, Refusal>;
  /** Sections that answered, but not with all there is: not asked for in the next runs either. */
  readonly distrusted: ReadonlySet<string>;
  /** Leaves a section out from now on; what the server does not know, in every repository. */
  deny(section: string, refusal: Refusal): void;
  distrust(section: string, reason: string): void;
  /** Commits whose authors were read in this run, by oid. */
  readonly authored: Set<string>;
  /** Slugs of the apps that checks named in this run, by id. */
  readonly apps: Map<string, string>;
}

/** Begins with a repository of a source; `unknown` holds the sections that its server does not know. */
export function sessionOf(
  github: GitHub,
  context: ProviderContext,
  scopeName: string,
  repositoryId: string,
  unknown: Map<string, Refusal>,
): Session {
  const slash = scopeName.indexOf("/");
  const denied = new Map(unknown);
  const distrusted = new Set<string>();
  return {
    github,
    context,
    owner: scopeName.slice(0, slash),
    name: scopeName.slice(slash + 1),
    repositoryId,
    denied,
    distrusted,
    deny: (section, refusal) => {
      denied.set(section, refusal);
      if (refusal.everywhere) unknown.set(section, refusal);
    },
    distrust: (section, reason) => {
      distrusted.add(section);
      denied.set(section, { reason, entirely: true });
    },
    authored: new Set(),
    apps: new Map(),
  };
}

/** What was read for a stream, its next cursor, and what is said at its end. */
export function partOf(
  stream: Stream,
  records: readonly SourceRecord[],
  more: Omit<Part, "stream" | "records"> = {},
): Part {
  return { stream, records, ...more };
}

const lookBack = 7 * 24 * 3_600_000;

/** Whether a time lies so shortly before now that something may still come late. */
export const isRecent = (time: unknown, now: string): boolean => Date.parse(String(time)) > Date.parse(now) - lookBack;

/** The later of two instants, where there is one. */
export function latest(a: string | null | undefined, b: string | null | undefined): string | null {
  if (!a) return b ?? null;
  return b && b > a ? b : a;
}

// Every month has 28 days; what else there may be is left to Date.
const plainInstant = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** The instant in UTC to the second, as the model writes it. Throws RangeError where it is no time. */
export const secondsUtc = (time: string): string =>
  plainInstant.test(time) ? time : `${new Date(time).toISOString().slice(0, 19)}Z`;
