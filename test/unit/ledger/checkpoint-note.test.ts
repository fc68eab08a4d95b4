import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type CheckpointNote,
  checkpointText,
  keyHash,
  noteOf,
  readNote,
  signatureFor,
} from "../../../src/ledger/checkpoint-note.ts";
import { hashSync } from "../../../src/ledger/hashing.ts";
import { sha256, sha256Hex } from "../../../src/util/hash.ts";

const origin = "flowproof/riverbank";
const root = sha256Hex("root");
const text = checkpointText({ origin, size: 20_852_163, root });
const made = generateKeyPairSync("ed25519");
const key = {
  name: origin,
  publicKey: rawKey(made.publicKey.export({ format: "jwk" }).x),
  sign: (message: Uint8Array): Uint8Array => sign(null, message, made.privateKey),
};
const note = hashSync(sha256, noteOf(text, key));
const [, signature = ""] = /([^ ]+)\n$/.exec(note) ?? [];

function rawKey(x = ""): Uint8Array {
  return Buffer.from(x, "base64url");
}

const signatureOf = (from: string, by: { name: string; publicKey: Uint8Array } = key) =>
  hashSync(sha256, signatureFor(readNote(from) as CheckpointNote, by));
const isSigned = (from: string): boolean => {
  const read = readNote(from);
  const found = read && hashSync(sha256, signatureFor(read, key));
  return found !== undefined && verify(null, Buffer.from(read?.text ?? ""), made.publicKey, found);
};

describe("a checkpoint's text", () => {
  it("is origin, size and root in base64, a line each", () => {
    expect(text).toBe(`flowproof/riverbank\n20852163\n${Buffer.from(root, "hex").toString("base64")}\n`);
  });

  it.each([
    ["an origin of two lines", { origin: "a\n9", size: 1, root }],
    ["no origin", { origin: "", size: 1, root }],
    ["a control character in the origin", { origin: "a\tb", size: 1, root }],
    ["a negative size", { origin, size: -1, root }],
    ["half a leaf", { origin, size: 0.5, root }],
    ["a size that a double cannot hold", { origin, size: 2 ** 53, root }],
    ["a short root", { origin, size: 1, root: root.slice(2) }],
    ["a root that is not hexadecimal", { origin, size: 1, root: root.replace(/^./, "x") }],
  ])("is refused for %s", (_, statement) => {
    expect(() => checkpointText(statement)).toThrow(RangeError);
  });
});

describe("a signed note", () => {
  it("is what Go's note package writes for its own example", () => {
    // The key pair and the note of golang.org/x/mod/sumdb/note's documentation.
    const seed = Buffer.from("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "base64").subarray(1);
    const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
    const privateKey = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
    const publicKey = rawKey(createPublicKey(privateKey).export({ format: "jwk" }).x);
    expect(Buffer.concat([Buffer.of(1), publicKey]).toString("base64")).toBe(
      "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    );
    const example = { name: "PeterNeumann", publicKey, sign: (message: Uint8Array) => sign(null, message, privateKey) };
    const lines =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    expect(hashSync(sha256, keyHash(example))).toBe("c74f20a3");
    expect(hashSync(sha256, noteOf(lines, example))).toBe(
      `${lines}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    );
  });

  it("reads back as what was signed", () => {
    const read = readNote(note);
    expect(read).toMatchObject({ text, origin, size: 20_852_163, root });
    expect(read?.signatures).toMatchObject([{ name: origin, keyHash: hashSync(sha256, keyHash(key)) }]);
    expect(isSigned(note)).toBe(true);
  });

  it("reads the specification's example, of a key unknown here", () => {
    const example =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
      "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    const read = readNote(example);
    expect(read).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20_852_163 });
    expect(read?.signatures).toMatchObject([{ name: "example.com/behind-the-sofa", keyHash: "033de0ae" }]);
    expect(signatureOf(example)).toBeUndefined();
  });

  it("binds size, root and origin: another one is no longer signed", () => {
    for (const forged of [
      note.replace("20852163", "20852164"),
      note.replace("riverbank\n", "riverbanc\n"),
      `${checkpointText({ origin, size: 20_852_163, root: sha256Hex("other") })}${note.slice(text.length)}`,
    ]) {
      expect(readNote(forged)).toBeDefined();
      expect(isSigned(forged)).toBe(false);
    }
  });

  it("keeps extension lines in the text that is signed", () => {
    const extended = hashSync(sha256, noteOf(`${text}extension\n`, key));
    expect(readNote(extended)?.text).toBe(`${text}extension\n`);
    expect(isSigned(extended)).toBe(true);
    expect(isSigned(extended.replace("extension\n", ""))).toBe(false);
  });

  it("keeps the signatures of unknown keys and finds its own among them", () => {
    const witness = "— witness.example/w AAAAAGFueXRoaW5n\n";
    for (const both of [note + witness, note.replace("— ", `${witness}— `)]) {
      expect(readNote(both)?.signatures).toHaveLength(2);
      expect(isSigned(both)).toBe(true);
    }
  });

  it("is not of a key with the same name, or with the same bytes under another name", () => {
    expect(signatureOf(note, { name: origin, publicKey: sha256("another key") })).toBeUndefined();
    expect(signatureOf(note, { ...key, name: "flowproof/other" })).toBeUndefined();
  });

  it("is of no key that signed it twice: one of the two is wrong", () => {
    const [line = ""] = /— .*\n$/.exec(note) ?? [];
    expect(signatureOf(`${note}${line.replace(/.{7}=\n$/, "AAAAAAA=\n")}`)).toBeUndefined();
  });

  it.each([
    ["no signature", `${text}\n`],
    ["no blank line", note.replace("\n\n", "\n")],
    ["no newline at the end", note.slice(0, -1)],
    ["a blank line at the end", `${note}\n`],
    ["carriage returns", note.replaceAll("\n", "\r\n")],
    ["a NUL", note.replace("riverbank", "river\0bank")],
    ["half a character", note.replace("riverbank", "river\ud800bank")],
    ["a hyphen for the dash", note.replace("—", "-")],
    ["a line after the signatures", `${note}more\n`],
    ["two spaces in a signature's line", note.replace("— ", "—  ")],
    ["a no-break space in the key's name", note.replace("— flowproof/", "— flowproof\u00a0")],
    ["a plus in the key's name", note.replace("— flowproof/", "— flowproof+")],
    ["a signature of four bytes", note.replace(signature, "AAAAAA==")],
    ["a signature without padding", note.replace(/=+\n$/, "\n")],
    ["a signature with stray bits", `${text}\n— witness.example AAAAAAF=\n`],
    ["a leading zero", note.replace("20852163", "020852163")],
    ["a sign before the size", note.replace("20852163", "+20852163")],
    ["a size that a double cannot hold", note.replace("20852163", "9007199254740993")],
    ["no origin", note.slice(origin.length)],
    ["an empty extension line", note.replace("=\n\n", "=\n\n\n")],
    ["a root of 31 bytes", note.replace(/(?<=\n)[^\n]+=(?=\n\n)/, Buffer.alloc(31).toString("base64"))],
    ["a root in base64url", note.replace(/(?<=\n)[^\n]+=(?=\n\n)/, `${"_".repeat(42)}8=`)],
    ["more signatures than anybody sends", note + "— witness.example AAAAAGFueXRoaW5n\n".repeat(32)],
    ["nothing", ""],
  ])("with %s is none", (_, malformed) => {
    expect(malformed).not.toBe(note);
    expect(readNote(malformed)).toBeUndefined();
  });

  it.each([
    ["a text without a newline at its end", text.slice(0, -1), key],
    ["a key's name with a space", text, { ...key, name: "two words" }],
    ["a key's name with a newline", text, { ...key, name: "a\nb" }],
    ["a key without a name", text, { ...key, name: "" }],
  ])("is not made of %s", (_, body, by) => {
    expect(() => hashSync(sha256, noteOf(body, by))).toThrow(RangeError);
  });
});
