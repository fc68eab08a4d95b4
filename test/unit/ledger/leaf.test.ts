import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { leafContent, leafHash } from "../../../src/ledger/leaf.ts";
import { sha256 } from "../../../src/util/hash.ts";

const fields = {
  version: 1,
  stream: "github/4711/changes",
  kind: "change",
  externalId: "PR_é",
  fetchedAt: "2026-10-31T23:59:59Z",
  run: "r1",
  digest: "00ff",
} as const;

describe("a leaf", () => {
  it("is RFC 8785 JSON: sorted keys, no space, UTF-8", () => {
    expect(Buffer.from(leafContent(fields)).toString("utf8")).toBe(
      '{"digest":"00ff","externalId":"PR_é","fetchedAt":"2026-10-31T23:59:59Z","kind":"change","run":"r1",' +
        '"stream":"github/4711/changes","version":1}',
    );
  });

  it("is hashed after a zero byte, so that it can never pass for a node", () => {
    const content = leafContent(fields);
    const expected = createHash("sha256")
      .update(Buffer.concat([Buffer.of(0), content]))
      .digest("hex");
    expect(Buffer.from(leafHash(sha256, content)).toString("hex")).toBe(expected);
  });
});
