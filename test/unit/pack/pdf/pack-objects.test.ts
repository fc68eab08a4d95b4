import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getDocumentProxy } from "unpdf";
import { describe, expect, test } from "vitest";
import { withAttachments } from "../../../../src/pack/pdf/attachments.ts";
import { withPackedObjects } from "../../../../src/pack/pdf/pack-objects.ts";
import { attachmentsOf } from "../../../../src/pack/pdf/read-attachments.ts";

/** A tagged document of one page with a link, as Chromium lays one out, with so many paragraphs. */
function taggedPdf(paragraphs: number): Buffer {
  const first = 8;
  const numbers = Array.from({ length: paragraphs }, (_, i) => first + i);
  const marked = numbers.map((_, i) => `/P <</MCID ${i}>> BDC EMC`).join("\n");
  const bodies = [
    "<</Type /Catalog\n/Pages 2 0 R\n/MarkInfo <</Marked true>>\n/StructTreeRoot 5 0 R>>",
    "<</Type /Pages\n/Count 1\n/Kids [3 0 R]>>",
    "<</Type /Page\n/Parent 2 0 R\n/MediaBox [0 0 200 200]\n/Contents 4 0 R\n/StructParents 0\n/Annots [7 0 R]>>",
    `<</Length ${marked.length}>> stream\n${marked}\nendstream`,
    "<</Type /StructTreeRoot\n/K 6 0 R\n/ParentTree <</Nums [0 [NUMBERS]]>>>>".replace(
      "NUMBERS",
      numbers.map((n) => `${n} 0 R`).join(" "),
    ),
    `<</Type /StructElem\n/S /Document\n/P 5 0 R\n/K [${numbers.map((n) => `${n} 0 R`).join(" ")}]>>`,
    "<</Type /Annot\n/Subtype /Link\n/Rect [0 0 9 9]\n/A <</S /URI\n/URI (https://source.example/endobj)>>>>",
    ...numbers.map(
      (_, i) => `<</Type /StructElem\n/S /P\n/P 6 0 R\n/Pg 3 0 R\n/Alt (No. ${i} \\(endobj\\))\n/K ${i}>>`,
    ),
  ];
  let file = "%PDF-1.4\n%\xd3\xeb\xe9\xe1\n";
  const entries = bodies.map((body, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const size = bodies.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries.join("")}`;
  return Buffer.from(
    `${file}${table}trailer\n<</Size ${size}\n/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    "latin1",
  );
}

/** What a reader of another make finds in it. */
async function seen(pdf: Uint8Array) {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const page = await document.getPage(1);
  const links = await page.getAnnotations();
  return {
    pages: document.numPages,
    tags: await page.getStructTree(),
    links: links.map(({ url, rect }: { url?: string; rect: unknown }) => [url, rect]),
  };
}

const attachment = {
  name: "changes.csv",
  description: "A row a change",
  mimeType: "text/csv",
  content: Buffer.from("change,result\n1,pass\n"),
};
const at = "2026-11-03T00:00:00Z";

describe("a printed PDF whose tags and links are packed", () => {
  // More than one stream holds.
  const printed = taggedPdf(1200);
  const packed = withPackedObjects(printed);

  test("is much smaller, and the same input gives the same bytes", () => {
    expect(packed.length).toBeLessThan(printed.length * 0.6);
    expect(Buffer.compare(withPackedObjects(printed), packed)).toBe(0);
  });

  test("has every tag and link that it had, as another reader sees them", async () => {
    const before = await seen(printed);
    expect(before.links).toEqual([["https://source.example/endobj", [0, 0, 9, 9]]]);
    expect(JSON.stringify(before.tags)).toContain("No. 1199 (endobj)");
    expect(await seen(packed)).toEqual(before);
  });

  test("can be continued with attachments, which are read back", async () => {
    const continued = withAttachments(packed, [attachment], at);
    expect(attachmentsOf(continued).get("changes.csv")).toEqual(attachment.content);
    expect(await seen(continued)).toEqual(await seen(printed));
  });

  test.skipIf(spawnSync("qpdf", ["--version"]).error !== undefined)("is well formed as qpdf sees it", () => {
    const folder = mkdtempSync(join(tmpdir(), "flowproof-"));
    try {
      const file = join(folder, "packed.pdf");
      writeFileSync(file, withAttachments(packed, [attachment], at));
      const { status, stdout } = spawnSync("qpdf", ["--check", file], { encoding: "utf8" });
      expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining("No syntax") });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is left as it is where there is nothing to pack, and refused where it was continued already", () => {
    const untagged = Buffer.from(
      printed.toString("latin1").replace(/\/Type \/(StructElem|Annot)/g, "/Kind /$1"),
      "latin1",
    );
    expect(withPackedObjects(untagged)).toBe(untagged);
    expect(() => withPackedObjects(withAttachments(printed, [attachment], at))).toThrow("continued already");
  });
});
