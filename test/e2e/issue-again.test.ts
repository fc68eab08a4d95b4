import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../src/ledger/signing-key.ts";
import { collect } from "../../src/pipeline/collect.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { type IssueRequest, issue } from "../../src/pipeline/issue.ts";
import { packs } from "../../src/pipeline/packs.ts";
import { report } from "../../src/pipeline/report.ts";
import type { PipelineContext } from "../../src/pipeline/types.ts";
import { parsePeriod } from "../../src/util/period.ts";
import { hasOpenssl, timestampAuthority } from "../fixtures/timestamp-authority.ts";
import { startRiverbank } from "../unit/pipeline/riverbank.ts";

const october = parsePeriod("2026-10", "UTC", new Date("2026-11-03T03:00:00Z"));
const request: IssueRequest = {
  period: october,
  by: "Ada Example",
  role: "Head of Engineering",
  edition: "full",
};
const name = "riverbank-2026-10";

describe("issuing from one state of the ledger", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  let original: string;

  /** The month collected and drafted, in a folder of its own, as it was before anything was issued. */
  const desk = (
    title: string,
    edit: (text: string) => string = (text) => text,
    more: Partial<PipelineContext> = {},
  ) => {
    const folder = join(riverbank.folder, title);
    cpSync(original, folder, { recursive: true });
    const file = join(folder, "flowproof.config.yaml");
    writeFileSync(file, edit(readFileSync(file, "utf8")));
    const { clock, signal, progress, env } = riverbank.context();
    const ctx = openContext({
      signal,
      progress,
      env,
      clock: () => new Date(clock().getTime() + 3_600_000),
      configFile: file,
      ...more,
    });
    return { ctx, folder, reports: join(folder, "reports"), pack: join(folder, "reports", name) };
  };

  beforeAll(async () => {
    riverbank = await startRiverbank();
    original = join(riverbank.folder, "original");
    mkdirSync(original);
    const file = join(original, "flowproof.config.yaml");
    writeFileSync(file, riverbank.configuration.replace(/^reports: .*$/m, "reports: reports"));
    appendFileSync(file, "signing:\n  key: { file: ledger.pem }\n");
    writeFileSync(join(original, "ledger.pem"), newSigningKey(), { mode: 0o600 });
    const { config: _, ...rest } = riverbank.context();
    const ctx = openContext({ ...rest, configFile: file });
    await collect(ctx);
    await report(ctx, { period: october });
  });
  afterAll(() => riverbank.close());

  it("gives the same bytes twice, but for the PDF's and what lists its digest", async () => {
    const [one, two] = [desk("one"), desk("two")];
    const first = await issue(one.ctx, request);
    await issue(two.ctx, request);
    const dependent = ["pack.pdf", "SHA256SUMS", "manifest.json", "manifest.dsse.json", "manifest.sig"];
    const same = (first.files ?? []).filter((file) => !dependent.includes(file));
    expect(same).toEqual(
      expect.arrayContaining([
        "assessment.json",
        "changes.csv",
        "content.json",
        "evidence.zip",
        "pack.html",
        "proofs.json",
      ]),
    );
    for (const file of same)
      expect(readFileSync(join(one.pack, file)).equals(readFileSync(join(two.pack, file))), file).toBe(true);
  });

  it("records the pack that is there, where the ledger was cut off from knowing it", async () => {
    const { ctx, pack, folder } = desk("crashed");
    const before = join(folder, "before");
    mkdirSync(before);
    for (const file of readdirSync(folder).filter((one) => one.startsWith("flowproof.db")))
      cpSync(join(folder, file), join(before, file));
    const issued = await issue(ctx, request);
    const manifest = readFileSync(join(pack, "manifest.json"), "utf8");
    for (const file of readdirSync(folder).filter((one) => one.startsWith("flowproof.db"))) rmSync(join(folder, file));
    for (const file of readdirSync(before)) cpSync(join(before, file), join(folder, file));
    expect(await packs(ctx)).toEqual([]);

    const again = await issue(ctx, request);
    expect(again.state).toBe("recorded");
    expect(readFileSync(join(pack, "manifest.json"), "utf8")).toBe(manifest);
    expect(again.pack).toEqual(issued.pack);
    expect(await packs(ctx)).toMatchObject([{ name, folder: { state: "asIssued" } }]);
    expect((await issue(ctx, request)).state).toBe("unchanged");
  });

  it("is refused where the ledger does not hold a checkpoint that a pack was issued under", async () => {
    const { ctx, reports } = desk("rewritten");
    await issue(ctx, request);
    const db = new Database(ctx.config.store);
    db.exec("DROP TRIGGER checkpoint_is_not_changed");
    db.prepare("UPDATE checkpoint SET root = ? WHERE id = 1").run(Buffer.alloc(32));
    db.close();
    await expect(issue(ctx, { ...request, by: "Bea Example" })).rejects.toMatchObject({
      code: "integrity",
      message: `the ledger does not hold the checkpoint under which ${name} was issued`,
    });
    expect(readdirSync(reports)).toEqual([name]);
  });

  it("clears away what an issuing that was killed had begun", async () => {
    const { ctx, reports } = desk("killed");
    for (const left of ["parts", "new", "old"]) mkdirSync(join(reports, `.${name}.0123abcd.${left}`));
    const other = `.${name}-r2.0123abcd.new`;
    mkdirSync(join(reports, other));
    await issue(ctx, request);
    expect(readdirSync(reports).sort()).toEqual([other, name]);
  });

  it("refuses to record a folder that was altered", async () => {
    const { ctx, pack, folder } = desk("forged");
    const other = desk("forged-elsewhere");
    await issue(other.ctx, request);
    rmSync(pack, { recursive: true });
    cpSync(other.pack, pack, { recursive: true });
    const csv = join(pack, "changes.csv");
    rmSync(csv);
    writeFileSync(csv, "nothing failed\n");
    await expect(issue(ctx, request)).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining("changes.csv was altered"),
    });
    expect(readdirSync(folder)).toContain("reports");
    expect(await packs(ctx)).toEqual([]);
  });

  it("refuses a draft that today's configuration would not give, and names the reason", async () => {
    const { ctx, pack } = desk("reconfigured", (text) =>
      text.replace("frameworks: [soc2-2017, iso27001-2022]", "frameworks: [soc2-2017]"),
    );
    await expect(issue(ctx, request)).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(
        /not what the store gives today for 2026-10 on evidence as of .*: controls, criteria, rollup$/,
      ),
      hint: expect.stringContaining("flowproof report --period 2026-10"),
    });
    expect(JSON.parse(readFileSync(join(pack, "manifest.json"), "utf8"))).toMatchObject({ state: "draft" });
  });

  it("leaves the draft and nothing else where it is interrupted", async () => {
    const interruption = new AbortController();
    const { ctx, reports, pack } = desk("interrupted", undefined, {
      signal: interruption.signal,
      progress: (text) => {
        if (text === "sealing") interruption.abort(new Error("interrupted"));
      },
    });
    await expect(issue(ctx, request)).rejects.toThrow("interrupted");
    expect(readdirSync(reports)).toEqual([name]);
    expect(JSON.parse(readFileSync(join(pack, "manifest.json"), "utf8"))).toMatchObject({ state: "draft" });
    expect(await packs(ctx)).toEqual([]);
  });

  it("issues a period that is not over only when told to, and says where it is cut", async () => {
    const november = parsePeriod("2026-11", "UTC", new Date("2026-11-20T00:00:00Z"));
    const { ctx, reports } = desk("partial");
    await report(ctx, { period: november });
    const cut = { ...request, period: november };
    await expect(issue(ctx, cut)).rejects.toMatchObject({ hint: expect.stringContaining("--partial") });
    const { pack } = await issue(ctx, { ...cut, partial: true });
    expect(pack.period.cutAt).not.toBeNull();
    expect(readFileSync(join(reports, "riverbank-2026-11", "pack.html"), "utf8")).toContain("The period was not over");
  });

  it.skipIf(!hasOpenssl)("carries an authority's time of its checkpoint, asked for once (needs openssl)", async () => {
    await using authority = await timestampAuthority();
    const { ctx, pack, reports } = desk(
      "stamped",
      (text) => `${text}  timestamp: { url: "${authority.url}", trust: "${authority.rootFile}" }\n`,
    );
    const { warnings } = await issue(ctx, request);
    expect(warnings).toEqual([expect.stringContaining("no certificate is configured")]);
    const proofs = JSON.parse(readFileSync(join(pack, "proofs.json"), "utf8"));
    expect(proofs.timestamp).toMatchObject({ authority: "CN=Example Time Authority" });
    expect(readFileSync(join(pack, "pack.html"), "utf8")).toContain("as CN=Example Time Authority stamped");
    await issue(ctx, { ...request, edition: "redacted" });
    const redacted = JSON.parse(readFileSync(join(reports, `${name}-redacted`, "proofs.json"), "utf8"));
    expect(redacted.timestamp).toEqual(proofs.timestamp);
  });
});
