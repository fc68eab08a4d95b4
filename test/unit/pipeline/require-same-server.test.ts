import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../../src/pipeline/collect.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { status } from "../../../src/pipeline/status.ts";
import { startRiverbank } from "./riverbank.ts";

describe("a store that holds what a sandbox invented", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  beforeAll(async () => {
    riverbank = await startRiverbank();
    await collect(riverbank.context());
  });
  afterAll(() => riverbank.close());

  it("takes nothing of a source of the same name elsewhere, and is as it was", async () => {
    const before = await status(riverbank.context());
    const elsewhere = riverbank.context((text) =>
      text
        .replace(riverbank.url, "https://git.riverbank.example/api/v3")
        .replace("organisation: Riverbank", "organisation: Own"),
    );
    await expect(collect(elsewhere)).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/source github gave at 127\.0\.0\.1:\d+, and https:.* is elsewhere/),
      hint: expect.stringContaining("Set `store` to another file"),
    });
    expect(await status(riverbank.context())).toEqual(before);
  });

  it("goes on with a sandbox under another address of this machine", async () => {
    const moved = riverbank.context((text) =>
      text.replace(riverbank.url, riverbank.url.replace("127.0.0.1", "localhost")),
    );
    expect((await collect(moved)).run).not.toBe("");
  });
});

describe("a store that holds an organisation's own evidence", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  beforeEach(async () => {
    riverbank = await startRiverbank();
  });
  afterEach(() => riverbank.close());

  const heard = async (endpoint: string, operation: string) =>
    withStore(riverbank.context(), { write: true }, async (store) => {
      await store.lock("test");
      const run = await store.beginRun("collect");
      const at = "2026-11-01T03:00:00Z";
      const stream = { id: "github/7/repository", source: "github", kind: "repository", scopeId: "7" } as const;
      await store.append(run, {
        exchange: { endpoint, operation, query: "q", variables: "{}", status: 200, startedAt: at, serverTime: at },
        parts: [
          {
            stream: { ...stream, scopeName: "own/ledger", since: at },
            records: [],
            coverage: { status: "unobserved", from: at, to: at, reason: "none" },
          },
        ],
      });
      await store.endRun(run, "done");
    });

  it("takes a sandbox after a mistyped address that never answered", async () => {
    await heard("https://git.own.example/api/v3", "none");
    expect((await collect(riverbank.context())).nothing).toEqual([]);
  });

  it("takes nothing that is invented", async () => {
    await heard("https://git.own.example/api/graphql", "repositories");
    await expect(collect(riverbank.context())).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(
        /gave at git\.own\.example, and http:\/\/127\.0\.0\.1:\d+\/api\/v3 is on this machine/,
      ),
      hint: expect.stringContaining("nothing invented stands beside your own evidence"),
    });
  });
});
