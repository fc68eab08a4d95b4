import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";

/** The ledger's Ed25519 key: `name` is the origin of its checkpoints, `publicKey` the raw 32 bytes, and `sign` gives the 64 bytes of RFC 8032. */
export interface SigningKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

// https://www.rfc-editor.org/rfc/rfc8410#section-4: what stands before the 32 bytes in a SubjectPublicKeyInfo.
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** The key of a PEM text that says `PRIVATE KEY`; throws ConfigError for anything but Ed25519. */
export function signingKey(pem: string, name: string): SigningKey {
  const key = ed25519(() => createPrivateKey(pem), "an unencrypted Ed25519 private key");
  return { name, publicKey: raw(createPublicKey(key)), sign: (message) => sign(null, message, key) };
}

/** A new key as PKCS#8 PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The raw 32 bytes as the PEM text that openssl reads. */
export function publicKeyPem(publicKey: Uint8Array): string {
  const base64 = Buffer.concat([spkiPrefix, publicKey]).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
}

/** The raw 32 bytes of a PEM text that says `PUBLIC KEY`; throws ConfigError for anything but Ed25519. */
export function rawPublicKey(pem: string): Uint8Array {
  const what = "an Ed25519 public key";
  // A private key would be taken too, and it has no place where a public one is asked for.
  if (/PRIVATE KEY/.test(pem)) throw notA(what);
  return raw(ed25519(() => createPublicKey(pem), what));
}

/** SHA-256 of the raw public key, hexadecimal: what is printed, compared by telephone and used as DSSE's keyid. */
export function fingerprint(publicKey: Uint8Array): string {
  return sha256Hex(publicKey);
}

/** Whether the raw public key signed exactly these bytes; false for anything malformed. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: "der", type: "spki" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

function raw(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ type: "spki", format: "der" }).subarray(spkiPrefix.length));
}

function ed25519(read: () => KeyObject, what: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw notA(what, cause);
  }
  if (key.asymmetricKeyType !== "ed25519") throw notA(what);
  return key;
}

/** Says nothing of what the text was: it may have been a secret. */
function notA(what: string, cause?: unknown): ConfigError {
  return new ConfigError(`the signing key is not ${what} in PEM`, {
    cause,
    hint: "Make one with `flowproof init`, or with: openssl genpkey -algorithm ed25519 -out flowproof.key",
  });
}
