import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { streamKinds } from "../../src/model/stream.ts";
import { providers } from "../../src/providers/registry.ts";
import { packageRoot } from "../../src/util/root.ts";

test("the registry holds one provider for each folder, by the folder's name", () => {
  const folders = readdirSync(join(packageRoot(), "src/providers"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(providers.map((provider) => provider.id).sort()).toEqual(folders.map((folder) => folder.name).sort());
});

test("every provider observes kinds of evidence that exist, each once, and never flowproof's own configuration", () => {
  for (const { streams } of providers) {
    expect(new Set(streams).size).toBe(streams.length);
    expect(streamKinds).toEqual(expect.arrayContaining([...streams]));
    expect(streams).not.toContain("configuration");
  }
});
