import type { RecordsProof, StatedCheckpoint } from "../formats.ts";
import { base64, count, digest, exactly, fields, hash64, list, text, tuple } from "../verify/shape.ts";

/** What `pack.html` carries beside the envelope, so that a browser can verify it alone. */
export interface PageProof {
  readonly version: 1;
  readonly checkpoint: StatedCheckpoint;
  /** The 32 bytes of the public key, base64. */
  readonly key: string;
  /** Of the records that the document lists. */
  readonly records: RecordsProof;
}

const shape = fields({
  version: exactly(1),
  checkpoint: fields({ size: count, root: digest, at: text, note: text }),
  key: base64,
  records: fields({ leaves: list(tuple(count, count, digest)), proof: list(hash64) }),
});

/** The text of the block, of which `pack.html#proof` is the SHA-256. */
export function writePageProof({ checkpoint, key, records }: Omit<PageProof, "version">): string {
  return scriptJson({ version: 1, checkpoint, key, records });
}

/** What {@link writePageProof} wrote; undefined for anything else. */
export function readPageProof(block: string): PageProof | undefined {
  const value = parsed(block);
  return shape(value) === undefined ? (value as PageProof) : undefined;
}

/** JSON that ends no script element and opens no comment in it: without `<`, `>`, `&` and line separators. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
