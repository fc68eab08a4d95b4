import type { Batch, Coverage, Part, SourceRecord, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import type { Refusal, Section } from "./ask-whole.ts";
import { type ListCursor, writeCursor } from "./cursors.ts";
import { askByIds, askLists, type Gained, type IdJob, type Item, type ListJob } from "./follow-ups.ts";
import { begin, countOf, followUps, type Member, type State, startOf, watchAgain } from "./list-state.ts";
import { listPageSchema } from "./pages.ts";
import { latest, partOf, type Session, secondsUtc } from "./session.ts";
import type { Answer, Asking, Walk } from "./walk.ts";

/** A list that the source orders by a time, newest first, and the streams its pages serve. */
export interface ListOptions {
  readonly name: string;
  readonly operation: string;
  readonly members: readonly Member[];
  /** The kind that `totalCount` counts. */
  readonly counted: string;
  readonly sections: readonly Section[];
  field(kinds: readonly string[], without: ReadonlySet<string>): string;
  /** How many items a page has, and how many the lists in it, at each level; `beside` names the lists that share the request. */
  sizes(beside: readonly string[]): readonly (readonly [number, number])[];
  /** The time the list is ordered by. */
  timeOf(item: Item): string;
  gain(kind: string, item: Item, refused: Refusal | undefined, serverTime: string): Gained;
  readonly byIds: Readonly<Record<string, IdJob>>;
  readonly lists: Readonly<Record<string, ListJob>>;
  /** What the items say for another stream, which does not move by it. */
  readonly beside?: { readonly stream: Stream; records(item: Item): readonly SourceRecord[] };
  /** How a kind's watched items are asked again by their ids. */
  readonly watched: Readonly<Record<string, IdJob>>;
  /** Watched items that an answer showed at rest, as `<kind> <node id>`. */
  readonly atRest: ReadonlySet<string>;
  /** The list is known not to have moved: only what is watched is asked again. */
  readonly unmoved?: { readonly serverTime: string; readonly total: number };
}

/** How many known items are read again, for what changed in them without moving them. */
const lookBack = 20;
const settledKept = 400;
const gather = 100;

/** Walks such a list from its newest item down to what is known; an interrupted walk goes on, then the top is read again. */
export function listWalk(session: Session, options: ListOptions): Walk {
  const { name, unmoved } = options;
  const states: State[] = options.members.map((member) => ({
    ...member,
    now: begin(member),
    pages: 0,
    reasons: new Set<string>(),
    met: new Set<string>(),
    unasked: 0,
  }));
  const first = states[0] as State;
  let again = (first.now.walk?.after ?? null) !== null || first.now.walk?.ended === true;
  let known = first.cursor?.top ?? null;
  let knownMet = 0;
  let total = unmoved?.total;
  /** The list ended before it had given as many items as the source counts. */
  let short: string | undefined;
  /** Ids of this walk from the top; one that moved while it was walked counts once. */
  const given = new Set<string>();
  /** The source's time of the first page of the walk from the top. */
  let since = unmoved?.serverTime;
  let failed: string | undefined;
  let failedAt = "";
  let finished = unmoved !== undefined;
  let read = 0;
  const cursorsSeen = new Set<string>();

  const present = () => states.filter((state) => state.left === undefined);
  // All that are present stand at the same place.
  const lead = () => present()[0] ?? first;
  const walkOf = (state: State) => state.now.walk as NonNullable<ListCursor["walk"]>;
  /** Where items were withheld, the next walk must come by them again. */
  const topOf = (state: State) =>
    walkOf(state).withheld > 0 ? state.now.top : latest(walkOf(state).top, state.now.top);
  const restart = () => {
    for (const state of states) {
      const walk = walkOf(state);
      const top = topOf(state);
      state.now = {
        ...state.now,
        top,
        walk: { ...startOf(top ?? state.stream.since), count: walk.count },
      };
    }
    given.clear();
    known = lead().now.top;
    knownMet = 0;
    again = false;
    since = undefined;
    cursorsSeen.clear();
  };
  // It had ended when the run was interrupted.
  if (walkOf(first).ended) restart();

  const take = (page: unknown, answer: Answer): readonly Part[] => {
    const parsed = listPageSchema.safeParse(page);
    if (!parsed.success) throw new SourceError("unexpectedShape", `the source's page of ${name} has an unknown shape`);
    const { pageInfo, nodes, totalCount } = parsed.data;
    for (const state of present()) {
      const refusal = answer.refused.get(state.kind);
      if (refusal?.entirely) state.left = refusal.reason;
    }
    const before = walkOf(lead());
    if (before.after === null) {
      since ??= answer.serverTime;
      total = totalCount;
    }
    const items = nodes.filter((node) => node !== null);
    read += items.length;
    session.context.progress(`${session.owner}/${session.name}: ${read} of ${totalCount} ${name}`);
    const times = items.map((item) => secondsUtc(options.timeOf(item)));
    const oldest = times.at(-1);
    knownMet += times.filter((time) => known !== null && time <= known).length;
    const top = latest(before.top, times[0]);
    const end = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    const passed = oldest !== undefined && oldest < before.limit && (known === null || knownMet >= lookBack);
    const below = oldest !== undefined && oldest <= before.limit && knownMet >= lookBack;
    const over = !pageInfo.hasNextPage || passed || below;
    const stuck = !over && (end === null || end === before.after || cursorsSeen.has(end));
    if (end !== null) cursorsSeen.add(end);
    const withheld = nodes.length - items.length;
    const fresh = items.filter((item) => !given.has(String(item.id))).length;
    for (const item of items) given.add(String(item.id));
    const newer = times.filter((time) => time > before.limit).length;
    const all = before.given + fresh + withheld;
    const counts = {
      withheld: before.withheld + withheld,
      given: all,
      count: !pageInfo.hasNextPage ? all : before.count === null ? null : before.count + newer + withheld,
    };
    const parts = present().map((state) => {
      state.pages++;
      const refusal = answer.refused.get(state.kind);
      const gained = items.map((item) => options.gain(state.kind, item, refusal, answer.serverTime));
      const settled = new Set(state.now.settled.map(([, key]) => key));
      const open = new Set(state.now.pending.map((job) => job.key));
      const jobs = gained
        .flatMap((each) => each.jobs ?? [])
        .filter((job) => !settled.has(job.key) && !open.has(job.key));
      for (const item of items) state.met.add(String(item.id));
      const watched = items
        .filter((_, index) => gained[index]?.watch)
        .map((item): [string, string] => [secondsUtc(options.timeOf(item)), String(item.id)]);
      const seen = new Set(items.map((item) => String(item.id)));
      const walk = {
        ...walkOf(state),
        after: stuck ? before.after : (end ?? before.after),
        top,
        ended: over,
        ...counts,
      };
      state.now = {
        ...state.now,
        walk,
        whole: state.now.whole || !pageInfo.hasNextPage,
        apps: Object.fromEntries(session.apps),
        pending: [...state.now.pending, ...jobs],
        watch: [...state.now.watch.filter(([, id]) => !seen.has(id)), ...watched],
      };
      return partOf(
        state.stream,
        gained.flatMap((each) => each.records),
        { cursor: writeCursor(state.now) },
      );
    });
    if (stuck) {
      walk.fail("the source's cursor does not advance", answer.serverTime);
    } else if (over || present().length === 0) {
      if (again && present().length > 0) restart();
      else {
        finished = true;
        const { count } = counts;
        if (count !== null && total !== undefined && count < total)
          short = `the source counts ${total}, ${count} were given`;
      }
    }
    const { beside } = options;
    return beside && present().length > 0 ? [...parts, partOf(beside.stream, items.flatMap(beside.records))] : parts;
  };

  async function* settle(all: boolean): AsyncGenerator<Batch> {
    for (const state of present()) {
      if (failed !== undefined && state.pages === 0) continue;
      const follow = followUps(state);
      if (all) watchAgain(state);
      const byIds = {
        ...options.byIds,
        ...(options.watched[state.kind] ? { watch: options.watched[state.kind] } : {}),
      };
      async function* rest() {
        for (const [kind, how] of Object.entries(options.lists)) {
          if (all || countOf(state, kind) > 0) yield* askLists(session, follow, kind, how);
        }
      }
      yield* rest();
      for (const [kind, how] of Object.entries(byIds)) {
        if (how && (all || countOf(state, kind) >= Math.min(gather, how.most)))
          yield* askByIds(session, follow, kind, how);
      }
      // Answers by id may be longer than their page too.
      yield* rest();
    }
  }

  const conclude = (): readonly Part[] =>
    states.map((state) => {
      const from = state.cursor?.reached ?? state.stream.since;
      const to = since ?? failedAt;
      const why = state.left ?? failed;
      const coverage = (status: Coverage["status"], reasons: readonly string[]): Omit<Coverage, "stream"> => ({
        status,
        from: from > to ? to : from,
        to,
        ...(reasons.length > 0 ? { reason: reasons.join("; ") } : {}),
      });
      if (why !== undefined || !finished) {
        const anything = state.pages > 0 || (state.cursor?.walk?.after ?? null) !== null;
        return partOf(state.stream, [], {
          coverage: coverage(anything ? "partial" : "unobserved", [why ?? "not read to its end"]),
        });
      }
      const { withheld } = walkOf(state);
      const reasons = [...state.reasons];
      if (withheld > 0) reasons.push(`the source withheld ${withheld} of its items`);
      if (short !== undefined) reasons.push(short);
      if (state.unasked > 0)
        reasons.push(`${state.unasked} unfinished items of earlier runs were not asked again in this one`);
      if (state.now.pending.length > 0 && reasons.length === 0)
        reasons.push(`${state.now.pending.length} follow-up questions are still open`);
      const cursor: ListCursor = {
        ...state.now,
        top: short === undefined ? topOf(state) : null,
        walk: null,
        total: total ?? null,
        distrusted: [...session.distrusted],
        apps: Object.fromEntries(session.apps),
        reached: reasons.length > 0 ? (state.cursor?.reached ?? null) : to,
        settled: [...state.now.settled].sort((a, b) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : 0)).slice(0, settledKept),
        watch: state.now.watch.filter(([, id]) => !options.atRest.has(`${state.kind} ${id}`)),
      };
      return partOf(state.stream, [], {
        cursor: writeCursor(cursor),
        coverage: coverage(reasons.length > 0 ? "partial" : "complete", reasons),
        ...(state.kind === options.counted && cursor.whole && total !== undefined ? { total } : {}),
      });
    });

  const walk: Walk = {
    name,
    operation: options.operation,
    going: () => failed === undefined && !finished,
    sections: () => options.sections,
    ask: (without, level, beside): Asking => {
      const [page, inner] = options.sizes(beside)[level] as readonly [number, number];
      const kinds = present().map((state) => state.kind);
      return {
        field: options.field(kinds, without),
        variables: {
          [`${name}Page`]: { type: "Int!", value: page },
          [`${name}Inner`]: { type: "Int!", value: inner },
          [`${name}After`]: { type: "String", value: walkOf(lead()).after },
        },
      };
    },
    take,
    settle,
    fail: (reason, at) => {
      failed = reason;
      failedAt = at;
    },
    conclude,
  };
  return walk;
}
