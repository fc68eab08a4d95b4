import { packFile, type RecordsProof } from "../formats.ts";
import type { Check } from "./check.ts";
import { type LedgerState, sameCheckpoint } from "./checkpoint.ts";
import { broken, counted, holds, reasonOf } from "./findings.ts";
import type { PackFiles } from "./pack-files.ts";
import { scanJson } from "./scan-json.ts";
import { readJson, type Shape } from "./shape.ts";
import { citedRecord, statedCheckpoint } from "./shapes.ts";

interface Cited {
  readonly id: number;
  readonly leaf: string;
}

/** Checks that the assessment rests on the same checkpoint, and cites the records that the proofs are about; never throws. */
export async function assessmentChecks(
  files: PackFiles,
  expected: LedgerState,
  proof: RecordsProof,
): Promise<readonly Check[]> {
  if (!files.names.includes(packFile.assessment)) return [broken(packFile.assessment, "it is missing")];
  const proven = new Map(proof.leaves.map(([id, , leaf]) => [id, leaf]));
  const checkpoints: LedgerState[] = [];
  const bad: Check[] = [];
  let cited = 0;
  const cite = ({ id, leaf }: Cited): void => {
    cited += 1;
    if (proven.get(id) === leaf) return;
    const how = proven.has(id)
      ? `${packFile.assessment} cites it with another leaf than ${packFile.proofs}`
      : `${packFile.assessment} cites it, ${packFile.proofs} does not prove it`;
    bad.push(broken(`r${id}`, how));
  };
  try {
    await scanJson(files.open(packFile.assessment), ["checkpoint", "records"], (key, json) => {
      if (key === "records") cite(readOne<Cited>(json, citedRecord));
      else checkpoints.push(readOne<LedgerState>(json, statedCheckpoint));
    });
  } catch (error) {
    return [broken(packFile.assessment, `is not an assessment: ${reasonOf(error)}`)];
  }
  const [checkpoint, ...more] = checkpoints;
  if (!checkpoint || more.length > 0)
    return [broken(packFile.assessment, "is not an assessment: it must state one checkpoint")];
  const same = sameCheckpoint(packFile.assessment, checkpoint, expected);
  if (bad.length > 0) return [same, ...bad];
  return [
    same,
    holds(packFile.assessment, `${counted(cited, "record")} that it cites: each with the leaf that is proven`),
  ];
}

/** By a record's id, the leaf that the assessment cites; none where it cannot be read. */
export async function citedLeaves(files: PackFiles): Promise<ReadonlyMap<number, string>> {
  const leaves = new Map<number, string>();
  try {
    await scanJson(files.open(packFile.assessment), ["records"], (_, json) => {
      const { id, leaf } = readOne<Cited>(json, citedRecord);
      leaves.set(id, leaf);
    });
  } catch {
    // That it cannot be read is a check of its own.
  }
  return leaves;
}

function readOne<T>(json: Uint8Array, shape: Shape): T {
  const read = readJson<T>(json, shape);
  if (read.problem !== undefined) throw new Error(read.problem);
  return read.value;
}
