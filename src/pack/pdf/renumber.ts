import type { PlainFile } from "./plain-objects.ts";

/** What everything numbered in a file is moved by, so that it can stand in one file with others. */
export interface Shift {
  /** Of objects. */
  readonly objects: number;
  /** Of keys of the structure's parent tree (`/StructParents`). */
  readonly keys: number;
  /** Which part it is, from 0: the first one's names of structure elements stay, the others' sort behind it in turn. */
  readonly part: number;
}

// A string, which is left as it is; a text that people read, which even a name of ours is only quoted in; what is numbered.
const token =
  /\/(?:Alt|ActualText|Title|URI) \((?:\\[\s\S]|[^\\()])*\)|\((?:\\[\s\S]|[^\\()])*\)|(\d+) 0 R\b|\/(StructParents?) (\d+)|[()]/g;

/** The file's objects under their new numbers, everything in them that refers to others moved alike (ISO 32000-1, 7.3.10 and 14.7.4). Throws for a text that is not written as Chromium writes it. */
export function renumbered({ objects }: PlainFile, shift: Shift): Map<number, Buffer> {
  const moved = (text: string): string =>
    text.replace(token, (all: string, object?: string, key?: string, value?: string) => {
      if (object !== undefined) return `${Number(object) + shift.objects} 0 R`;
      if (key !== undefined) return `/${key} ${Number(value) + shift.keys}`;
      if (all === "(" || all === ")") throw new Error("the printed file holds a text that cannot be read");
      return shift.part > 0 && /^\(node\d{8}\)$/.test(all)
        ? `(part${String(shift.part).padStart(4, "0")}-${all.slice(1)}`
        : all;
    });
  const nothing = shift.objects === 0 && shift.keys === 0 && shift.part === 0;
  return new Map(
    objects.map(({ number, body }) => {
      const end = endOfText(body);
      const text = nothing ? body : Buffer.from(moved(body.toString("latin1", 0, end)), "latin1");
      return [
        number + shift.objects,
        nothing || end === body.length ? text : Buffer.concat([text, body.subarray(end)]),
      ];
    }),
  );
}

/** Where a stream's bytes begin, of which nothing may change, or the end of what is none. */
function endOfText(body: Buffer): number {
  if (body.toString("latin1", body.length - streamEnd.length) !== streamEnd) return body.length;
  const at = body.indexOf(streamStart);
  if (at < 0) throw new Error("the printed file holds a stream without a beginning");
  return at;
}

const streamStart = ">> stream\n";
const streamEnd = "endstream";
