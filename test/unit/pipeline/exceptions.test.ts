import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult, Response } from "../../../src/model/assessment.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { type ExceptionsRequest, listExceptions } from "../../../src/pipeline/exceptions.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { personalNames } from "../../../src/pipeline/personal-names.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { redact } from "../../../src/report/redact.ts";
import { instant } from "../../../src/util/clock.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

const hostile = "<script>alert(1)</script> \u202Eevil =1+1 {{{cause}}} ghp_e2eE2Ee2eE2Ee2eE2Ee2eE2Ee2eE2Ee2eE2E";

describe("the exceptions of a month, worked through", () => {
  let close: () => Promise<void>;
  let folder: string;
  let contextAt: (at: string) => PipelineContext;
  let before: AssessmentResult;
  let ctx: PipelineContext;
  const october = () => parsePeriod("2026-10", "UTC", new Date("2026-11-03T00:00:00Z"));
  const judged = (asOf?: string) => assess(ctx, { period: october(), ...(asOf === undefined ? {} : { asOf }) });
  const list = (more: Partial<ExceptionsRequest> = {}) => listExceptions(ctx, { period: october(), ...more });
  const answers = () => join(folder, "answers");
  const edit = (name: string, change: (text: string) => string): void => {
    const file = join(answers(), name);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };

  beforeAll(async () => {
    const riverbank = await startRiverbank();
    ({ close, folder } = riverbank);
    contextAt = (at) => riverbank.context((text) => `${text}\nresponses: [answers]\n`, { clock: () => new Date(at) });
    mkdirSync(answers());
    ctx = contextAt("2026-11-03T03:00:00Z");
    await collect(ctx);
    before = await judged();
  });
  afterAll(() => close());

  it("lists each with cause, team, tests and that nobody answered", async () => {
    const { exceptions, causes } = await list();
    expect(exceptions.map(({ id }) => id).sort()).toEqual(before.exceptions.map(({ id }) => id).sort());
    expect(exceptions.every(({ cause }) => causes.has(cause))).toBe(true);
    expect(new Set(exceptions.map(({ state }) => state))).toEqual(new Set(["open", "follows"]));
    const [team = ""] = exceptions.map((one) => one.team);
    const own = await list({ team });
    expect(own.exceptions).toEqual(exceptions.filter((one) => one.team === team));
    await expect(list({ team: `${team}x` })).rejects.toThrow(`did you mean \`${team}\``);
  });

  it("drafts an answer a cause and team, once, with every open exception in it", async () => {
    const { exceptions, drafts } = await list({ drafts: answers() });
    const open = exceptions.filter(({ state }) => state === "open").map(({ id }) => id);
    const texts = readdirSync(answers()).map((name) => readFileSync(join(answers(), name), "utf8"));
    for (const id of open) expect(texts.filter((text) => text.includes(`- ${id} `))).toHaveLength(1);
    expect(drafts?.written.reduce((sum, one) => sum + one.exceptions, 0)).toBe(open.length);
    const again = await list({ drafts: answers() });
    expect(again.drafts).toEqual({ written: [], there: open.length });
    expect(readdirSync(answers()).map((name) => readFileSync(join(answers(), name), "utf8"))).toEqual(texts);
    expect(again.warnings[0]).toMatch(/^answers\/2026-10-\S+\.yaml:\d+:5: .*no disposition yet/);
  });

  it("records what is filled in when it collects; nothing that was judged changes by it", async () => {
    for (const name of readdirSync(answers()))
      edit(name, (text) =>
        text
          .replace("disposition:\n", "disposition: confirmed\n")
          .replace("owner:\n", "owner: Iris Holm\n")
          .replace("cause:\n", `cause: ${JSON.stringify(hostile)}\n`)
          .replace(/due: .*\n/, "due: 2026-11-05\n"),
      );
    ctx = contextAt("2026-11-10T03:00:00Z");
    await collect(ctx);
    const after = await judged();
    expect(after.responses?.length).toBe(readdirSync(answers()).length);
    expect(outcomesOf(after)).toEqual(outcomesOf(before));
    expect(assessmentResultSchema.parse(after)).toEqual(after);
    for (const { covers, record } of after.responses ?? []) {
      expect(covers.length).toBeGreaterThan(0);
      expect(after.records.map(({ id }) => id)).toContain(record);
    }
    const told = (await list()).exceptions.filter(({ state }) => state === "answered");
    expect(told.every(({ answer }) => answer?.overdue === true && answer.owner === "Iris Holm")).toBe(true);
    expect((await judged("2026-11-05T00:00:00Z")).responses).toBeUndefined();
  });

  it("shows the words of others as text and without tokens, in HTML and in drafts", async () => {
    const html = renderDocument(await judged());
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; ‹U+202E›evil &#x3D;1+1 {{{cause}}} [redacted token]");
    expect(html).toContain("<caption>Management's response: confirmed</caption>");
    expect(html).toMatch(/<span class="tag leak">overdue<\/span>/);
    expect(html).not.toContain("ghp_e2e");
  });

  it("counts each exception of a cause once, by how it stands, in every column", async () => {
    const html = renderDocument(await judged());
    const [table = ""] = /<table class="causes">[\s\S]*?<\/table>/.exec(html) ?? [];
    const rows = [...table.matchAll(/<tr[^>]*><th scope="row">[\s\S]*?<\/tr>/g)].map(([row]) =>
      [...row.matchAll(/<td class="r">([^<]*)<\/td>/g)].map(([, cell]) => (cell === "–" ? 0 : Number(cell))),
    );
    const total = rows.at(-1) ?? [];
    for (const row of rows) expect(row.slice(1).reduce((a, b) => a + b, 0)).toBe(row[0]);
    for (const [index, sum] of total.entries())
      expect(rows.slice(0, -1).reduce((a, row) => a + (row[index] ?? 0), 0)).toBe(sum);
    expect(total[0]).toBe(before.exceptions.length);
  });

  it("keeps every version of an answer that was changed, and shows the latest before its cut-off", async () => {
    const [name = ""] = readdirSync(answers());
    edit(name, (text) => text.replace("    disposition: confirmed", "    disposition: disputed"));
    ctx = contextAt("2026-11-12T03:00:00Z");
    const { recorded } = await list({ record: true });
    expect(recorded).toMatchObject({ added: [], changed: [expect.any(String)], gone: [] });
    const after = await judged();
    const changed = after.responses?.find(({ disposition }) => disposition === "disputed");
    expect(changed?.earlier).toEqual([
      { recordedAt: "2026-11-10T03:00:00Z", disposition: "confirmed", record: expect.any(Number) },
    ]);
    expect((await judged("2026-11-11T00:00:00Z")).responses?.every((one) => one.disposition === "confirmed")).toBe(
      true,
    );
    expect(renderDocument(after)).toContain("Changed once since it was first recorded");
    expect((await list({ record: true })).recorded).toMatchObject({ added: [], changed: [], gone: [] });
  });

  it("says so where a test failed of which the answer does not speak", async () => {
    const [name = ""] = readdirSync(answers());
    edit(name, (text) => text.replace(/(- EX-\S+) \S+\n/, "$1 K\n"));
    ctx = contextAt("2026-11-13T03:00:00Z");
    const { exceptions } = await list({ record: true });
    expect(exceptions.filter(({ state }) => state === "partly")).toHaveLength(1);
    expect(renderDocument(await judged())).toMatch(/Given before tests? .* failed too, of which it does not speak/);
  });

  it("lists an answer to what is no exception, and one that was taken away, and drops neither", async () => {
    writeFileSync(
      join(answers(), "stray.yaml"),
      "answers: [{ id: S-1, disposition: disputed, owner: Iris Holm, cause: gone, covers: [EX-2026-10-000000] }]\n",
    );
    const [name = ""] = readdirSync(answers());
    rmSync(join(answers(), name));
    ctx = contextAt("2026-11-14T03:00:00Z");
    const { recorded, unmatched } = await list({ record: true });
    expect(recorded?.added).toEqual(["S-1"]);
    expect(recorded?.gone.length).toBeGreaterThan(0);
    expect(unmatched).toEqual([{ response: "S-1", id: "EX-2026-10-000000" }]);
    const after = await judged();
    const gone = after.responses?.filter((one: Response) => one.withdrawnAt === "2026-11-14T03:00:00Z") ?? [];
    expect(gone.map(({ id }) => id)).toEqual(recorded?.gone);
    for (const { covers } of gone)
      for (const id of covers) expect(after.exceptions.find((one) => one.id === id)?.answer).toBeUndefined();
    const html = renderDocument(after);
    expect(html).toContain("names EX-2026-10-000000: there is no such exception, or no longer");
    expect(html).toContain("taken out of the organisation&#x27;s files by 2026-11-14 03:00");
    expect(outcomesOf(after)).toEqual(outcomesOf(before));
  });

  it("collects all the same where an answer is written wrongly, and records none then", async () => {
    writeFileSync(join(answers(), "wrong.yaml"), "answers: [{ id: W-1, disposition: perhaps }]\n");
    ctx = contextAt("2026-11-15T03:00:00Z");
    const { warnings, checkpoint } = await collect(ctx);
    expect(warnings.join("\n")).toMatch(/no answer to an exception was recorded: answers\/wrong\.yaml:1:\d+: /);
    expect(checkpoint.at).toBe(instant(new Date("2026-11-15T03:00:00Z")));
    await expect(list({ record: true })).rejects.toThrow(/wrong\.yaml:1:/);
    rmSync(join(answers(), "wrong.yaml"));
  });

  it("replaces whoever answers in a redacted edition, and keeps the answers in place", async () => {
    const full = await judged();
    const redacted = redact(full, await withStore(ctx, { write: false }, (store) => personalNames(store, ctx.config)));
    expect(JSON.stringify(redacted.responses)).not.toMatch(/Iris|Holm/);
    expect(redacted.exceptions.map(({ answer }) => answer === undefined)).toEqual(
      full.exceptions.map(({ answer }) => answer === undefined),
    );
    expect(redacted.responses?.length).toBe(full.responses?.length);
  });
});

/** All that was judged: no answer may touch it. */
const outcomesOf = ({ population, controls, criteria, exceptions, causes, bypasses }: AssessmentResult) => ({
  population,
  controls,
  criteria,
  bypasses,
  causes,
  exceptions: exceptions.map(({ answer: _, ...exception }) => exception),
});
