import { describe, expect, test } from "vitest";
import type { Seen, Unreadable } from "../../../../src/model/entity.ts";
import { commitStreams, coverageIndex } from "../../../../src/store/dossiers/gaps.ts";

const key = "github/1";
const reviews = `${key}/reviews`;
const complete = (stream: string) => ({
  stream,
  run: "1",
  status: "complete" as const,
  from: "2026-10-01T00:00:00Z",
  to: "2026-11-01T00:00:00Z",
});
const unread = (record: number, externalId: string): Seen<Unreadable> => ({
  type: "unreadable",
  key: `${reviews}/review/${externalId}`,
  repository: key,
  stream: reviews,
  kind: "review",
  externalId,
  reason: "unknown shape: review.state",
  record,
});

describe("a stream with a record that could not be read", () => {
  const said = [complete(reviews), complete(`${key}/checks`)];

  test("covers no instant, and names the record and the reason", () => {
    const coverage = coverageIndex(said, [unread(12, "77")]);
    for (const at of ["2026-10-05T00:00:00Z", "2026-09-01T00:00:00Z", "2027-01-01T00:00:00Z"])
      expect(coverage.gapAt(reviews, at)).toBe("record r12 (review 77) could not be read: unknown shape: review.state");
    expect(coverage.gapAt(`${key}/checks`, "2026-10-05T00:00:00Z")).toBeUndefined();
  });

  test("names the earliest record and how many more there are, whatever their order", () => {
    const coverage = coverageIndex(said, [unread(15, "80"), unread(12, "77"), unread(14, "79")]);
    expect(coverage.unreadable(reviews)).toBe(
      "record r12 (review 77) could not be read: unknown shape: review.state (and 2 more of this stream)",
    );
    expect(coverage.unreadable(`${key}/checks`)).toBeUndefined();
  });
});

describe("the commits that deliveries rest on", () => {
  const streams = (branch: string, promotedThrough: string[], ...own: string[]) =>
    commitStreams((stream) => own.includes(stream), { key, branch, promotedThrough });

  test("are the repository's own stream and one for each branch a change is promoted through", () => {
    expect(streams("main", [])).toEqual([`${key}/commits`]);
    expect(streams("main", ["prod"], `${key}/commits/prod`)).toEqual([`${key}/commits`, `${key}/commits/prod`]);
  });

  test("are a stream of the branch's own where another system's branch has the one without a suffix", () => {
    expect(streams("release/2", [], `${key}/commits/release/2`)).toEqual([`${key}/commits/release/2`]);
  });
});
