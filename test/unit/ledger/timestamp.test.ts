import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childrenOf, der, derInteger, readDer, tag } from "../../../src/ledger/timestamp/der.ts";
import { readTimestamp, timestampRequest, tokenOf, verifyTimestamp } from "../../../src/ledger/timestamp.ts";
import {
  hasOpenssl,
  type Root,
  rootAuthority,
  type TimestampAuthority,
  timestampAuthority,
  tokenOfTime,
} from "../../fixtures/timestamp-authority.ts";

const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const digest = sha256("a checkpoint's note");

describe.skipIf(!hasOpenssl)("a timestamp of RFC 3161 (needs openssl)", () => {
  let authority: TimestampAuthority;
  let root: Root;
  const nonce = randomBytes(16);
  let response: Uint8Array;
  let token: Uint8Array;

  beforeAll(async () => {
    authority = await timestampAuthority();
    root = rootAuthority("Example Other Root");
    response = authority.reply(timestampRequest(digest, nonce));
    token = tokenOf(response, { digest, nonce });
  });
  afterAll(async () => {
    root[Symbol.dispose]();
    await authority.close();
  });

  test("an authority's answer holds: openssl agrees on the token, its time and the authority are told", async () => {
    const stamp = await verifyTimestamp(token, digest, [authority.root]);
    expect(stamp).toMatchObject({ authority: "CN=Example Time Authority", problems: [] });
    expect(stamp.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const file = join(root.folder, "token");
    writeFileSync(file, token);
    const args = ["ts", "-verify", "-digest", Buffer.from(digest).toString("hex"), "-in", file, "-token_in"];
    expect(
      execFileSync("openssl", [...args, "-CAfile", authority.rootFile], { encoding: "utf8", stdio: "pipe" }),
    ).toContain("Verification: OK");
  });

  test("59 a certificate that expired since holds at its token's time", async () => {
    const expired = root.issue("Expired Authority", { from: "20200101000000Z", to: "20210101000000Z" });
    const at = (time: string) => verifyTimestamp(tokenOfTime(digest, time, expired), digest, [root.certificate]);
    expect(await at("20200601120000Z")).toEqual({
      at: "2020-06-01T12:00:00Z",
      authority: "CN=Expired Authority",
      problems: [],
    });
    for (const time of ["20191231235959Z", "20210101000001Z"]) {
      expect((await at(time)).problems).toEqual(["its certificate did not lead to a trusted root at that time"]);
    }
  });

  test("59 a token over another digest is broken", async () => {
    expect((await verifyTimestamp(token, sha256("another note"), [authority.root])).problems).toEqual([
      "it is a timestamp of something else",
    ]);
  });

  test("59 a root that is not trusted, and none at all, are said", async () => {
    expect((await verifyTimestamp(token, digest, [root.certificate])).problems).toEqual([
      "its certificate did not lead to a trusted root at that time",
    ]);
    expect((await verifyTimestamp(token, digest, [])).problems).toEqual([
      "no root certificate is given that its authority could be judged by",
    ]);
    expect((await readTimestamp(token, digest)).problems).toEqual([]);
  });

  test.each([
    ["not critical", "timeStamping"],
    ["beside another purpose", "critical,timeStamping,codeSigning"],
    ["for another purpose", "critical,codeSigning"],
  ])("59 a certificate that is for timestamps %s is broken", async (name, usage) => {
    const issued = root.issue(`Authority ${name}`, { usage });
    const made = tokenOfTime(digest, "20260601120000Z", issued);
    expect((await verifyTimestamp(made, digest, [root.certificate])).problems).toEqual([
      "its certificate is not one for timestamps alone",
    ]);
  });

  test("59 a token signed by a key that is not its certificate's is broken", async () => {
    const mine = root.issue("One Authority");
    const other = root.issue("Other Authority");
    const forged = tokenOfTime(digest, "20260601120000Z", { certificate: mine.certificate, key: other.key });
    expect((await verifyTimestamp(forged, digest, [root.certificate])).problems).toEqual([
      "the signature does not belong to its certificate's key",
    ]);
  });

  test("59 a token cut anywhere is broken, and so is one with more after it", async () => {
    for (let length = 0; length < token.length; length += 37) {
      expect((await verifyTimestamp(token.subarray(0, length), digest, [authority.root])).problems).not.toEqual([]);
    }
    expect(
      (await verifyTimestamp(Buffer.concat([token, Buffer.from([0])]), digest, [authority.root])).problems,
    ).not.toEqual([]);
  });

  test.each([0x01, 0x20, 0x80])("59 a token with bit %i of any byte changed is broken", async (bit) => {
    const unseen: number[] = [];
    for (let at = 0; at < token.length; at += 1) {
      const changed = Uint8Array.from(token);
      changed[at] = (changed[at] ?? 0) ^ bit;
      if ((await verifyTimestamp(changed, digest, [authority.root])).problems.length === 0) unseen.push(at);
    }
    expect(unseen).toEqual([]);
  });

  test("an answer for another nonce, another digest, a refusal or no answer at all gives no token", () => {
    const asked = { digest, nonce };
    expect(() => tokenOf(response, { digest, nonce: randomBytes(16) })).toThrow("does not carry the request's nonce");
    expect(() => tokenOf(response, { digest: sha256("x"), nonce })).toThrow("a timestamp of something else");
    expect(() => tokenOf(response.subarray(0, 100), asked)).toThrow("cannot be read");
    expect(() => tokenOf(Buffer.from("<html>"), asked)).toThrow("cannot be read");
    const refusal = authority.reply(timestampRequest(digest.subarray(0, 20), nonce));
    expect(() => tokenOf(refusal, asked)).toThrow(/refused the request \(status 2\)/);
  });

  test("a token that is missing from a granted answer, or that lacks its nonce, gives none", () => {
    const granted = der(tag.sequence, derInteger(new Uint8Array([0])));
    expect(() => tokenOf(der(tag.sequence, granted), { digest, nonce })).toThrow("refused");
    const bare = tokenOfTime(digest, "20260601120000Z", root.issue("Bare Authority"));
    expect(() => tokenOf(der(tag.sequence, granted, bare), { digest, nonce })).toThrow("nonce");
  });
});

test("a request asks with SHA-256, a nonce and for the certificates", () => {
  const nonce = new Uint8Array([0, 0x80, 1]);
  const parts = childrenOf(readDer(timestampRequest(digest, nonce)));
  expect(parts.map((part) => part.tag)).toEqual([tag.integer, tag.sequence, tag.integer, tag.boolean]);
  expect(Buffer.from(parts[2]?.content ?? []).toString("hex")).toBe("008001");
  expect(parts[3]?.content).toEqual(new Uint8Array([0xff]));
});
