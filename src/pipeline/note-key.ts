import { existsSync, readFileSync } from "node:fs";
import type { Config } from "../config/config.ts";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { type NoteKey, readNote } from "../ledger/checkpoint-note.ts";
import { fingerprint, rawPublicKey } from "../ledger/signing-key.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, holds, unchecked } from "../pack/verify/findings.ts";
import { expectedFingerprint } from "../pack/verify/signer.ts";
import { ConfigError } from "../util/errors.ts";
import { knownKey } from "./backup.ts";

/** The key that the notes of a store are held against, and what that shows. */
export interface KeyFor {
  readonly note: NoteKey | undefined;
  readonly checks: readonly Check[];
}

/** The key given as a PEM file or a fingerprint, else the configured one. Throws ConfigError for what is neither. */
export function keyFor(config: Config, given: string | undefined, checkpoints: readonly Checkpoint[]): KeyFor {
  const configured = knownKey({ config });
  const print = configured && fingerprint(configured.publicKey);
  if (given === undefined) {
    return {
      note: configured,
      checks: configured
        ? [
            unchecked(
              "key",
              `the configured key is ${print}: compare it with what was told elsewhere, or give it with --key`,
            ),
          ]
        : [],
    };
  }
  const expected = fingerprintOf(given);
  if (existsSync(given)) {
    const origin = readNote(checkpoints.findLast(({ note }) => note !== undefined)?.note ?? "")?.origin;
    const name = configured?.name ?? origin;
    const publicKey = rawPublicKey(readFileSync(given, "utf8"));
    return { note: name === undefined ? undefined : { name, publicKey }, checks: [] };
  }
  if (print === expected) return { note: configured, checks: [holds("key", `is the one you gave: ${expected}`)] };
  return configured
    ? {
        note: configured,
        checks: [broken("key", `the configured key is not the one you gave: it is ${print}, not ${expected}`)],
      }
    : {
        note: undefined,
        checks: [unchecked("key", "a fingerprint checks no signature: give the key with --key FILE")],
      };
}

function fingerprintOf(given: string): string {
  try {
    return expectedFingerprint(given);
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : new ConfigError((cause as Error).message, { cause });
  }
}
