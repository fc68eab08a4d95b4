import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { zipFiles } from "../../src/pack/verify/zip-files.ts";
import { openDesk } from "./desk.ts";
import { freshFolder, jsonLines } from "./flowproof-process.ts";

const who = ["--by", "Ada Example", "--role", "Head of Engineering"];
const dates = ["--effective", "2026-01-01", "--expires", "2026-12-31"];

describe("attesting what version control does not show, from the file to the auditor", () => {
  const { cwd, reports, flowproof, done } = openDesk({ signed: true });
  const pack = join(reports, "riverbank-2026-10");
  const store = (): string => {
    const name = readdirSync(cwd, { recursive: true, encoding: "utf8" }).find(
      (one) => one.endsWith(".db") && one !== "copy.db",
    );
    return join(cwd, name ?? "");
  };

  beforeAll(async () => {
    writeFileSync(join(cwd, "plan.csv"), "step,who\n1,on call\n");
    writeFileSync(join(cwd, "procedure.txt"), "Nothing is merged unread.\n".repeat(40_000));
    const plan = `{ id: plan, kind: continuity-plan, title: Continuity plan, file: plan.csv, by: Ada Example, role: CTO, effective: 2026-01-01 }`;
    appendFileSync(join(cwd, "flowproof.config.yaml"), `attestations:\n  - ${plan}\n`);
    await done("collect");
  });

  it("records a file with its author's word, and lists it", async () => {
    const add = [
      "attest",
      "add",
      "procedure.txt",
      "--kind",
      "procedure",
      "--title",
      "Change procedure",
      ...who,
      ...dates,
    ];
    const added = await flowproof(...add, "--document-version", "3.2");
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/^attested +procedure-1, "Change procedure" \(r\d+\)$/m);
    expect(added.stdout).toMatch(/^file +procedure\.txt, 1040000 bytes, SHA-256 [0-9a-f]{64}$/m);
    expect((await flowproof(...add, "--document-version", "3.2")).stdout).toMatch(/^unchanged +procedure-1, /m);
    const listed = await flowproof("attest", "list", "--period", "2026-10", "--json");
    expect(jsonLines(listed.stdout).map(({ id, standing }) => [id, standing])).toEqual([
      ["plan", "throughout"],
      ["procedure-1", "throughout"],
    ]);
    expect((await flowproof("attest", "list")).stdout).toMatch(/procedure-1 .* in force .* procedure\.txt/);
  });

  it("refuses a link, an unknown kind and an unknown criterion with exit code 2", async () => {
    symlinkSync(join(cwd, "procedure.txt"), join(cwd, "link.txt"));
    const add = (file: string, kind: string, ...more: string[]) =>
      flowproof("attest", "add", file, "--kind", kind, "--title", "T", ...who, ...dates, ...more);
    for (const [ended, why] of [
      [await add("link.txt", "procedure"), /link\.txt is a symbolic link\n/],
      [await add("procedure.txt", "opinion"), /Allowed choices are procedure, /],
      [
        await add("procedure.txt", "procedure", "--criterion", "soc2-2017:CC8.9"),
        /there is no criterion `soc2-2017:CC8\.9`/,
      ],
      [
        await flowproof("attest", "withdraw", "procedure-9", "--by", "A", "--reason", "B"),
        /no attestation procedure-9/,
      ],
      [await flowproof("attest", "withdraw", "plan", "--by", "A", "--reason", "B"), /declared in the configuration/],
    ] as const) {
      expect(ended.code, ended.stderr).toBe(2);
      expect(ended.stderr).toMatch(why);
    }
  });

  it("puts word and files into the issued pack, where its verifier holds them to the signature", async () => {
    expect((await flowproof("report", "--period", "2026-10")).code).toBe(0);
    expect(readFileSync(join(pack, "pack.html"), "utf8")).toContain("when the pack is issued");
    const issued = await flowproof("issue", "--period", "2026-10", ...who);
    expect(issued.code, issued.stderr).toBe(0);
    const html = readFileSync(join(pack, "pack.html"), "utf8");
    expect(html).toContain("The files lie in evidence.zip, folder attachments,");
    expect(html).toContain("Attested, not tested");
    const bundle = await zipFiles(join(pack, "evidence.zip"));
    const attached = bundle.names.filter((name) => name.startsWith("attachments/"));
    await bundle.close();
    expect(attached).toEqual([
      expect.stringMatching(/^attachments\/plan-[0-9a-f]{12}\.csv$/),
      expect.stringMatching(/^attachments\/procedure-1-[0-9a-f]{12}\.txt$/),
    ]);
    for (const path of [pack, join(pack, "evidence.zip"), join(pack, "pack.pdf"), join(pack, "pack.html")]) {
      const verified = await flowproof("verify", path);
      expect(verified.code, verified.stdout + verified.stderr).toBe(0);
    }
    const alone = execFileSync(process.execPath, ["verify.mjs"], { cwd: pack, encoding: "utf8" });
    expect(alone).toContain("whole and unaltered as far as checked");
  });

  it("verifies the bundle unpacked, and names an attached file that was altered in it", async () => {
    const unpacked = freshFolder();
    mkdirSync(join(unpacked, "attachments"));
    const bundle = await zipFiles(join(pack, "evidence.zip"));
    for (const name of bundle.names) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bundle.open(name)) chunks.push(chunk);
      writeFileSync(join(unpacked, name), Buffer.concat(chunks));
    }
    await bundle.close();
    expect((await flowproof("verify", unpacked)).code).toBe(0);
    const [plan = ""] = readdirSync(join(unpacked, "attachments"));
    appendFileSync(join(unpacked, "attachments", plan), "2,nobody\n");
    const altered = await flowproof("verify", unpacked);
    expect(altered.code).toBe(5);
    expect(altered.stdout).toContain(`attachments/${plan}`);
    const added = freshFolder();
    cpSync(pack, added, { recursive: true });
    mkdirSync(join(added, "attachments"));
    writeFileSync(join(added, "attachments", "more.txt"), "x");
    expect(await flowproof("verify", added)).toMatchObject({
      code: 5,
      stdout: expect.stringContaining("attachments/more.txt"),
    });
  });

  it("leaves the files out of the redacted edition", async () => {
    const issued = await flowproof("issue", "--period", "2026-10", "--redacted", ...who);
    expect(issued.code, issued.stderr).toBe(0);
    const folder = join(cwd, /^issued +.* files in (\S+);/m.exec(issued.stdout)?.[1] ?? "");
    const bundle = await zipFiles(join(folder, "evidence.zip"));
    expect(bundle.names.filter((name) => name.includes("/"))).toEqual([]);
    await bundle.close();
    expect(readFileSync(join(folder, "assessment.json"), "utf8")).not.toContain("Ada Example");
  });

  it("finds a kept file that was altered, with exit code 5 and its name, and issues nothing with it", async () => {
    const copied = await flowproof("backup", "copy.db");
    expect(copied.stdout).toMatch(/^attested +2 files in \S+copy\.db\.files$/m);
    const files = `${store()}.files`;
    const [name = ""] = readdirSync(files);
    chmodSync(join(files, name), 0o600);
    writeFileSync(join(files, name), "something else\n");
    const verified = await flowproof("verify");
    expect(verified.code).toBe(5);
    expect(verified.stdout).toMatch(/attestation (plan|procedure-1).*r\d+, version 1: its file .* was altered/);
    await flowproof("attest", "withdraw", "procedure-1", "--reason", "a better one came", "--by", "Ada Example");
    expect((await flowproof("report", "--period", "2026-10")).code).toBe(0);
    const issued = await flowproof("issue", "--period", "2026-10", ...who);
    expect(issued.code).toBe(5);
    expect(issued.stderr).toMatch(/the file of attestation \S+ \(r\d+\), .* was altered/);
    const restored = await flowproof("restore", "copy.db", "--discard-later");
    expect(restored.code, restored.stderr).toBe(0);
    expect((await flowproof("verify")).stdout).toContain("2 versions, each with its file as it was recorded");
  });
});
