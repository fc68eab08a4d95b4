import { type BundledRecord, packFile, type RecordsProof } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, counted, holds, listed, reasonOf, unchecked } from "./findings.ts";
import { lineBatches } from "./lines.ts";
import { recordState } from "./record-line.ts";
import { readJson } from "./shape.ts";
import { bundledRecord } from "./shapes.ts";

/** What the lines of `records.jsonl` came to. */
export interface LinesResult {
  readonly checks: readonly Check[];
  /** By a record's id, the leaf that its line gives, where it is another than `proofs.json` has. */
  readonly otherLeaves: ReadonlyMap<number, string>;
}

/** So many broken records are named one by one. */
const mostNamed = 200;

/** Checks every record of the bundle against its leaf, one line at a time; never throws. */
export async function recordLinesChecks(
  chunks: AsyncIterable<Uint8Array>,
  { leaves }: RecordsProof,
): Promise<LinesResult> {
  const bad: Check[] = [];
  const erased: string[] = [];
  const seen = { whole: 0, leaf: 0 };
  const otherLeaves = new Map<number, string>();
  let next = 0;
  let at = 0;
  const take = (line: Uint8Array): void => {
    at += 1;
    const read = readJson<BundledRecord>(line, bundledRecord);
    if (read.problem !== undefined) {
      bad.push(broken(packFile.records, `line ${at} is not a record: ${read.problem}`));
      return;
    }
    const record = read.value;
    const name = `r${record.id}`;
    for (let due = leaves[next]; due && due[1] < record.position; due = leaves[++next]) {
      bad.push(broken(`r${due[0]}`, "is missing: proofs.json lists it, records.jsonl does not hold it"));
    }
    const due = leaves[next];
    if (due?.[1] !== record.position || due[0] !== record.id) {
      bad.push(broken(name, "was added: proofs.json does not list it at this place"));
      return;
    }
    next += 1;
    const { shows, computed, problem } = recordState(record);
    if ((computed ?? record.leaf) !== due[2]) otherLeaves.set(record.id, computed ?? record.leaf);
    if (problem !== undefined) bad.push(broken(name, `was altered: ${problem}`));
    else if (record.leaf !== due[2]) bad.push(broken(name, "was altered: its leaf is not the one in proofs.json"));
    else if (shows === "erased") erased.push(name);
    else if (shows !== "nothing") seen[shows] += 1;
  };
  try {
    for await (const lines of lineBatches(chunks)) for (const line of lines) take(line);
    for (const [id] of leaves.slice(next)) {
      bad.push(broken(`r${id}`, "is missing: proofs.json lists it, records.jsonl does not hold it"));
    }
  } catch (error) {
    bad.push(broken(packFile.records, `cannot be read beyond line ${at}: ${reasonOf(error)}`));
  }
  return { checks: [...summary(seen, erased), ...firstOf(bad)], otherLeaves };
}

function summary(seen: { readonly whole: number; readonly leaf: number }, erased: readonly string[]): readonly Check[] {
  const checks: Check[] = [];
  if (seen.whole > 0) {
    checks.push(holds("records", `${counted(seen.whole, "record")}: content, fields and leaf fit together`));
  }
  if (erased.length > 0) {
    checks.push(
      unchecked(
        "records",
        `the content of ${listed(erased)} is not here: it was erased or left out; when, where from and under which digest it was recorded fits its leaf`,
      ),
    );
  }
  if (seen.leaf > 0) {
    checks.push(
      unchecked(
        "records",
        `${counted(seen.leaf, "record")} stand here with nothing but the leaf (a redacted edition): that they are under the checkpoint is shown, what they say is not; the full edition shows it`,
      ),
    );
  }
  return checks;
}

function firstOf(bad: readonly Check[]): readonly Check[] {
  if (bad.length <= mostNamed) return bad;
  return [...bad.slice(0, mostNamed), broken("records", `${bad.length - mostNamed} more records do not hold`)];
}
