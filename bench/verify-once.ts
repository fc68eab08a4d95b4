import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BundledRecord, type Proofs, packFile } from "../src/pack/formats.ts";
import type { Check } from "../src/pack/verify/check.ts";
import { lineBatches } from "../src/pack/verify/lines.ts";
import { recordState } from "../src/pack/verify/record-line.ts";
import { recordLinesChecks } from "../src/pack/verify/record-lines.ts";
import { multiProofChecks } from "../src/pack/verify/records.ts";

/** What verifying took, in seconds, and by how many MB memory grew at its most. */
export interface Verifying {
  /** Reading, parsing, checking and proving, as it is done with a bundle. */
  readonly whole: number;
  readonly growth: number;
  /** Digest and leaf of each record, and the multi-proof of all of them. */
  readonly proving: number;
  /** SHA-256 of each record's salt and content, and nothing else. */
  readonly raw: number;
}

/** Verifies the records in a folder as a bundle's are, then hashes them and no more, and prints both as JSON: `node bench/verify-once.ts FOLDER` */
const [folder = ""] = process.argv.slice(2);
const read = () => createReadStream(join(folder, packFile.records));
const before = process.memoryUsage.rss() / 2 ** 20;
const started = performance.now();
const { records, checkpoint } = JSON.parse(readFileSync(join(folder, packFile.proofs), "utf8")) as Proofs;
verified((await recordLinesChecks(read(), records)).checks);
const [proof] = timed(() => verified(multiProofChecks(packFile.proofs, records, checkpoint)));
const whole = (performance.now() - started) / 1000;
const growth = process.resourceUsage().maxRSS / 2 ** 10 - before;
const { checking, raw } = await both();
console.log(JSON.stringify({ whole, growth, proving: checking + proof, raw } satisfies Verifying));

/** Checking and raw hashing of the same records in turn. */
async function both(): Promise<{ readonly checking: number; readonly raw: number }> {
  const spent = { checking: 0, raw: 0 };
  for await (const lines of lineBatches(read())) {
    const parsed = lines.map((line) => JSON.parse(line.toString()) as BundledRecord);
    const bytes = parsed.map(({ salt = "", content = "" }) =>
      Buffer.concat([Buffer.from(salt, "hex"), Buffer.from(content)]),
    );
    const [checking] = timed(() => parsed.map(recordState));
    const [raw] = timed(() => bytes.map((record) => createHash("sha256").update(record).digest()));
    spent.checking += checking;
    spent.raw += raw;
  }
  return spent;
}

function timed<T>(work: () => T): [seconds: number, result: T] {
  const from = performance.now();
  const result = work();
  return [(performance.now() - from) / 1000, result];
}

function verified(checks: readonly Check[]): void {
  const other = checks.find(({ outcome }) => outcome !== "holds");
  if (other) throw new Error(`the bundle does not verify: ${other.text}`);
}
