import { sha256 } from "../util/hash.ts";
import type { Subject } from "./dossier.ts";

/** What an exception's id is derived from: its item as judged for one system. */
interface ExceptionItem {
  readonly system: string;
  readonly subject: Subject;
  readonly key: string;
}

// Without I, L, O and U, which are misread, and make words.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const usual = 6;

/**
 * `EX-2026-10-4KX7Q2` for each item, in their order: the period, and six digits of the item's own SHA-256. An item has
 * the same six in every pack, whatever else fails; two that would share them both get more, and what was written of
 * either then names neither.
 */
export function exceptionIds(period: string, items: readonly ExceptionItem[]): readonly string[] {
  const hashes = items.map(({ system, subject, key }) => sha256(JSON.stringify([system, subject, key])));
  const tokens = hashes.map((hash) => token(hash, usual));
  const bearers = Map.groupBy(tokens, (one) => one);
  return hashes.map((hash) => {
    const one = token(hash, usual);
    const shared = (bearers.get(one) ?? []).length > 1;
    return `EX-${period}-${shared ? token(hash, 2 * usual) : one}`;
  });
}

const token = (hash: Uint8Array, length: number): string =>
  Array.from(hash.subarray(0, length), (byte) => digits.charAt(byte % digits.length)).join("");

const written = new RegExp(`^EX-.+-([${digits}]{${usual}}|[${digits}]{${2 * usual}})$`);

/** The part of an exception's id that names its item in every period; undefined where the text is no such id. */
export const tokenOfException = (id: string): string | undefined => written.exec(id)?.[1];

/** The period that an exception's id names; empty where the text is no such id. */
export const periodOfException = (id: string): string => /^EX-(.+)-[^-]+$/.exec(id)?.[1] ?? "";
