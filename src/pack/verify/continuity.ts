import { packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import type { LedgerState } from "./checkpoint.ts";
import { continues } from "./earlier.ts";
import { broken, holds, unchecked } from "./findings.ts";
import type { Verification } from "./verification.ts";

const subject = "continuity";

/**
 * Whether a pack continues an older one that was kept: rollback, fork and truncation of the ledger show here and
 * nowhere else. Both must hold by themselves too, or nothing follows from it.
 */
export function continuity(newer: Verification, older: Verification): readonly Check[] {
  // Two copies of one name are told apart.
  if (newer.name === older.name)
    return continuity({ ...newer, name: `the newer ${newer.name}` }, { ...older, name: `the older ${older.name}` });
  // Months are not always issued in their order: what an issued pack names was issued before it.
  if (newer.manifest !== undefined && older.proofs?.earlier.some(({ manifest }) => manifest === newer.manifest))
    return [
      holds(subject, `${newer.name} was issued before ${older.name}, which names it: compared the other way round`),
      ...continuity(older, newer),
    ];
  if (!newer.checkpoint || !older.checkpoint) {
    const which = newer.checkpoint ? older : newer;
    return [unchecked(subject, `${which.name} has no signed content manifest, so no checkpoint to compare`)];
  }
  if ([newer, older].some(({ checks }) => checks.some(({ outcome }) => outcome === "broken"))) {
    return [
      ...between(newer, older),
      unchecked(subject, "one of the two packs is broken, so continuity shows nothing"),
    ];
  }
  return between(newer, older);
}

function between(newer: Verification, older: Verification): readonly Check[] {
  const [now, then] = [
    newer.checkpoint as NonNullable<Verification["checkpoint"]>,
    older.checkpoint as NonNullable<Verification["checkpoint"]>,
  ];
  if (now.origin !== undefined && then.origin !== undefined && now.origin !== then.origin) {
    return [
      broken(
        subject,
        `${newer.name} is of the ledger ${now.origin}, ${older.name} of ${then.origin}: neither continues the other`,
      ),
    ];
  }
  return [...ledgerContinuity(newer, older, now, then), ...chain(newer, older), ...sameKey(newer, older)];
}

function ledgerContinuity(
  newer: Verification,
  older: Verification,
  now: LedgerState,
  then: LedgerState,
): readonly Check[] {
  if (now.size === then.size) {
    return [
      now.root === then.root
        ? holds(subject, `both are under the same checkpoint of ${now.size} records`)
        : broken(
            subject,
            `FORK: two checkpoints of ${now.size} records with other roots, ${now.root} and ${then.root}: the ledger was kept in two versions`,
          ),
    ];
  }
  if (now.size < then.size) {
    return [
      broken(
        subject,
        `the ledger was rolled back or cut: ${newer.name} is under ${now.size} records, ${older.name} was under ${then.size} already`,
      ),
    ];
  }
  const entries = newer.proofs?.earlier.filter(({ checkpoint }) => checkpoint.size === then.size) ?? [];
  if (entries.length === 0) return [withoutProof(newer, older, then)];
  if (entries.some(({ consistency }) => continues(now, then, consistency))) {
    return [
      holds(
        subject,
        `the ledger of ${now.size} records continues the one of ${then.size} that ${older.name} is under: nothing was cut or altered`,
      ),
    ];
  }
  return entries.some(({ checkpoint }) => checkpoint.root !== then.root)
    ? [
        broken(
          subject,
          `FORK: at ${then.size} records ${older.name} has the root ${then.root}, ${newer.name} continues ${entries[0]?.checkpoint.root}: the ledger was kept in two versions, or rewritten`,
        ),
      ]
    : [broken(subject, `${newer.name} does not show that its ledger continues the one that ${older.name} is under`)];
}

/** A pack names every pack issued before it, each with a proof: one that is left out was hidden, or its records were. */
function withoutProof(newer: Verification, older: Verification, then: LedgerState): Check {
  const [now, before] = [newer, older].map(({ content }) => content?.predicate.issued.at);
  return now !== undefined && before !== undefined && before < now && newer.proofs
    ? broken(
        subject,
        `${newer.name} must name ${older.name}, issued ${before}, and prove that it continues its ${then.size} records: it does neither, so the ledger may be another`,
      )
    : unchecked(
        subject,
        `${newer.name} carries no proof that it continues the ${then.size} records that ${older.name} is under`,
      );
}

function chain(newer: Verification, older: Verification): readonly Check[] {
  if (older.manifest === undefined || !newer.proofs || newer.manifest === older.manifest) return [];
  const entry = newer.proofs.earlier.find(({ manifest }) => manifest === older.manifest);
  if (entry)
    return [
      holds(
        subject,
        `${newer.name} names ${older.name} as issued before it, by the SHA-256 of its ${packFile.manifest}`,
      ),
    ];
  return [
    unchecked(subject, `${newer.name} does not name this ${older.name} among the packs issued before it: ask why`),
  ];
}

function sameKey(newer: Verification, older: Verification): readonly Check[] {
  if (newer.key === undefined || older.key === undefined) return [];
  return newer.key === older.key
    ? [holds(subject, "both are signed with the same key")]
    : [
        unchecked(
          subject,
          `${newer.name} is signed with another key than ${older.name}: ask the organisation whether it changed its key`,
        ),
      ];
}
