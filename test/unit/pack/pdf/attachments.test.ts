import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Attachment, withAttachments } from "../../../../src/pack/pdf/attachments.ts";
import { attachmentsOf } from "../../../../src/pack/pdf/read-attachments.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { printedPdf } from "../../../fixtures/printed-pdf.ts";

const at = "2026-11-03T00:00:00Z";
const file = (name: string, content: string | Uint8Array): Attachment => ({
  name,
  description: "What was found – in full",
  mimeType: name.endsWith(".csv") ? "text/csv" : "application/json",
  content: typeof content === "string" ? Buffer.from(content) : content,
});
const files = [
  file("changes.csv", "change,result\n1,pass\n".repeat(500)),
  file("assessment.json", '{"schemaVersion":1}'),
  file("Änderungen (Ω).json", "{}"),
  file("empty.json", ""),
];
const printed = printedPdf();
const has = (tool: string, flag = "--version"): boolean => spawnSync(tool, [flag]).error === undefined;

const digests = (pdf: Uint8Array): Record<string, string> =>
  Object.fromEntries([...attachmentsOf(pdf)].map(([name, content]) => [name, sha256Hex(content)]));

describe("attachments of a PDF", () => {
  const attached = withAttachments(printed, files, at);

  test("are read back, byte for byte, under their names", () => {
    expect(digests(attached)).toEqual(Object.fromEntries(files.map(({ name, content }) => [name, sha256Hex(content)])));
  });

  test("are appended: what was printed stays as it is, and the same input gives the same bytes", () => {
    expect(Buffer.from(attached.subarray(0, printed.length)).equals(printed)).toBe(true);
    expect(Buffer.compare(withAttachments(printed, files, at), attached)).toBe(0);
  });

  test("leave tags, outline, language, links and pages as another reader sees them", async () => {
    const [before, after] = await Promise.all([printed, attached].map((pdf) => getDocumentProxy(new Uint8Array(pdf))));
    if (!before || !after) throw new Error("no document");
    expect(after.numPages).toBe(before.numPages);
    expect(await after.getOutline()).toEqual(await before.getOutline());
    expect(await after.getMarkInfo()).toEqual({ Marked: true, UserProperties: false, Suspects: false });
    const [one, same] = [await before.getPage(1), await after.getPage(1)];
    expect(await same.getStructTree()).toEqual(await one.getStructTree());
    const links = async (page: typeof one) =>
      (await page.getAnnotations()).map((link: { subtype: string; dest?: unknown; url?: string }) => [
        link.subtype,
        link.dest,
        link.url,
      ]);
    expect(await links(same)).toEqual(await links(one));
    expect((await after.getMetadata()).info).toMatchObject({ Language: "en" });
    const seen = Object.values(
      (await after.getAttachments()) as Record<string, { filename: string; content: Uint8Array }>,
    );
    expect(seen.map(({ filename, content }) => [filename, sha256Hex(content)]).sort()).toEqual(
      files.map(({ name, content }) => [name, sha256Hex(content)]).sort(),
    );
  });

  test("are added to those that are there, none twice", () => {
    const more = withAttachments(attached, [file("proofs.json", "[]")], at);
    expect(digests(more)).toEqual({ ...digests(attached), "proofs.json": sha256Hex("[]") });
    expect(() => withAttachments(attached, [file("changes.csv", "")], at)).toThrow(
      "two attachments called changes.csv",
    );
  });

  test("58 one replaced, added or removed shows in their digests", () => {
    const signedFor = digests(attached);
    const replaced = withAttachments(printed, [file("changes.csv", "forged"), ...files.slice(1)], at);
    expect(digests(replaced)["changes.csv"]).not.toBe(signedFor["changes.csv"]);
    const added = withAttachments(attached, [file("extra.csv", "1")], at);
    expect(Object.keys(digests(added))).toContain("extra.csv");
    expect(Object.keys(digests(withAttachments(printed, files.slice(1), at)))).not.toContain("changes.csv");
  });

  test("58 one whose content was changed in place does not unpack, or unpacks to something else", () => {
    const changed = Buffer.from(attached);
    const stream = changed.indexOf("stream\n", changed.indexOf("/EmbeddedFile")) + 40;
    changed[stream] = (changed[stream] ?? 0) ^ 4;
    expect(() => digests(changed)).toThrow("cannot be unpacked");
  });

  test("of 40 MB are packed and come back whole", () => {
    const large = file("large.json", Buffer.alloc(40 * 2 ** 20, "0123456789abcdef"));
    const whole = withAttachments(printed, [large], at);
    expect(attachmentsOf(whole).get("large.json")?.length).toBe(large.content.length);
    expect(whole.length).toBeLessThan(printed.length + 2 ** 20);
  });
});

describe("a file that cannot be continued or read", () => {
  test.each([
    ["no PDF", Buffer.from("<html>"), "not a whole PDF"],
    ["cut", printed.subarray(0, 100_000), "not a whole PDF"],
    [
      "with a cross-reference stream",
      Buffer.from("%PDF-1.5\n1 0 obj\n<</Type /XRef>>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF\n"),
      "no classic cross-reference table",
    ],
  ])("%s is refused", (_, pdf, reason) => {
    expect(() => withAttachments(pdf, files, at)).toThrow(reason);
    expect(() => attachmentsOf(pdf)).toThrow(reason);
  });

  test("a PDF without attachments has none", () => {
    expect(attachmentsOf(printed).size).toBe(0);
  });

  test("no byte changed anywhere makes reading hang or fail other than with an error's sentence", () => {
    const small = withAttachments(printed, files, at);
    for (let offset = printed.length; offset < small.length; offset += 61) {
      const changed = Buffer.from(small);
      changed[offset] = (changed[offset] ?? 0) ^ 0x10;
      try {
        attachmentsOf(changed);
      } catch (error) {
        expect((error as Error).message).toMatch(/^the (PDF|file)/);
      }
    }
  });
});

describe("as other tools read it", () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "flowproof-pdf-"));
    path = join(folder, "pack.pdf");
    writeFileSync(path, withAttachments(printed, files, at));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(!has("qpdf"))("qpdf finds nothing wrong, and tags, outline and associated files in the catalog", () => {
    const check = spawnSync("qpdf", ["--check", path], { encoding: "utf8" });
    expect([check.status, check.stderr]).toEqual([0, ""]);
    const root = /\/Root (\d+)/.exec(
      spawnSync("qpdf", ["--show-object=trailer", path], { encoding: "utf8" }).stdout,
    )?.[1];
    const catalog = spawnSync("qpdf", [`--show-object=${root}`, path], { encoding: "utf8" }).stdout;
    for (const key of ["/StructTreeRoot", "/Outlines", "/Lang", "/MarkInfo", "/Names", "/AF", "/Dests"])
      expect(catalog).toContain(key);
  });

  test.skipIf(!has("pdfdetach", "-v"))("pdfdetach lists them", () => {
    const { stdout } = spawnSync("pdfdetach", ["-list", path], { encoding: "utf8" });
    expect(stdout).toContain(`${files.length} embedded files`);
    expect(stdout).toContain("Änderungen (Ω).json");
  });
});
