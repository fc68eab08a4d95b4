import type { Batch, Exchange, Part } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { askWhole, type Refusal, type Section, sizing } from "./ask-whole.ts";
import * as text from "./fragments.ts";
import type { Session } from "./session.ts";

/** A page's share of a query: a field of the repository and the variables it uses. */
export interface Asking {
  readonly field: string;
  readonly variables: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
}

/** What came with a page. */
export interface Answer {
  readonly serverTime: string;
  readonly refused: ReadonlyMap<string, Refusal>;
}

/** Reads one list of a repository page by page; several share their requests. */
export interface Walk {
  /** The name of its field in the answer. */
  readonly name: string;
  /** The operation's name when it asks alone or first. */
  readonly operation: string;
  going(): boolean;
  sections(): readonly Section[];
  /** `level` is 0 for a normal page and grows as pages must be smaller; `beside` names the walks that share the request. */
  ask(without: ReadonlySet<string>, level: number, beside: readonly string[]): Asking;
  /** Takes a page; throws SourceError where it cannot be read. */
  take(page: unknown, answer: Answer): readonly Part[];
  /** Asks what the pages left open: when enough has gathered, or all of it. */
  settle(all: boolean): AsyncGenerator<Batch>;
  /** Nothing more can be read in this run. */
  fail(reason: string, at: string): void;
  /** What is said of its streams when their turn is over. */
  conclude(): readonly Part[];
}

const levels = 6;

/**
 * Walks the lists together, as many of them in one request as are still going; `next` gives what joins them after a
 * request. The last batch says how far each came.
 */
export async function* walkTogether(
  session: Session,
  first: readonly Walk[],
  next: () => readonly Walk[] = () => [],
): AsyncGenerator<Batch> {
  const walks = [...first, ...next()];
  const size = sizing(levels);
  // One batch is held back, so that the conclusion is stored together with the last one.
  let held: Batch | undefined;
  function* give(batch: Batch): Generator<Batch> {
    if (held) yield held;
    held = batch;
  }
  for (
    let going = walks.filter((walk) => walk.going());
    going.length > 0;
    going = walks.filter((walk) => walk.going())
  ) {
    const sections = going.flatMap((walk) => [...walk.sections(), { name: walk.name, keys: [walk.name] }]);
    const whole = await askWhole(
      session.github,
      sections,
      size,
      (without, level) => questionOf(session, going, without, level),
      session.denied,
    );
    const { exchange, refused } = whole;
    const lists = new Set(walks.map((walk) => walk.name));
    for (const [name, refusal] of refused) if (refusal.entirely && !lists.has(name)) session.deny(name, refusal);
    const parts: Part[] = [];
    const problem = whole.ok ? repositoryProblem(session, whole.data) : whole.failure.message;
    const repository = (whole.ok ? whole.data.repository : null) as Record<string, unknown> | null;
    for (const walk of going) {
      const refusal = refused.get(walk.name);
      if (refusal || problem !== undefined || !repository)
        walk.fail(refusal?.reason ?? problem ?? "", exchange.serverTime);
      else parts.push(...taken(walk, repository[walk.name], { serverTime: exchange.serverTime, refused }));
    }
    yield* give({ exchange, parts });
    for (const walk of going) for await (const batch of walk.settle(false)) yield* give(batch);
    walks.push(...next());
  }
  for (const walk of walks) for await (const batch of walk.settle(true)) yield* give(batch);
  if (held)
    yield concluded(
      held,
      walks.flatMap((walk) => walk.conclude()),
    );
}

function taken(walk: Walk, page: unknown, answer: Answer): readonly Part[] {
  try {
    return walk.take(page, answer);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    walk.fail(error.message, answer.serverTime);
    return [];
  }
}

function questionOf(session: Session, walks: readonly Walk[], without: ReadonlySet<string>, level: number) {
  const asked = walks.filter((walk) => !without.has(walk.name));
  if (asked.length === 0) return undefined;
  const names = asked.map((walk) => walk.name);
  const parts = asked.map((walk) => walk.ask(without, level, names));
  // A variable of a section that is left out must not be declared.
  const used = parts.map(({ field, variables }) =>
    Object.entries(variables).filter(([name]) => new RegExp(`\\$${name}\\b`).test(field)),
  );
  const variables = Object.fromEntries(used.flat());
  const declared = Object.entries(variables).map(([name, { type }]) => `, $${name}: ${type}`);
  const name = (asked[0] as Walk).operation;
  return {
    name,
    text: `query ${name}($owner: String!, $name: String!${declared.join("")}) {
  repository(owner: $owner, name: $name) {
    databaseId
    ${parts.map((part) => part.field).join("\n    ")}
  }
  ${text.price}
}`,
    variables: {
      owner: session.owner,
      name: session.name,
      ...Object.fromEntries(Object.entries(variables).map(([key, { value }]) => [key, value])),
    },
  };
}

/** Why an answer is not about the repository that was asked for; undefined where it is. */
export function repositoryProblem(session: Session, data: Readonly<Record<string, unknown>>): string | undefined {
  const repository = data.repository as { databaseId?: unknown } | null | undefined;
  const name = `${session.owner}/${session.name}`;
  if (!repository) return `the source answered null for ${name} and gave no reason`;
  if (String(repository.databaseId) === session.repositoryId) return undefined;
  return `the name ${name} now belongs to another repository (${String(repository.databaseId)} instead of ${session.repositoryId})`;
}

/** The batch with what is said at the end, one part for each stream. */
function concluded(
  { exchange, parts }: { exchange: Exchange; parts: readonly Part[] },
  conclusions: readonly Part[],
): Batch {
  const merged = new Map(parts.map((part) => [part.stream.id, part]));
  for (const said of conclusions) {
    const before = merged.get(said.stream.id);
    merged.set(said.stream.id, { ...before, ...said, records: [...(before?.records ?? []), ...said.records] });
  }
  return { exchange, parts: [...merged.values()] };
}
