import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../../src/pipeline/collect.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { type ReperformedChange, reperform } from "../../../src/pipeline/reperform.ts";
import { fromStore, tokenFrom } from "../../../src/pipeline/reperform-from.ts";
import { fixPopulation } from "../../../src/pipeline/sample-population.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { demoConfig, type Sandbox, simulate, startSandbox } from "../../../src/sandbox/index.ts";
import type { PullRequest } from "../../../src/sandbox/world.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { dropTriggers, rowsOf, withShell } from "../store/evidence-fixture.ts";
import { ambience } from "./riverbank.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-reperform-"));
const { world } = simulate({ changes: 50 });
let sandbox: Sandbox;
let ctx: PipelineContext;
let undo: (() => void)[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ world, clock: () => new Date("2026-11-03T03:00:00Z") });
  const file = join(folder, "flowproof.config.yaml");
  writeFileSync(file, demoConfig(sandbox.url));
  ctx = openContext({ ...ambience(), configFile: file });
  await collect(ctx);
});
afterEach(() => {
  for (const back of undo.reverse()) back();
  undo = [];
  world.revision += 1;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const merged = (): PullRequest[] =>
  world.repositories.flatMap(({ changes }) => changes.filter(({ state }) => state === "MERGED"));
/** A merged change with a review that approved it. */
const reviewed = (): PullRequest =>
  merged().find(({ reviews }) => reviews.some(({ state }) => state === "APPROVED")) as PullRequest;
const nameOf = ({ repo, number }: PullRequest): string => `riverbank/${world.repositories[repo]?.name}#${number}`;

/** The source says something else of an object until the test is over. */
function says<T extends object>(object: T, other: Partial<T>): void {
  const before = { ...object };
  Object.assign(object, other);
  world.revision += 1;
  undo.push(() => Object.assign(object, before));
}

async function all(context = ctx): Promise<ReadonlyMap<string, ReperformedChange>> {
  const { changes } = await reperform(context, await fromStore(context, {}), { sample: 1_000, seed: "8231" });
  return new Map(changes.map((change) => [change.name, change]));
}

/** What is not as recorded, of the change named. */
async function ofChange(pull: PullRequest, context = ctx): Promise<ReperformedChange> {
  const results = await all(context);
  const others = [...results.values()].filter(({ name, result }) => name !== nameOf(pull) && result !== "same");
  expect(others.map(({ name, moves }) => [name, moves])).toEqual([]);
  return results.get(nameOf(pull)) as ReperformedChange;
}

/** A copy of the store in which somebody rewrote a body, and its digests with it where `thorough`. */
function tampered(name: string, kind: string, replace: readonly [string, string]): PipelineContext {
  const store = join(folder, `${name}.db`);
  withShell(ctx.config.store, (file) => file.exec(`VACUUM INTO '${store}'`));
  withShell(store, (file: Database.Database) => {
    dropTriggers(file, "body");
    const row = file
      .prepare(
        "SELECT body.id FROM body JOIN record ON record.body_id = body.id WHERE record.kind = ? AND instr(content, ?) LIMIT 1",
      )
      .get(kind, replace[0]) as { id: number };
    const change = file.prepare("UPDATE body SET content = replace(content, ?, ?) WHERE id = ?");
    expect(change.run(...replace, row.id).changes).toBe(1);
  });
  return { ...ctx, config: { ...ctx.config, store } };
}

describe("the draw", () => {
  it("is of one period where one is named", async () => {
    const { population } = await fromStore(ctx, { period: parsePeriod("2026-10", "UTC", ctx.clock()) });
    const { population: whole } = await fromStore(ctx, {});
    expect(population.length).toBeGreaterThan(0);
    expect(population.length).toBeLessThan(whole.length);
    await expect(
      reperform(ctx, await fromStore(ctx, { period: parsePeriod("2020-01", "UTC", ctx.clock()) }), {
        sample: 1,
        seed: "",
      }),
    ).rejects.toBeInstanceOf(ConfigError);
  });

  it("of a period is from the population that a sample of it is drawn from", async () => {
    const period = parsePeriod("2026-10", "UTC", ctx.clock());
    const draw = async () => (await reperform(ctx, await fromStore(ctx, { period }), { sample: 1, seed: "8231" })).draw;
    const early = await draw();
    const { fixed } = await fixPopulation(ctx, { period, population: "changes" });
    expect(await draw()).toEqual(early);
    expect(early).toMatchObject({ digest: fixed.digest, population: fixed.size });
    // One was merged into a branch that is not released.
    const inSpan = merged().filter(
      ({ mergedAt }) => (mergedAt ?? 0) >= Date.parse(period.from) && (mergedAt ?? 0) < Date.parse(period.to),
    );
    expect(inSpan.length).toBeGreaterThan(fixed.size);
  });
});

describe("asking changes again", () => {
  it("gives every change as it was recorded, and stores nothing", async () => {
    const before = rowsOf(ctx.config.store, "record");
    const results = [...(await all()).values()];
    expect(results).toHaveLength(merged().length);
    expect(results.filter(({ result, records }) => result !== "same" || records < 3)).toEqual([]);
    expect(rowsOf(ctx.config.store, "record")).toEqual(before);
  });

  it("takes a title edited, a label set and a comment made later for what may move", async () => {
    const pull = reviewed();
    says(pull, { title: "Another title", updatedAt: pull.updatedAt + 1 });
    expect(await ofChange(pull)).toMatchObject({
      result: "moved",
      moves: [{ legitimate: true, text: expect.stringMatching(/^title edited \(r\d+\)$/) }],
    });
    says(pull, { title: "Another title", body: "Another description" });
    expect((await ofChange(pull)).moves.map(({ text }) => text.replace(/ \(.*/, ""))).toEqual([
      "description edited",
      "title edited",
    ]);
  });

  it("takes a comment alone for what may move", async () => {
    const pull = reviewed();
    says(pull, { updatedAt: pull.updatedAt + 3_600 });
    expect(await ofChange(pull)).toMatchObject({
      result: "moved",
      moves: [{ legitimate: true, text: expect.stringMatching(/^touched since/) }],
    });
  });

  it("takes an account's new login for what may move, wherever it stands", async () => {
    const pull = reviewed();
    const author = world.accounts.get(pull.author as number);
    if (!author) throw new Error("no author");
    says(author, { login: `${author.login}-renamed` });
    const results = [...(await all()).values()];
    expect(results.filter(({ result }) => result === "differs")).toEqual([]);
    expect(results.flatMap(({ moves }) => moves.map(({ text }) => text))).toContainEqual(
      expect.stringContaining(`is called ${author.login}`),
    );
  });

  it.each([
    ["merge commit", { mergeCommit: "f".repeat(40) }, /mergeCommit/],
    ["time of the merge", { mergedAt: 1_790_000_000_000 }, /mergedAt/],
    ["base", { baseRefName: "another" }, /baseRefName/],
    ["final head", { headRefOid: "e".repeat(40) }, /headRefOid/],
  ] as const)("finds another %s", async (_what, other, field) => {
    const pull = reviewed();
    says(pull, other);
    const { result, moves } = (await all()).get(nameOf(pull)) as ReperformedChange;
    expect(result).toBe("differs");
    expect(moves.filter(({ legitimate }) => !legitimate).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(field),
    );
  });

  it("finds another merger, by the account's number and not by its login", async () => {
    const pull = reviewed();
    const other = [...world.accounts.keys()].find((id) => id !== pull.mergedBy) as number;
    says(pull, { mergedBy: other });
    expect(await ofChange(pull)).toMatchObject({
      result: "differs",
      moves: [{ text: expect.stringMatching(/mergedBy was/) }],
    });
  });

  it("finds a review of another state, on another commit, and one that is there no more", async () => {
    const pull = reviewed();
    const [review] = pull.reviews.filter(({ state }) => state === "APPROVED");
    if (!review) throw new Error("no review");
    says(review, { state: "COMMENTED" });
    expect(await ofChange(pull)).toMatchObject({
      result: "differs",
      moves: [{ text: expect.stringMatching(/review\.state was APPROVED, is COMMENTED/) }],
    });
    says(review, { state: "APPROVED", commit: "d".repeat(40) });
    expect((await ofChange(pull)).result).toBe("differs");
    says(pull, { reviews: pull.reviews.filter((one) => one !== review) });
    expect((await ofChange(pull)).moves.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^review of \S+ was recorded, and the source does not give it/),
    );
  });

  it("tells a review that came later from one that must have been there", async () => {
    const pull = reviewed();
    const [first] = pull.reviews;
    if (!first) throw new Error("no review");
    const late = { ...first, id: 999_001, nodeId: null, submittedAt: Date.parse("2026-11-04T00:00:00Z") };
    says(pull, { reviews: [...pull.reviews, late] });
    expect((await ofChange(pull)).result).toBe("moved");
    says(pull, { reviews: [...pull.reviews.slice(0, -1), { ...late, submittedAt: first.submittedAt + 1_000 }] });
    const { result, moves } = await ofChange(pull);
    expect(result).toBe("differs");
    expect(moves.map(({ text }) => text)).toContainEqual(expect.stringMatching(/and was not recorded$/));
  });

  it("says that a change is gone, without calling that an alteration", async () => {
    const pull = reviewed();
    const repository = world.repositories[pull.repo];
    if (!repository) throw new Error("no repository");
    says(repository, { changes: repository.changes.filter((one) => one !== pull) });
    expect(await ofChange(pull)).toMatchObject({ result: "gone", moves: [] });
  });

  it("finds what was altered in the store behind the triggers, though the source gives what the ledger holds", async () => {
    const context = tampered("review", "review", ["APPROVED", "COMMENTED"]);
    const results = [...(await all(context)).values()].filter(({ result }) => result !== "same");
    expect(results).toEqual([
      expect.objectContaining({
        result: "differs",
        moves: [{ legitimate: false, text: expect.stringMatching(/^altered after it was recorded: .* \(r\d+\)$/) }],
      }),
    ]);
  });

  it("says so where the source gives nothing", async () => {
    const nobody = {
      ...ctx,
      config: {
        ...ctx.config,
        sources: ctx.config.sources.map((one) => ({ ...one, baseUrl: "http://127.0.0.1:9/api/v3" })),
      },
    };
    const { changes } = await reperform(nobody, await fromStore(nobody, {}), { sample: 2, seed: "1" });
    expect(changes.map(({ result }) => result)).toEqual(["unread", "unread"]);
  });

  it("asks with the auditor's own token", async () => {
    expect(tokenFrom("MINE", { MINE: " secret \n" })).toBe("secret");
    expect(() => tokenFrom("MINE", {})).toThrow(ConfigError);
    const { sources } = await fromStore(ctx, { token: "secret" });
    expect(sources.map(({ credential }) => credential.type === "token" && credential.read())).toEqual(["secret"]);
  });
});
