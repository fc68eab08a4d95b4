import type { Exchange } from "../../model/stream.ts";
import { type Failure, type GraphqlError, isRefusal, isUnknownField } from "./answers.ts";
import type { GitHub, Question } from "./graphql-client.ts";

/** A part of a query that can be left out when the source refuses it; `keys` are the response names it is known by. */
export interface Section {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Remembers how small pages must be: level 0 is the normal size, each further one smaller; after some successes it rises again. */
export interface Sizing {
  readonly levels: number;
  level: number;
  successes: number;
}

export const sizing = (levels: number): Sizing => ({ levels, level: 0, successes: 0 });

/**
 * Why a section was refused; `entirely` where that goes for the page as such, not only for one of its items, `everywhere`
 * where the server does not know the field.
 */
export interface Refusal {
  readonly reason: string;
  readonly entirely: boolean;
  readonly everywhere?: boolean;
}

/** An answer in which nothing is missing but the refused sections, or why there is none. */
export type Whole = { readonly exchange: Exchange; readonly refused: ReadonlyMap<string, Refusal> } & (
  | {
      readonly ok: true;
      readonly data: Readonly<Record<string, unknown>>;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly failure: Failure }
);

/**
 * Asks a page until it is whole: an answer with errors is discarded and asked again smaller, down to one item, and
 * without the sections that stay refused. `build` gives undefined when nothing is left to ask.
 */
export async function askWhole(
  github: GitHub,
  sections: readonly Section[],
  size: Sizing,
  build: (without: ReadonlySet<string>, level: number) => Question | undefined,
  denied: ReadonlyMap<string, Refusal> = new Map(),
): Promise<Whole> {
  const refused = new Map(denied);
  let failed: { failure: Failure; exchange: Exchange } | undefined;
  for (;;) {
    const last = size.level >= size.levels - 1;
    const question = build(new Set(refused.keys()), size.level);
    if (!question) {
      if (!failed) throw new Error("nothing was asked");
      return { ok: false, failure: failed.failure, exchange: failed.exchange, refused };
    }
    const asked = await github.ask(question, last ? 5 : 2);
    if (asked.ok) {
      if (size.level > 0 && ++size.successes >= 4) Object.assign(size, { level: size.level - 1, successes: 0 });
      return { ...asked, refused };
    }
    failed = asked;
    const { failure } = asked;
    const known = sections.filter((section) => !refused.has(section.name));
    const final = failure.errors.filter((error) => last || isRefusal(error) || isUnknownField(error));
    const hit = refusalsOf(final, known);
    for (const [name, refusal] of hit) refused.set(name, refusal);
    if (hit.size > 0) continue;
    const passing = failure.errors.length > 0 ? failure.errors.some((error) => !isRefusal(error)) : failure.smaller;
    if (!passing || last || failure.reason === "notFound") return { ...asked, refused };
    Object.assign(size, { level: size.level + 1, successes: 0 });
  }
}

function refusalsOf(errors: readonly GraphqlError[], sections: readonly Section[]): ReadonlyMap<string, Refusal> {
  const found = new Map<string, Refusal>();
  for (const error of errors) {
    const section = sectionOf(error, sections);
    if (!section || found.has(section.name)) continue;
    const own = errors.filter((each) => sectionOf(each, sections) === section);
    found.set(section.name, {
      reason: error.message.slice(0, 200),
      entirely: isUnknownField(error) || ofSeveralItems(own),
      everywhere: isUnknownField(error),
    });
  }
  return found;
}

// The deepest name decides: a commit's signature lies within a change's commits.
function sectionOf(error: GraphqlError, sections: readonly Section[]): Section | undefined {
  const quoted = [...error.message.matchAll(/["'`](\w+)["'`]/g)].map((match) => match[1]).reverse();
  const names = error.path?.length ? error.path : isUnknownField(error) ? quoted : [];
  for (const name of [...names].reverse()) {
    const section = sections.find((each) => each.keys.includes(String(name)));
    if (section) return section;
  }
  return undefined;
}

/** Whether the errors speak of the list itself, or of more than one of its items. */
function ofSeveralItems(errors: readonly GraphqlError[]): boolean {
  const items = errors.map((error) => error.path?.find((step) => typeof step === "number"));
  return items.includes(undefined) || new Set(items).size > 1;
}
