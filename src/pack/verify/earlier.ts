import { hashSync } from "../../ledger/hashing.ts";
import { verifyConsistency } from "../../ledger/verify-consistency.ts";
import { type ContentPredicate, type Proofs, packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import { type LedgerState, noteProblem, noteState, originOf } from "./checkpoint.ts";
import { broken, counted, holds, listed, unchecked } from "./findings.ts";
import { sha256 } from "./sha256.ts";

const fromHex = (hex: string): Uint8Array => Buffer.from(hex, "hex");

/** Whether RFC 6962's proof shows that the newer state of a ledger continues the older. */
export function continues(newer: LedgerState, older: LedgerState, proof: readonly string[]): boolean {
  const hashes = proof.map((hash) => Buffer.from(hash, "base64"));
  return hashSync(sha256, verifyConsistency(older.size, fromHex(older.root), newer.size, fromHex(newer.root), hashes));
}

/** Checks that the checkpoint continues that of every pack issued before, and that the content manifest names the latest. */
export function earlierChecks(
  proofs: Proofs,
  content: ContentPredicate | undefined,
  key: Uint8Array,
): readonly Check[] {
  const { checkpoint, earlier } = proofs;
  const origin = originOf(checkpoint);
  const bad: Check[] = [];
  const otherKey: string[] = [];
  for (const entry of earlier) {
    const about = `earlier pack ${entry.pack}`;
    const state = noteState(entry.checkpoint, key);
    if (state === "unsigned") otherKey.push(entry.pack);
    else if (state !== "good") bad.push(broken(about, noteProblem[state]));
    if (originOf(entry.checkpoint) !== origin) bad.push(broken(about, "its checkpoint is of another ledger"));
    if (!continues(checkpoint, entry.checkpoint, entry.consistency)) {
      bad.push(
        broken(
          about,
          "the checkpoint is not shown to continue the one it was issued under: what was recorded then may be cut or altered",
        ),
      );
    }
  }
  const sizes = earlier.map((entry) => entry.checkpoint.size);
  if (sizes.some((size, i) => i > 0 && size > (sizes[i - 1] as number))) {
    bad.push(broken("earlier packs", "their checkpoints do not grow from one to the next"));
  }
  return [
    ...previousCheck(proofs, content),
    ...bad,
    ...otherKeys(otherKey),
    ...(bad.length === 0 ? [whole(proofs)] : []),
  ];
}

function whole({ earlier }: Proofs): Check {
  return earlier.length === 0
    ? holds("earlier packs", "none is stated: this is the first")
    : holds("earlier packs", `the checkpoint continues that of ${counted(earlier.length, "pack")} issued before`);
}

function otherKeys(packs: readonly string[]): readonly Check[] {
  if (packs.length === 0) return [];
  return [
    unchecked(
      "earlier packs",
      `the checkpoint of ${listed(packs)} was signed with another key: compare it with that pack's own ${packFile.key}`,
    ),
  ];
}

function previousCheck({ earlier }: Proofs, content: ContentPredicate | undefined): readonly Check[] {
  if (!content) return [];
  const [latest] = earlier;
  const { previous } = content;
  return previous?.manifest === latest?.manifest && previous?.pack === latest?.pack
    ? []
    : [broken("earlier packs", "the pack before this one is another in the content manifest than in proofs.json")];
}
