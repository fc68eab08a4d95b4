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
  for (const [name, section] of Object.entries(sections)) {
    parts.push([name, section, yield* readPart(reading, name, section, false)]);
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
    body[name] = again.ok ? again.body : null;
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
