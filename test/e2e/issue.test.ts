import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../src/ledger/signing-key.ts";
import { withAttachments } from "../../src/pack/pdf/attachments.ts";
import { selfSignedCertificate } from "../../src/pack/pdf/certificate.ts";
import { attachmentsOf } from "../../src/pack/pdf/read-attachments.ts";
import { signPdf } from "../../src/pack/pdf/sign.ts";
import { openDesk } from "./desk.ts";
import { freshFolder, jsonLines, type RunningSandbox, startSandboxProcess } from "./flowproof-process.ts";

const who = ["--by", "Ada Example", "--role", "Head of Engineering"];

describe("issuing, as an organisation does it month by month", () => {
  // Checks cannot be read at first: what they show comes late.
  const desk = openDesk({ serving: ["--faults", "forbidden:checks"] });
  const { cwd, flowproof, done } = desk;
  const pack = (name: string): string => join(desk.reports, name);
  let later: RunningSandbox | undefined;
  let drafted: Uint8Array;

  beforeAll(async () => {
    const { certificate, key } = await selfSignedCertificate({
      organisation: "Riverbank",
      from: "2026-01-01T00:00:00Z",
      years: 10,
    });
    const secret = { mode: 0o600 };
    writeFileSync(join(cwd, "ledger.pem"), newSigningKey(), secret);
    writeFileSync(join(cwd, "pdf.pem"), certificate);
    writeFileSync(join(cwd, "pdf.key"), key, secret);
    await done("collect");
    await done("report", "--period", "2026-09");
  });
  afterAll(() => later?.stop());

  it("refuses to issue without a key, and says how to get one", async () => {
    const { code, stderr } = await flowproof("issue", "--period", "2026-09", ...who);
    expect(code).toBe(2);
    expect(stderr).toMatch(/packs are issued signed.*\nAdd `signing:/);
    appendFileSync(
      join(cwd, "flowproof.config.yaml"),
      "signing:\n  key: { file: ledger.pem }\n  certificate: { file: pdf.pem, key: { file: pdf.key } }\n",
    );
  });

  it("refuses a draft from before signing, whose checkpoint nobody signed, and one that was edited", async () => {
    const unsigned = await flowproof("issue", "--period", "2026-09", ...who);
    expect(unsigned.code).toBe(2);
    expect(unsigned.stderr).toMatch(/checkpoint .*is not signed\n.*run `npx flowproof collect`/);
    expect((await flowproof("collect")).code).toBe(0);
    expect((await flowproof("report", "--period", "2026-09")).code).toBe(0);
    const file = join(pack("riverbank-2026-09"), "changes.csv");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("fail", "pass"));
    const edited = await flowproof("issue", "--period", "2026-09", ...who);
    expect(edited.code).toBe(2);
    expect(edited.stderr).toContain("changes.csv is not what was written");
    writeFileSync(file, text);
  });

  it("issues two months, each naming the one before, and a verifier without anything of ours finds them whole", async () => {
    const first = await flowproof("issue", "--period", "2026-09", ...who);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(
      /^issued +\d+ pages, \d+ files in reports\/sandbox\/riverbank-2026-09; open pack\.pdf or pack\.html$/m,
    );
    const next = /^next +npx flowproof (verify reports\/sandbox\/riverbank-2026-09 --key [0-9a-f]{64})$/m;
    const [, verify = ""] = next.exec(first.stdout) ?? [];
    expect((await flowproof(...verify.split(" "))).code, first.stdout).toBe(0);
    expect((await flowproof("report", "--period", "2026-10")).code).toBe(0);
    drafted = readFileSync(join(pack("riverbank-2026-10"), "pack.pdf"));
    writeFileSync(join(cwd, "requests.csv"), "request,what\nPBC-1,changes.csv\nPBC-2,CHG-03\n");
    const second = await flowproof("issue", "--period", "2026-10", ...who, "--requests", "requests.csv");
    expect(second.code, second.stderr).toBe(0);

    const folder = pack("riverbank-2026-10");
    const content = JSON.parse(readFileSync(join(folder, "content.json"), "utf8"));
    expect(content.predicate.previous.pack).toBe("riverbank-2026-09");
    expect(content.predicate.issued).toMatchObject({ by: "Ada Example", role: "Head of Engineering" });
    expect(content.predicate.issued.assertion).toContain("management asserts that:\n1. Section ");
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o222, file).toBe(0);

    const elsewhere = freshFolder();
    cpSync(folder, elsewhere, { recursive: true });
    const { verification } = await verified(elsewhere);
    expect(verification).toMatch(/whole and unaltered as far as checked: \d+ checks hold/);
    const html = readFileSync(join(folder, "pack.html"), "utf8");
    expect(html).toContain("Issued on ");
    expect(html).not.toContain(">Draft<");
  });

  it("knows a PDF alone whose signature was taken away, or is somebody else's, by what the ledger's key signed", async () => {
    const issued = attachmentsOf(readFileSync(join(pack("riverbank-2026-10"), "pack.pdf")));
    const files = [...issued].map(([name, content]) => ({ name, description: name, mimeType: "text/plain", content }));
    const at = "2026-11-03T00:00:00Z";
    const stripped = withAttachments(drafted, files, at);
    const { certificate: chain, key } = await selfSignedCertificate({ organisation: "Riverbank", from: at, years: 1 });
    const resigned = await signPdf(stripped, { chain, key }, { name: "A", reason: "Issued", at });
    const said = async (pdf: Uint8Array): Promise<string> => {
      writeFileSync(join(cwd, "alone.pdf"), pdf);
      const { code, stdout } = await flowproof("verify", "alone.pdf");
      expect(code).toBe(5);
      return stdout;
    };
    expect(await said(stripped)).toMatch(/BROKEN +pack\.pdf signature +it was taken away/);
    expect(await said(resigned)).toMatch(/BROKEN +pack\.pdf certificate +is not the one that content\.json states/);
  });

  it("does nothing where nothing changed, and never draws over what was issued", async () => {
    const before = readFileSync(join(pack("riverbank-2026-09"), "manifest.json"), "utf8");
    const again = await flowproof("issue", "--period", "2026-09", ...who);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^unchanged +riverbank-2026-09 was issued on /m);
    const into = await flowproof("report", "--period", "2026-09", "--out", pack("riverbank-2026-09"));
    expect(into.code).toBe(2);
    expect(into.stderr).toContain("holds an issued pack, which nothing may replace");
    expect(readFileSync(join(pack("riverbank-2026-09"), "manifest.json"), "utf8")).toBe(before);
  });

  it("makes a revision of late evidence, names what it supersedes and each difference", async () => {
    const { port } = new URL(desk.sandbox().url);
    await desk.sandbox().stop();
    const aside = freshFolder();
    later = await startSandboxProcess(aside, "--port", port);
    expect((await flowproof("collect")).code).toBe(0);
    const drafted = await flowproof("report", "--period", "2026-10");
    expect(drafted.stdout).toContain("riverbank-2026-10-r2;");
    expect(drafted.stderr).toContain("this draft is riverbank-2026-10-r2");
    const revised = await flowproof("issue", "--period", "2026-10", ...who);
    expect(revised.code, revised.stderr).toBe(0);
    expect(revised.stdout).toMatch(/^supersedes +riverbank-2026-10; not as in that one:$/m);
    expect(revised.stdout).toMatch(/ payments: .*required-checks-passed pass, was not verifiable/);
    expect(readFileSync(join(pack("riverbank-2026-10-r2"), "pack.html"), "utf8")).toContain(
      "it takes the place of riverbank-2026-10",
    );
    const { verification } = await verified(pack("riverbank-2026-10-r2"), "--against", pack("riverbank-2026-09"));
    expect(verification).toMatch(/continues/);
  });

  it("lists the chain, and says what is gone and what was altered", async () => {
    rmSync(pack("riverbank-2026-10"), { recursive: true });
    const listed = await flowproof("packs", "--json");
    expect(listed.code, listed.stderr).toBe(0);
    expect(jsonLines(listed.stdout)).toMatchObject([
      { name: "riverbank-2026-09", revision: 1, supersededBy: null, folder: { state: "asIssued" } },
      { name: "riverbank-2026-10", supersededBy: "riverbank-2026-10-r2", folder: { state: "missing" } },
      { name: "riverbank-2026-10-r2", revision: 2, supersedes: "riverbank-2026-10", folder: { state: "asIssued" } },
    ]);
    const file = join(pack("riverbank-2026-09"), "changes.csv");
    rmSync(file);
    const altered = await flowproof("packs");
    expect(altered.code).toBe(5);
    expect(altered.stdout).toMatch(/riverbank-2026-09 .*altered: changes\.csv$/m);
  });

  /** What the pack's own verifier prints. */
  async function verified(folder: string, ...args: string[]): Promise<{ readonly verification: string }> {
    const { execFileSync } = await import("node:child_process");
    const node = [join(folder, "verify.mjs"), folder, ...args];
    return { verification: execFileSync(process.execPath, node, { encoding: "utf8", cwd: freshFolder() }) };
  }
});
