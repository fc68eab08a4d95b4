import { readFileSync } from "node:fs";
import { fingerprint, rawPublicKey } from "../../ledger/signing-key.ts";
import { ConfigError } from "../../util/errors.ts";
import { packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, holds, reasonOf, unchecked } from "./findings.ts";

/** A public key in PEM, as its 32 bytes; undefined for anything else. */
export function readKey(pem: Uint8Array): Uint8Array | undefined {
  try {
    const raw = rawPublicKey(Buffer.from(pem).toString("latin1"));
    return raw.length === 32 ? raw : undefined;
  } catch {
    return undefined;
  }
}

const hint = "Give the fingerprint, or the path of the organisation's signing-key.pem.";

/** The key that an auditor was told, as a fingerprint: given so, or as a file in PEM. Throws ConfigError for anything else. */
export function expectedFingerprint(given: string): string {
  const digits = given
    .replace(/^sha256:/i, "")
    .replace(/[:\s]/g, "")
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  let pem: Uint8Array;
  try {
    pem = readFileSync(given);
  } catch (error) {
    throw new ConfigError(
      `--key ${given}: neither a fingerprint of 64 hexadecimal digits nor a file: ${reasonOf(error)}`,
      { cause: error, hint },
    );
  }
  const key = readKey(pem);
  if (!key) throw new ConfigError(`--key ${given}: the file holds no Ed25519 public key in PEM`, { hint });
  return fingerprint(key);
}

/** Whose key it is cannot be seen in a pack: it is compared with the one expected, or left to the reader. */
export function keyCheck(key: Uint8Array, expected: string | undefined): Check {
  const found = fingerprint(key);
  if (expected === undefined) {
    return unchecked(
      packFile.key,
      `the key's fingerprint is ${found}: compare it with what the organisation told you, or give it with --key`,
    );
  }
  return found === expected
    ? holds(packFile.key, `is the key you gave: ${found}`)
    : broken(packFile.key, `is not the key you gave: its fingerprint is ${found}, not ${expected}`);
}
