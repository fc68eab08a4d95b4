import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Exchange } from "../model/stream.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { type Clock, instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";

/** A list as it was read, or why it could not be; it is called by its base name wherever it is kept. */
export type ListFile<T> = { readonly name: string; readonly readAt: string } & (
  | { readonly readable: true; readonly rows: T; readonly sha256: string; readonly modifiedAt: string }
  | { readonly readable: false; readonly reason: string }
);

/** Reads a list that the organisation keeps; `what` it is comes behind its name in the reason why it cannot be. Throws ConfigError where it can be read and is malformed. */
export function readListFile<T>(file: string, what: string, clock: Clock, parse: (text: string) => T): ListFile<T> {
  const base = { name: basename(file), readAt: instant(clock()) };
  let bytes: Buffer;
  let modifiedAt: string;
  try {
    bytes = readFileSync(file);
    modifiedAt = instant(statSync(file).mtime);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ...base, readable: false, reason: `${base.name}, ${what}, cannot be read (${code ?? "unknown"})` };
  }
  return { ...base, readable: true, rows: parse(textOf(file, bytes)), sha256: sha256Hex(bytes), modifiedAt };
}

function textOf(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${file}:1: the file is not UTF-8`, { cause, hint: "Write the list as UTF-8." });
  }
}

const mostNamed = 5;

/** `rows D-3, D-7 are`. */
export function rowsAre(ids: readonly string[]): string {
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  return ids.length === 1 ? `row ${ids[0]} is` : `rows ${ids.slice(0, mostNamed).join(", ")}${more} are`;
}

/** Reading a list as an exchange, under the name of the operation. */
export function listExchange(list: ListFile<unknown>, operation: string, rows: number): Exchange {
  const { name, readAt } = list;
  const seen = list.readable ? { file: name, sha256: list.sha256, modifiedAt: list.modifiedAt, rows } : { file: name };
  return {
    endpoint: `import:${name}`,
    operation,
    query: "every row of a CSV file, as it stands",
    variables: canonicalJson(seen),
    status: list.readable ? 200 : 0,
    startedAt: readAt,
    serverTime: readAt,
  };
}
