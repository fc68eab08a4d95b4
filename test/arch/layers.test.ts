import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ICruiseResult, IForbiddenRuleType } from "dependency-cruiser";
import { cruise } from "dependency-cruiser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../src/util/root.ts";

const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");
const rules = config.forbidden as IForbiddenRuleType[];

// Written again, not read from the configuration: a slip there must show here.
const mayImport: Record<string, string> = {
  cli: "pipeline util",
  pipeline: "config providers sandbox store ledger catalog attributes evaluation flow report pack model util",
  config: "model util",
  providers: "model util",
  sandbox: "model util",
  store: "ledger model util",
  ledger: "util",
  catalog: "model util",
  attributes: "model",
  evaluation: "attributes model",
  flow: "model",
  report: "model util",
  pack: "ledger model util",
  model: "util",
  util: "",
};
const rooms = Object.keys(mayImport);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-layers-"));
  mkdirSync(join(folder, "migrations"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** Every broken rule as `rule: from -> to`, sorted. */
async function violations(files: Record<string, string>): Promise<string[]> {
  write(
    "package.json",
    JSON.stringify({
      name: "flowproof",
      type: "module",
      dependencies: {
        kysely: "1",
        "better-sqlite3": "1",
        "@octokit/graphql": "1",
        "@octokit/graphql-schema": "1",
        graphql: "1",
        "puppeteer-core": "1",
        zod: "1",
      },
      devDependencies: { vitest: "1" },
    }),
  );
  for (const [file, content] of Object.entries(files)) write(file, content);
  for (const name of [
    "kysely",
    "better-sqlite3",
    "@octokit/graphql",
    "@octokit/graphql-schema",
    "graphql",
    "puppeteer-core",
    "zod",
    "vitest",
  ]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    write(`node_modules/${name}/index.js`, "");
  }
  const { tsConfig: _, ...options } = config.options;
  const { output } = await cruise(["src", "migrations"], {
    ...options,
    baseDir: folder,
    ruleSet: { forbidden: rules },
    validate: true,
  });
  const { violations: found } = (output as ICruiseResult).summary;
  return found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

describe("the layer rules", () => {
  it("let every room import what DESIGN allows and name every other import, types included", async () => {
    const files: Record<string, string> = {};
    const expected: string[] = [];
    for (const from of rooms) {
      files[`src/${from}/leaf.ts`] = "export type Leaf = string;";
      for (const to of rooms) {
        if (from === to) continue;
        files[`src/${from}/to-${to}.ts`] = `import type { Leaf } from "../${to}/leaf.ts";\nexport type Taken = Leaf;`;
        if (!mayImport[from]?.split(" ").includes(to))
          expected.push(`layer-${from}: src/${from}/to-${to}.ts -> src/${to}/leaf.ts`);
      }
    }
    expect(await violations(files)).toEqual(expected.sort());
  });

  it.each([
    ["only-sqlite", "src/store/records.ts", "better-sqlite3"],
    ["only-kysely", "src/report/view.ts", "kysely"],
    ["only-octokit", "src/pipeline/collect.ts", "@octokit/graphql"],
    ["only-octokit-schema", "src/pipeline/collect.ts", "@octokit/graphql-schema"],
    ["only-graphql", "src/providers/github/index.ts", "graphql"],
    ["only-browser", "src/report/print.ts", "puppeteer-core"],
    ["attributes-only-zod", "src/attributes/change-described.ts", "kysely"],
    ["no-dev-packages", "src/util/clock.ts", "vitest"],
    ["pure-rooms-do-no-io", "src/evaluation/fold.ts", "node:fs"],
    ["pure-rooms-do-no-io", "src/flow/lead-time.ts", "node:crypto"],
    ["pure-rooms-do-no-io", "src/attributes/change-described.ts", "node:fs"],
    ["resolvable", "src/util/clock.ts", "./missing.ts"],
    ["provider-alone", "src/providers/github/index.ts", "../gitlab/index.ts"],
    ["migrations-are-frozen", "migrations/index.ts", "../src/util/clock.ts"],
    ["only-store-migrates", "src/cli/main.ts", "../../migrations/one.ts"],
    ["rooms-only", "src/cli/main.ts", "../helpers/clock.ts"],
    ["no-test-code", "src/cli/main.ts", "../../test/clock.ts"],
  ])("%s: %s may not import %s", async (rule, from, to) => {
    const files = { [from]: `import { It } from "${to}";\nexport const taken = It;` };
    if (to.startsWith("../")) files[join(dirname(from), to)] = "export const It = 1;";
    expect((await violations(files)).map((line) => line.split(":")[0])).toContain(rule);
  });

  it("allow each package in its own room", async () => {
    const take = (name: string) => `import type { It } from "${name}";\nexport type Taken = It;`;
    expect(
      await violations({
        "src/store/dialect/sqlite.ts": take("better-sqlite3"),
        "src/store/records.ts": take("kysely"),
        "migrations/index.ts": take("kysely"),
        "src/providers/github/index.ts": take("@octokit/graphql"),
        "src/sandbox/schema.ts": take("@octokit/graphql-schema"),
        "src/sandbox/execute.ts": take("graphql"),
        "src/pack/browser.ts": take("puppeteer-core"),
        "src/attributes/change-described.ts": take("zod"),
      }),
    ).toEqual([]);
  });

  it("name a cycle", async () => {
    const found = await violations({
      "src/util/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;',
      "src/util/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;',
    });
    expect(found.join()).toContain("no-cycles");
  });

  it("each state their reason", () => {
    for (const rule of rules) expect(rule.comment, rule.name).toMatch(/\w{3}/);
    expect(packageRoot()).toBe(dirname(dirname(import.meta.dirname)));
  });
});
