import type { Batch, Coverage, Cursor, Exchange, SourceRecord, Stream, StreamKind } from "../../../model/stream.ts";
import { instant } from "../../../util/clock.ts";
import { readCursor } from "../cursors.ts";
import { partOf, type Session } from "../session.ts";
import { beginOf, type RestCursor, restCursorSchema } from "./rest-cursor.ts";

/** One exchange and what it gave. */
export interface Gained {
  readonly exchange: Exchange;
  readonly records: readonly SourceRecord[];
}

/** How a stream's turn ended. */
export interface Outcome {
  /** Records that rest on several exchanges, stored with the last. */
  readonly records?: readonly SourceRecord[];
  /** What stays unread, and why. */
  readonly reasons: readonly string[];
  /** Nothing of it could be read. */
  readonly nothing?: boolean;
  /** The source keeps nothing that is older. */
  readonly horizon?: { readonly days: number; readonly reason: string };
  /** What was not asked, as nothing can be there: said beside what is whole. */
  readonly aside?: string;
  /** How many objects the source counts, where it says of all that the stream covers. */
  readonly total?: number;
}

/** What is known of one repository while its further streams are read. */
export interface Shared {
  readonly session: Session;
  /** The kinds of evidence that this run did not read whole, and why. */
  readonly gaps?: ReadonlyMap<StreamKind, string>;
  readonly place: Place;
  /** Whether any environment names reviewers or ever did; undefined where nobody looked. */
  readonly reviewed: { current?: boolean };
}

/** What stands at the repository's address, once it was asked. */
export interface Place {
  asked: boolean;
  /** Undefined where nothing does. */
  found?: { readonly id: string; readonly defaultBranch: string | null } | undefined;
}

/** One further stream while it is read; `next` is the cursor it ends with. */
export interface Reading extends Shared {
  readonly stream: Stream;
  readonly cursor: RestCursor | undefined;
  readonly next: RestCursor;
  /** Values of every path: owner and repo. */
  readonly values: { readonly owner: string; readonly repo: string };
}

/** Reads one kind of stream: at least one exchange. */
export type Walk = (reading: Reading) => AsyncGenerator<Gained, Outcome>;

/** Reads a stream to its end and says what it covers; what fails ends in coverage. */
export async function* readStream(
  shared: Shared,
  stream: Stream,
  stored: Cursor | undefined,
  walk: Walk,
): AsyncGenerator<Batch> {
  const cursor = readCursor(restCursorSchema, stored, stream.since);
  const next: RestCursor = cursor
    ? { ...cursor, lists: { ...cursor.lists }, known: { ...cursor.known } }
    : beginOf(stream.since);
  const { owner, name } = shared.session;
  const reading: Reading = { ...shared, stream, cursor, next, values: { owner, repo: name } };
  const steps = walk(reading);
  let held: Gained | undefined;
  for (;;) {
    const step = await steps.next();
    if (!step.done) {
      if (held) yield { exchange: held.exchange, parts: [partOf(stream, held.records)] };
      held = step.value;
      continue;
    }
    if (held) yield concluded(reading, held, step.value);
    return;
  }
}

function concluded({ stream, cursor, next }: Reading, last: Gained, outcome: Outcome): Batch {
  const { exchange } = last;
  const to = exchange.serverTime;
  const start = cursor?.reached ?? stream.since;
  const from = start > to ? to : start;
  const whole = outcome.reasons.length === 0;
  const records = [...last.records, ...(outcome.records ?? [])];
  const { horizon } = outcome;
  const status = whole ? "complete" : outcome.nothing === true ? "unobserved" : "partial";
  const reasons = [...new Set(outcome.reasons), ...(outcome.aside === undefined ? [] : [outcome.aside])];
  const reason = reasons.length === 0 ? {} : { reason: reasons.join("; ") };
  const said = (at: string): Omit<Coverage, "stream"> => ({ status, from: at, to, ...reason });
  const kept = {
    cursor: JSON.stringify({ ...next, reached: whole ? to : (cursor?.reached ?? null) }),
    ...(outcome.total === undefined ? {} : { total: outcome.total }),
  };
  const oldest = horizon && instant(new Date(Date.parse(to) - horizon.days * 86_400_000));
  if (!oldest || oldest <= from || outcome.nothing === true)
    return { exchange, parts: [partOf(stream, records, { ...kept, coverage: said(from) })] };
  const lost = { status: "unobserved", from, to: oldest, reason: horizon.reason } as const;
  return {
    exchange,
    parts: [partOf(stream, records, { ...kept, coverage: said(oldest) }), partOf(stream, [], { coverage: lost })],
  };
}
