import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  fingerprint,
  newSigningKey,
  publicKeyPem,
  rawPublicKey,
  signingKey,
  verifyEd25519,
} from "../../../src/ledger/signing-key.ts";
import { ConfigError } from "../../../src/util/errors.ts";

/** RFC 8032 section 7.1, test 2, as PKCS#8. */
const rfc8032 = {
  pem: `-----BEGIN PRIVATE KEY-----\n${Buffer.from(
    "302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "hex",
  ).toString("base64")}\n-----END PRIVATE KEY-----\n`,
  publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  signature:
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
};

describe("the signing key", () => {
  it("signs as RFC 8032 has it", () => {
    const key = signingKey(rfc8032.pem, "riverbank.example/ledger");
    expect(key.name).toBe("riverbank.example/ledger");
    expect(Buffer.from(key.publicKey).toString("hex")).toBe(rfc8032.publicKey);
    const signature = key.sign(Uint8Array.of(0x72));
    expect(Buffer.from(signature).toString("hex")).toBe(rfc8032.signature);
    expect(verifyEd25519(key.publicKey, Uint8Array.of(0x72), signature)).toBe(true);
  });

  it("is new each time, and its public half goes to PEM and back, as openssl's library reads it", () => {
    const key = signingKey(newSigningKey(), "a");
    expect(signingKey(newSigningKey(), "a").publicKey).not.toEqual(key.publicKey);
    const pem = publicKeyPem(key.publicKey);
    expect(rawPublicKey(pem)).toEqual(key.publicKey);
    const message = Buffer.from("a message");
    expect(verify(null, message, createPublicKey(pem), key.sign(message))).toBe(true);
    expect(fingerprint(key.publicKey)).toBe(createHash("sha256").update(key.publicKey).digest("hex"));
  });

  it("of another kind, of none, or private where a public one belongs is refused without a word of its text", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const wrong = [
      () => signingKey(rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "a"),
      () => signingKey("hunter2", "a"),
      () => signingKey(publicKeyPem(new Uint8Array(32)), "a"),
      () => rawPublicKey(rfc8032.pem),
      () => rawPublicKey(rsa.publicKey.export({ type: "spki", format: "pem" }).toString()),
    ];
    for (const attempt of wrong) {
      expect(attempt).toThrow(ConfigError);
      expect(attempt).not.toThrow(/hunter2|MII/);
    }
  });

  it("vouches for nothing that is altered or malformed", () => {
    const { publicKey, sign } = signingKey(newSigningKey(), "a");
    const message = Buffer.from("a message");
    const signature = sign(message);
    expect(verifyEd25519(publicKey, Buffer.from("another"), signature)).toBe(false);
    expect(verifyEd25519(publicKey.subarray(1), message, signature)).toBe(false);
    expect(verifyEd25519(publicKey, message, signature.subarray(1))).toBe(false);
    expect(verifyEd25519(new Uint8Array(32).fill(255), message, signature)).toBe(false);
    for (let at = 0; at < signature.length; at += 1) {
      const flipped = Uint8Array.from(signature, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(verifyEd25519(publicKey, message, flipped)).toBe(false);
    }
  });
});
