import { describe, expect, it } from "vitest";
import { timestampRequest, tokenOf } from "../../../../src/ledger/timestamp.ts";
import type { Proofs } from "../../../../src/pack/formats.ts";
import { readToken, timestampChecks } from "../../../../src/pack/verify/timestamp.ts";
import { sha256 } from "../../../../src/util/hash.ts";
import { checkpointOf, fixtureKey, memoryLedger } from "../../../fixtures/sealed-pack.ts";
import { hasOpenssl, rootAuthority, timestampAuthority, tokenOfTime } from "../../../fixtures/timestamp-authority.ts";

const checkpoint = checkpointOf(memoryLedger(3), fixtureKey());
const digest = sha256(checkpoint.note);

const stamped = (token: Uint8Array): Proofs => ({
  version: 1,
  checkpoint,
  timestamp: { token: Buffer.from(token).toString("base64"), authority: "https://time.example/tsa" },
  earlier: [],
  records: { leaves: [], proof: [] },
});

describe.skipIf(!hasOpenssl)("the timestamp of a checkpoint (needs openssl)", () => {
  it("says what openssl's authority stamped, and that its signature is still to be checked", async () => {
    await using authority = await timestampAuthority();
    const nonce = Buffer.from("0123456789abcdef", "hex");
    const token = tokenOf(authority.reply(timestampRequest(digest, nonce)), { digest, nonce });
    expect(Buffer.from(readToken(token)?.imprint ?? "")).toEqual(digest);
    expect(timestampChecks(stamped(token))).toEqual([
      {
        subject: "timestamp",
        outcome: "holds",
        text: expect.stringMatching(
          /over this checkpoint and states 20\d\d-\d\d-\d\dT[\d:]+Z; by https:\/\/time\.example\/tsa$/,
        ),
      },
      { subject: "timestamp", outcome: "unchecked", text: expect.stringMatching(/openssl ts -verify/) },
    ]);
  });

  it("is broken over anything else (59), and where it is cut or no token", () => {
    using root = rootAuthority();
    const issued = root.issue("Example Time Authority");
    const token = tokenOfTime(digest, "20261101120000Z", issued);
    expect(timestampChecks(stamped(token))[0]).toMatchObject({
      outcome: "holds",
      text: expect.stringMatching(/states 2026-11-01T12:00:00Z; /),
    });
    const other = tokenOfTime(sha256("another note"), "20261101120000Z", issued);
    expect(timestampChecks(stamped(other))).toEqual([
      {
        subject: "timestamp",
        outcome: "broken",
        text: "proofs.json: its token is over something else than the checkpoint's note",
      },
    ]);
    const local = tokenOfTime(digest, "20261101130000+0100", issued);
    for (const bad of [local, Buffer.alloc(0), Buffer.from("3080", "hex"), Buffer.concat([token, Buffer.alloc(1)])]) {
      expect(timestampChecks(stamped(bad))).toEqual([expect.objectContaining({ outcome: "broken" })]);
    }
    for (let length = 0; length < token.length; length += 7)
      expect(readToken(token.subarray(0, length))).toBeUndefined();
  });
});

describe("a pack without a timestamp", () => {
  it("says why, and that no time is proven", () => {
    const timestamp = { token: null, reason: "the authority did not answer" } as const;
    expect(timestampChecks({ ...stamped(Buffer.alloc(0)), timestamp })).toEqual([
      {
        subject: "timestamp",
        outcome: "unchecked",
        text: "there is none, so no time is proven: the authority did not answer",
      },
    ]);
  });
});
