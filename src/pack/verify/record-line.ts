import { leafContent, leafHash } from "../../ledger/leaf.ts";
import type { BundledRecord } from "../formats.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** What a line of `records.jsonl` shows about itself. */
export interface RecordState {
  /** `whole`: content, fields and leaf fit. `erased`: fields and leaf fit, content is not there. `leaf`: nothing but the leaf is there. */
  readonly shows: "whole" | "erased" | "leaf" | "nothing";
  /** The leaf that its fields give, where it is not the one it states. */
  readonly computed?: string;
  readonly problem?: string;
}

/** Computes a record's digest and leaf as the ledger does: SHA-256(salt || content), then SHA-256(0x00 || RFC 8785 of the fields). */
export function recordState(record: BundledRecord): RecordState {
  const { fields, salt, content, leaf } = record;
  if (!fields) {
    return salt === undefined && content === undefined
      ? { shows: "leaf" }
      : { shows: "nothing", problem: "it has content, but not the fields that its leaf is made of" };
  }
  const computed = Buffer.from(leafHash(sha256, leafContent(fields))).toString("hex");
  if (computed !== leaf) return { shows: "nothing", computed, problem: "its fields do not give its leaf" };
  if (salt === undefined && content === undefined) return { shows: "erased" };
  if (salt === undefined || content === undefined) {
    return { shows: "nothing", problem: "only one of salt and content is there" };
  }
  return sha256Hex(Buffer.from(salt, "hex"), Buffer.from(content)) === fields.digest
    ? { shows: "whole" }
    : { shows: "nothing", problem: "its content is not what was recorded: it does not give its digest" };
}
