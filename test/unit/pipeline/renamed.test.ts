import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load-config.ts";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { demoConfig, simulate, startSandbox } from "../../../src/sandbox/index.ts";
import { emptyRepository } from "../../../src/sandbox/world.ts";
import { IntegrityError } from "../../../src/util/errors.ts";
import { parsePeriod } from "../../../src/util/period.ts";

const hour = 3_600_000;

/** An organisation whose source can be changed between runs. */
async function organisation(folder: string) {
  const { world, truth } = simulate({ changes: 50 });
  const end = Date.parse(truth.until);
  let now = end + 48 * hour;
  const clock = () => new Date(now);
  const sandbox = await startSandbox({ world, clock });
  let text = demoConfig(sandbox.url, { store: "flowproof.db", reports: "." });
  const file = join(folder, "flowproof.config.yaml");
  const context = (): PipelineContext => {
    writeFileSync(file, text);
    return {
      config: loadConfig(file, { FLOWPROOF_SANDBOX_TOKEN: "any-token" }),
      clock,
      signal: new AbortController().signal,
      progress: () => undefined,
      wait: async () => undefined,
      env: {},
    };
  };
  const period = parsePeriod(new Date(end - 1).toISOString().slice(0, 7), "Europe/London", clock());
  return {
    world,
    end,
    close: () => sandbox.close(),
    configure: (edit: (before: string) => string) => {
      text = edit(text);
    },
    collect: () => {
      world.revision++;
      now += hour;
      return collect(context());
    },
    assess: () => assess(context(), { period }),
  };
}

const keysOf = ({ population }: AssessmentResult) =>
  population
    .filter(({ system, subject }) => system === "ledger-api" && subject !== "configuration")
    .map(({ key }) => key);

describe("after a rename", () => {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-renamed-"));
  let riverbank: Awaited<ReturnType<typeof organisation>>;
  beforeEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    riverbank = await organisation(folder);
    await riverbank.collect();
  });
  afterEach(() => riverbank.close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const ledger = () => {
    const repository = riverbank.world.repositories.find(({ name }) => name === "ledger-api");
    if (!repository) throw new Error("the simulation has no ledger-api");
    return repository;
  };

  it("a system's evidence stays in scope under the repository's new name", async () => {
    const before = keysOf(await riverbank.assess());
    expect(before.length).toBeGreaterThan(5);
    ledger().name = "ledger-renamed";
    await riverbank.collect();
    const result = await riverbank.assess();
    expect(keysOf(result)).toEqual(before);
    expect(result.scope.repositories).toContainEqual({
      name: "riverbank/ledger-renamed",
      status: "inScope",
      reason: "riverbank/ledger-api is now riverbank/ledger-renamed; followed by its id",
    });
  });

  it("another repository under the old name takes nobody's place, and it is said aloud", async () => {
    const before = keysOf(await riverbank.assess());
    const old = ledger();
    old.name = "ledger-old";
    riverbank.world.repositories.push(
      emptyRepository(riverbank.world.repositories.length, 99_887_766, "ledger-api", old.createdAt),
    );
    const { warnings } = await riverbank.collect();
    const reason = `riverbank/ledger-api is now another repository (id 99887766) than the one first seen (id ${old.id}); the first is followed, as riverbank/ledger-old`;
    expect(warnings).toContainEqual(expect.stringContaining(reason));
    const result = await riverbank.assess();
    expect(keysOf(result)).toEqual(before);
    expect(result.scope.repositories).toContainEqual({ name: "riverbank/ledger-old", status: "inScope", reason });
    expect(result.scope.repositories).toContainEqual({ name: "riverbank/ledger-api", status: "unlisted", reason });

    // Named by its new name, the first stays; only then may the old name mean the other.
    riverbank.configure((text) => text.replaceAll("riverbank/ledger-api", "riverbank/ledger-old"));
    expect((await riverbank.collect()).warnings).toEqual([]);
    expect(keysOf(await riverbank.assess())).toEqual(before);
  });

  it("an account stays the person it was, and a login that two accounts had stops", async () => {
    const accounts = [...riverbank.world.accounts.values()];
    const ada = accounts.find(({ login }) => login === "ada-dev");
    const admin = accounts.find(({ login }) => login === "ada-admin");
    const other = accounts.find(({ login }) => !["ada-dev", "ada-admin"].includes(login) && !login.includes("bot"));
    if (!ada || !admin || !other) throw new Error("the simulation lacks an account");
    const outcome = (result: AssessmentResult, key: string) =>
      result.population
        .find((item) => item.key === key)
        ?.observations.find(({ attribute }) => attribute === "approved-by-someone-independent")?.outcome;
    const target = (await riverbank.assess()).population.find(
      (item) =>
        item.system === "ledger-api" &&
        item.subject === "change" &&
        item.observations.every((seen) => seen.outcome === "pass" || seen.outcome === "notApplicable"),
    );
    const change = ledger().changes.find(({ number }) => String(number) === target?.number);
    if (!target || !change) throw new Error("no change passes");
    change.author = ada.id;
    for (const oid of change.commits) {
      const commit = ledger().commits.get(oid);
      if (!commit) continue;
      commit.author = { name: "Ada", email: "ada@riverbank.example", account: ada.id };
      commit.committer = commit.author;
      commit.message = "plain";
    }
    for (const review of change.reviews) review.author = admin.id;
    change.updatedAt = riverbank.end + 49 * hour;
    await riverbank.collect();
    expect(outcome(await riverbank.assess(), target.key)).toBe("fail");

    admin.login = "totally-other";
    change.updatedAt = riverbank.end + 50 * hour;
    await riverbank.collect();
    expect(outcome(await riverbank.assess(), target.key)).toBe("fail");

    other.login = "ada-admin";
    change.reviews[0] = Object.assign(change.reviews[0] ?? {}, { author: other.id }) as (typeof change.reviews)[number];
    change.updatedAt = riverbank.end + 51 * hour;
    await riverbank.collect();
    const stopped = await riverbank.assess().catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(IntegrityError);
    expect((stopped as IntegrityError).message).toMatch(
      new RegExp(
        `^github:ada-admin, .* stands for two accounts: id (${admin.id}|${other.id}) .* and id (${admin.id}|${other.id}) `,
      ),
    );
  });
});
