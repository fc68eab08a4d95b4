import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { preAuthEncoding, readEnvelope, writeEnvelope } from "../../../src/ledger/dsse.ts";

const payload = Buffer.from('{"subject":"é"}');
const payloadType = "application/vnd.in-toto+json";
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const sig = sign(null, preAuthEncoding(payloadType, payload), privateKey);
const json = writeEnvelope({ payloadType, payload, signatures: [{ keyid: "00ff", sig }] });
const holds = (text: string): boolean => {
  const read = readEnvelope(text);
  return (
    !!read?.signatures[0] &&
    verify(null, preAuthEncoding(read.payloadType, read.payload), publicKey, read.signatures[0].sig)
  );
};
const changed = (change: (envelope: Record<string, unknown>) => unknown): string =>
  JSON.stringify(change(JSON.parse(json)));

describe("the encoding that is signed", () => {
  it("is the specification's example", () => {
    expect(Buffer.from(preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"))).toString()).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });

  it("counts bytes, not characters", () => {
    expect(Buffer.from(preAuthEncoding("é", Buffer.from("ü"))).toString()).toBe("DSSEv1 2 é 2 ü");
  });
});

describe("an envelope", () => {
  it("reads back as it was written", () => {
    const read = readEnvelope(json);
    expect(Buffer.from(read?.payload ?? [])).toEqual(payload);
    expect(read).toMatchObject({ payloadType, signatures: [{ keyid: "00ff" }] });
    expect(Buffer.from(read?.signatures[0]?.sig ?? [])).toEqual(sig);
    expect(holds(json)).toBe(true);
  });

  it("is no longer signed when payload or type are others", () => {
    expect(holds(changed((envelope) => ({ ...envelope, payload: Buffer.from("{}").toString("base64") })))).toBe(false);
    expect(holds(changed((envelope) => ({ ...envelope, payloadType: "text/plain" })))).toBe(false);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a field more", changed((envelope) => ({ ...envelope, extra: 1 }))],
    ["no payload", changed(({ payload: _, ...rest }) => rest)],
    ["a payload that is no text", changed((envelope) => ({ ...envelope, payload: 1 }))],
    ["a payload in base64url", changed((envelope) => ({ ...envelope, payload: "_-_-" }))],
    ["white space in the payload", changed((envelope) => ({ ...envelope, payload: ` ${envelope.payload}` }))],
    ["a type that is no text", changed((envelope) => ({ ...envelope, payloadType: null }))],
    ["no signature", changed((envelope) => ({ ...envelope, signatures: [] }))],
    ["signatures that are no list", changed((envelope) => ({ ...envelope, signatures: { length: 1 } }))],
    ["a signature without a key", changed((envelope) => ({ ...envelope, signatures: [{ sig: "AAAA" }] }))],
    ["a signature that is null", changed((envelope) => ({ ...envelope, signatures: [null] }))],
    [
      "one signature that cannot be read",
      changed((envelope) => ({
        ...envelope,
        signatures: [
          { keyid: "a", sig: "AAAA" },
          { keyid: "b", sig: "A" },
        ],
      })),
    ],
  ])("with %s is none", (_, malformed) => {
    expect(readEnvelope(malformed)).toBeUndefined();
  });
});
