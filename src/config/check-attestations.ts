import { criterionProblem } from "../model/attestation.ts";
import type { Say } from "./check-signing.ts";
import type { ConfigFile } from "./schema.ts";

/** Checks that each attestation has an id of its own, ends after it begins, and names criteria that there are. */
export function checkAttestations(
  { attestations }: ConfigFile,
  criteria: readonly string[] | undefined,
  problem: Say,
): void {
  const first = new Map<string, number>();
  for (const [index, { id, effective, expires, criteria: named = [] }] of attestations.entries()) {
    const at = ["attestations", index];
    if (first.has(id)) problem([...at, "id"], `the attestation \`${id}\` is declared twice`);
    first.set(id, index);
    if (expires !== undefined && expires < effective)
      problem(
        [...at, "expires"],
        `attestation ${id} would expire on ${expires}, before it is effective on ${effective}`,
      );
    if (!criteria) continue;
    for (const [place, text] of named.entries()) {
      const wrong = criterionProblem(text, criteria);
      if (wrong !== undefined) problem([...at, "criteria", place], wrong);
    }
  }
}
