import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import { collectInto, contextOf, nothing, statuses, streamsOf } from "./collecting.ts";
import { serving } from "./serving.ts";
import { squashWorld } from "./squash-world.ts";

const { sandbox, serve, start } = serving();
afterEach(sandbox.close);

describe("credentials", () => {
  test("an app signs in with its key, and what it may read is named", async () => {
    const world = squashWorld({ changes: 3 });
    await start({ world, token: "nobody has this" });
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const source = {
      id: "github",
      provider: "github",
      baseUrl: sandbox.url,
      credential: { type: "app", appId: "990001", installation: "7", readKey: () => privateKey },
    } as const;
    const context = contextOf(sandbox.url, { source });
    const kept = await collectInto(nothing(), github, streamsOf(world), context);
    expect(new Set(statuses(kept).values())).toEqual(new Set(["complete"]));
    const { capabilities, scopes } = await github.probe(context);
    expect(scopes).toContain("administration:read");
    expect(capabilities.every((capability) => capability.ok)).toBe(true);
  });

  test("a token that can write is said to", async () => {
    const context = await serve(squashWorld({ changes: 3 }));
    const { identity, capabilities, serverTime } = await github.probe(context);
    expect(identity).toBe("flowproof-reader (4190012)");
    expect(serverTime).toMatch(/^\d{4}-.*Z$/);
    expect(capabilities.filter((capability) => !capability.ok).map((capability) => capability.message)).toEqual([
      expect.stringContaining("can write (repo)"),
    ]);
  });

  test("discovery proposes branches, environments, checks and bots in few requests", async () => {
    const { world } = simulate({ changes: 120 });
    const context = await serve(world);
    const found = await github.discover(world.organisation.login, "2026-10-01T00:00:00Z", context);
    expect(found).toHaveLength(world.repositories.length);
    expect(found.find((each) => each.name.endsWith("/payments"))).toMatchObject({
      defaultBranch: "main",
      environments: ["production", "staging"],
      checks: expect.arrayContaining([{ name: "test", app: "github-actions" }]),
      deployedFrom: ["main"],
    });
    const gateway = found.find((each) => each.name.endsWith("/mobile-gateway"));
    expect(gateway?.merges).toContainEqual({ from: "main", to: "prod" });
    const storefront = found.find((each) => each.name.endsWith("/storefront"));
    expect(storefront?.deployers).toContain("release-bot");
    expect(storefront?.authors).not.toContain("release-bot");
    expect(sandbox.stats().graphqlRequests).toBe(1);
  });
});
