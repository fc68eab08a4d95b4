import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load-config.ts";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { doctor } from "../../../src/pipeline/doctor.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { rebuild } from "../../../src/pipeline/rebuild.ts";
import { status } from "../../../src/pipeline/status.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { demoConfig, type Sandbox, simulate, startSandbox, type World } from "../../../src/sandbox/index.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { parsePeriod } from "../../../src/util/period.ts";

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "flowproof-deployments-"));
const { world, truth } = simulate({ changes: 150 });
const end = Date.parse(truth.until);
let now = end + 48 * hour;
const clock = () => new Date(now);
const period = parsePeriod(new Date(end - 1).toISOString().slice(0, 7), "UTC", clock());
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world, clock });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const from = {
  workflow: "{ from: workflow, file: deploy.yml, job: deploy }",
  import: "{ from: import, file: payments.csv }",
};

/** A context on the demonstration's configuration, in which some systems' deployments come from elsewhere. */
function contextOf(
  name: string,
  elsewhere: Readonly<Record<string, string>> = {},
  edit: (text: string) => string = (text) => text,
): PipelineContext {
  let text = demoConfig(sandbox.url, { store: `${name}.db`, reports: "." });
  for (const [system, place] of Object.entries(elsewhere)) {
    text = text.replace(new RegExp(`(- id: ${system}\\n(?: {4}.*\\n)*? {4}deployments: ).*`), `$1${place}`);
  }
  const file = join(folder, `${name}.config.yaml`);
  writeFileSync(file, edit(text));
  return {
    config: loadConfig(file, { FLOWPROOF_SANDBOX_TOKEN: "any-token" }),
    clock,
    signal: new AbortController().signal,
    progress: () => undefined,
    wait: async () => undefined,
    env: {},
  };
}

const header = "id,environment,commit,deployed_at,creator,state,ref,url";
const iso = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** What the simulated platform records of a system's deployments, as a list that a cluster might write. */
function rowsOf(name: string, { accounts, repositories }: World = world): string[] {
  const repository = repositories.find((each) => each.name === name);
  return (repository?.deployments ?? []).flatMap(({ id, environment, oid, creator, ref, statuses }) => {
    const done = statuses.find(({ state }) => state === "SUCCESS") ?? statuses.find(({ state }) => state === "FAILURE");
    if (!done) return [];
    const login = `github:${accounts.get(creator)?.login}`;
    return [`${id},${environment},${oid},${iso(done.at)},${login},${done.state.toLowerCase()},${ref},`];
  });
}
const writeList = (rows: readonly string[], file = "payments.csv") =>
  writeFileSync(join(folder, file), `${[header, ...rows].join("\n")}\n`);

/** What was found of a system's deployments, and of everything else of it, apart from who or what says so. */
const foundOf = ({ population, reconciliation }: AssessmentResult, system: string) => ({
  items: population
    .filter((item) => item.system === system)
    .map(({ subject, commit, key, at, observations }) => ({
      subject,
      item: subject === "deployment" ? commit : key,
      at,
      outcomes: observations.map(({ attribute, outcome }) => `${attribute} ${outcome}`),
    })),
  tieOut: reconciliation.rows.find((row) => row.system === system),
  unmatched: reconciliation.unmatched.filter((one) => one.system === system).map(({ kind, why }) => `${kind} ${why}`),
});

describe("deployments from elsewhere", () => {
  let byApi: AssessmentResult;
  let elsewhere: AssessmentResult;
  let context: PipelineContext;
  beforeAll(async () => {
    const api = contextOf("api");
    await collect(api);
    byApi = await assess(api, { period });
    writeList(rowsOf("payments"));
    context = contextOf("elsewhere", { "ledger-api": from.workflow, payments: from.import });
    await collect(context);
    elsewhere = await assess(context, { period });
  }, 120_000);

  it("from a job of a workflow give the outcomes that the source's own records give", () => {
    const found = foundOf(elsewhere, "ledger-api");
    expect(found.items.filter(({ subject }) => subject === "deployment").length).toBeGreaterThan(5);
    expect(found).toEqual(foundOf(byApi, "ledger-api"));
  });

  it("from a list give the same outcomes, and say whose word they are", () => {
    const found = foundOf(elsewhere, "payments");
    expect(found.items.filter(({ subject }) => subject === "deployment").length).toBeGreaterThan(5);
    expect(found).toEqual(foundOf(byApi, "payments"));
    const said = elsewhere.population
      .filter(({ system, subject }) => system === "payments" && subject === "deployment")
      .flatMap(({ observations }) => observations)
      .filter(({ attribute, outcome }) => /^deployed-(as|by)/.test(attribute) && outcome !== "notApplicable");
    for (const { message } of said) expect(message).toContain("(self-reported by import)");
  });

  it("leave the other systems as they were", () => {
    for (const system of ["storefront", "mobile-gateway", "platform-infra"])
      expect(foundOf(elsewhere, system), system).toEqual(foundOf(byApi, system));
  });

  it("are covered by a stream of their own, which the scope puts in words", async () => {
    const rows = elsewhere.coverage.filter(({ kind, system }) => kind === "deployments" && system !== null);
    const suffix = ({ stream }: { readonly stream: string }) => stream.split("/").slice(2).join("/");
    expect(Object.fromEntries(rows.map((row) => [row.system, `${suffix(row)} ${row.status}`]))).toMatchObject({
      "ledger-api": "deployments/workflow/deploy.yml/deploy complete",
      payments: "deployments/import/payments complete",
      storefront: "deployments complete",
    });
    const words = new Map(elsewhere.scope.systems.map(({ id, deployments }) => [id, deployments]));
    expect(words.get("ledger-api")).toMatch(/run of the workflow deploy\.yml in which its job "deploy" ran/);
    expect(words.get("payments")).toMatch(/Imported from payments\.csv.* management's word/);
    expect(words.get("storefront")).toBeUndefined();
    const { streams, late } = await status(context);
    expect(late).toBe(false);
    const own = streams.filter(({ kind, stream }) => kind === "deployments" && stream.split("/").length > 3);
    expect(own.map(({ scope, status: state }) => `${scope} ${state}`).sort()).toEqual([
      "riverbank/ledger-api complete",
      "riverbank/payments complete",
    ]);
  });

  it("keep no path of the machine, but the file's name and hash in the exchange", async () => {
    await withStore(context, { write: false }, async (store) => {
      const runs = (await store.runs()).map(({ id }) => id);
      const [read] = (await store.requests(runs)).filter(({ operation }) => operation === "ImportedDeployments");
      expect(read?.endpoint).toBe("import:payments.csv");
      expect(JSON.parse(read?.variables ?? "")).toMatchObject({
        file: "payments.csv",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        rows: rowsOf("payments").length,
      });
      const configuration = await store.recordsOfStream("flowproof/riverbank/configuration");
      expect(JSON.stringify([read, configuration.map(({ body }) => body)])).not.toContain(folder);
    });
  });

  it("are read again for nothing, and rebuilt the same", async () => {
    now += hour;
    const { newRecords, warnings } = await collect(context);
    expect(warnings.filter((text) => text.includes("payments.csv"))).toEqual([]);
    await withStore(context, { write: false }, async (store) => {
      const runs = await store.runs();
      expect(runs).toHaveLength(2);
      const [before, after] = await Promise.all(
        runs.map(async ({ id }) => (await store.requests([id])).filter(({ operation }) => operation === "RunJobs")),
      );
      expect(before?.length).toBeGreaterThan(5);
      expect(after).toEqual([]);
    });
    expect(newRecords).toBe(0);
    await rebuild(context);
    expect(foundOf(await assess(context, { period }), "ledger-api")).toEqual(foundOf(byApi, "ledger-api"));
  });
});

describe("a list", () => {
  const listed = { payments: "{ from: import, file: list.csv }" };
  const about = (text: string) => text.startsWith("list.csv");
  const wordsOf = async (context: PipelineContext) =>
    (await assess(context, { period })).scope.systems.find(({ id }) => id === "payments")?.deployments;

  it("whose rows change or vanish is read again, and both are said aloud and in the pack", async () => {
    const rows = rowsOf("payments");
    const [first = "", second = "", ...rest] = rows;
    const [firstId = "", secondId = ""] = [first, second].map((row) => row.split(",")[0] ?? "");
    writeList(rows, "list.csv");
    const context = contextOf("list", listed);
    expect((await collect(context)).warnings.filter(about)).toEqual([]);
    writeList([first.replace(/github:[\w-]+/, "github:ada-dev"), ...rest], "list.csv");
    now += hour;
    const { warnings, newRecords } = await collect(context);
    expect(warnings.filter(about)).toEqual([
      expect.stringMatching(new RegExp(`row ${firstId} is not as when last read; both versions are kept`)),
      expect.stringMatching(new RegExp(`row ${secondId} is gone; what was read before is kept`)),
    ]);
    // The row's new version, and the list that says what it lacks.
    expect(newRecords).toBe(2);
    const words = await wordsOf(context);
    expect(words).toContain(`By now row ${firstId} is not as first read`);
    expect(words).toContain(`By now row ${secondId} is no longer in it`);
    await withStore(context, { write: false }, async (store) => {
      const ids = (await store.entities("deployment")).filter(({ origin }) => origin?.from === "import");
      expect(ids).toHaveLength(rows.length);
    });
    now += hour;
    // What vanished is said as long as it is not back; what changed was said.
    expect((await collect(context)).warnings.filter(about)).toEqual([
      expect.stringContaining(`row ${secondId} is gone`),
    ]);
  });

  it("that cannot be read leaves the time unobserved, and everything else collected", async () => {
    writeList(rowsOf("payments"), "list.csv");
    const context = contextOf("lost", listed);
    await collect(context);
    rmSync(join(folder, "list.csv"));
    now += hour;
    const reason = "list.csv, the list of system payments's deployments, cannot be read (ENOENT)";
    const summary = await collect(context);
    expect(summary.warnings).toContain(reason);
    const said = summary.coverage.filter(({ stream }) => stream.includes("/deployments/import/"));
    expect(said).toEqual([expect.objectContaining({ status: "unobserved", reason })]);
    expect(summary.coverage.filter(({ stream }) => stream.endsWith("/changes"))).toHaveLength(5);
    const { streams, late } = await status(context);
    expect(late).toBe(true);
    expect(streams.find(({ stream }) => stream.includes("/deployments/import/"))).toMatchObject({ late: true, reason });
    // What was read before is not unsaid.
    expect(foundOf(await assess(context, { period }), "payments").items.length).toBeGreaterThan(20);
    const findings = (await doctor(context)).filter(({ subject }) => subject === "system payments: deployments");
    expect(findings).toEqual([expect.objectContaining({ ok: "fail", message: reason })]);
  });

  it("that leaves out what the source recorded is held against it", async () => {
    const rows = rowsOf("payments");
    const outOf = rows.findLast((row) => row.includes(",production,") && row.includes(",success,")) ?? "";
    const [id, , oid = ""] = outOf.split(",");
    writeList(
      rows.filter((row) => !row.includes(oid)),
      "list.csv",
    );
    const context = contextOf("short", listed);
    await collect(context);
    const { reconciliation, population } = await assess(context, { period });
    expect(population.filter(({ subject, commit }) => subject === "deployment" && commit === oid)).toEqual([]);
    expect(reconciliation.unmatched).toContainEqual(
      expect.objectContaining({
        kind: "deployment",
        system: "payments",
        label: `deployment ${id}`,
        why: expect.stringMatching(
          `the source records that it put ${oid.slice(0, 8)} into production at .* nothing is of`,
        ),
      }),
    );
  });

  it("of a system with several repositories tells them apart by its column", async () => {
    const both = (place: string) => (text: string) =>
      text
        .replace(/ {2}- id: ledger-api\n(?: {4}.*\n)*/, "")
        .replace(/(repositories: \[riverbank\/payments)\]/, "$1, riverbank/ledger-api]")
        .replace(/(- id: payments\n(?: {4}.*\n)*? {4}deployments: ).*/, `$1${place}`);
    const rows = ["payments", "ledger-api"].flatMap((name) => rowsOf(name).map((row) => `${row},riverbank/${name}`));
    writeFileSync(join(folder, "both.csv"), `${[`${header},repository`, ...rows].join("\n")}\n`);
    const results = [];
    for (const [name, place] of [
      ["both-api", "{ from: github }"],
      ["both-list", "{ from: import, file: both.csv }"],
    ] as const) {
      const context = contextOf(name, {}, both(place));
      await collect(context);
      results.push(foundOf(await assess(context, { period }), "payments"));
    }
    expect(results[1]).toEqual(results[0]);
    const brought = results[1]?.items.filter(({ subject }) => subject === "deployment") ?? [];
    expect(brought.length).toBeGreaterThan(12);
  });

  it("that is malformed stops before anything is asked, and doctor says which line", async () => {
    const [first = "", ...rest] = rowsOf("payments");
    writeList([first, ...rest, first.replace("production", "elsewhere")], "list.csv");
    const context = contextOf("malformed", listed);
    const before = sandbox.stats().graphqlRequests;
    await expect(collect(context)).rejects.toThrow(ConfigError);
    expect(sandbox.stats().graphqlRequests).toBe(before);
    const findings = (await doctor(context)).filter(({ subject }) => subject === "system payments: deployments");
    expect(findings).toMatchObject([
      { ok: "fail", message: expect.stringMatching(/list\.csv:\d+: the id .* stands in/) },
    ]);
    writeList([first, ...rest], "list.csv");
    const [good] = (await doctor(context)).filter(({ subject }) => subject === "system payments: deployments");
    expect(good).toMatchObject({ ok: "ok", message: expect.stringMatching(/list\.csv lists \d+, last written at/) });
  });
});
