import { type Item, type List, readList } from "./list.ts";
import { reasonOf } from "./refusal.ts";
import type { RestAnswer } from "./rest-client.ts";
import type { Gained, Outcome, Reading } from "./walk.ts";

/** One part of a snapshot: a list, or one object. */
interface Section {
  readonly what: string;
  readonly list?: List;
  readonly one?: { readonly operation: string; readonly path: string };
  /** The snapshot says something without it. */
  readonly optional?: boolean;
  /** The property of the snapshot that holds it by its name, where it is one of several alike. */
  readonly under?: string;
  /** Sections that its items call for; undefined where they are as they were. */
  readonly besides?: (items: readonly Item[] | undefined) => Readonly<Record<string, Section>>;
}

type Part =
  | { readonly ok: true; readonly changed: boolean; readonly whole: boolean; readonly body: unknown }
  | { readonly ok: false; readonly refused: Extract<RestAnswer, { ok: false }> };

/** Reads the sections of a snapshot into one record, anew only where any of them changed; a section that cannot be read is null in it. */
export async function* readSnapshot(
  reading: Reading,
  kind: string,
  sections: Readonly<Record<string, Section>>,
): AsyncGenerator<Gained, Outcome> {
  const parts: [string, Section, Part][] = [];
  const waiting = Object.entries(sections);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, section] = next;
    let part = yield* readPart(reading, name, section, false);
    if (section.besides && part.ok && part.changed && !part.whole) part = yield* readPart(reading, name, section, true);
    parts.push([name, section, part]);
    if (section.besides && part.ok)
      waiting.push(...Object.entries(section.besides(part.changed ? (part.body as readonly Item[]) : undefined)));
  }
  const reasons: string[] = [];
  for (const [, { what }, part] of parts) if (!part.ok) reasons.push(yield* reasonOf(reading, what, part.refused));
  // What the sections that cannot be read say of their state belongs to the snapshot as much as the others do.
  const silent = parts
    .filter(([, , part]) => !part.ok)
    .map(([name]) => name)
    .join(" ");
  const changed = parts.some(([, , part]) => part.ok && part.changed) || reading.next.known.silent !== silent;
  if (parts.some(([, { optional }, part]) => !part.ok && optional !== true)) return { reasons, nothing: true };
  if (!changed) return { reasons };
  const body: Record<string, unknown> = {};
  for (const [name, section, part] of parts) {
    const again = part.ok && !part.whole ? yield* readPart(reading, name, section, true) : part;
    if (part.ok && !again.ok) {
      // Half of it is new and half is not to be had: the next run reads it all.
      reading.next.lists = {};
      return { reasons: [yield* reasonOf(reading, section.what, again.refused)], nothing: true };
    }
    const value = again.ok ? again.body : null;
    if (section.under === undefined) body[name] = value;
    else body[section.under] = Object.fromEntries([...Object.entries(body[section.under] ?? {}), [name, value]]);
  }
  reading.next.known.silent = silent;
  return { records: [{ kind, externalId: kind, body }], reasons };
}

async function* readPart(
  reading: Reading,
  name: string,
  { list, one }: Section,
  anew: boolean,
): AsyncGenerator<Gained, Part> {
  if (list) {
    const read = yield* readList(reading, { ...list, anew });
    return read.ok ? { ...read, body: read.items } : read;
  }
  const { operation, path } = one as NonNullable<Section["one"]>;
  const known = anew ? undefined : reading.next.lists[name]?.[0]?.etag;
  const refused = await reading.session.github.get({ operation, path, values: reading.values, etag: known });
  yield { exchange: refused.exchange, records: [] };
  if (!refused.ok) return { ok: false, refused };
  if (refused.changed && refused.etag !== undefined)
    reading.next.lists[name] = [{ url: "", etag: refused.etag, next: null }];
  return { ok: true, changed: refused.changed, whole: refused.changed, body: refused.json as Item };
}
