import { describe, expect, it } from "vitest";
import { readPageProof, scriptJson, writePageProof } from "../../../../src/pack/html/page-proof.ts";
import { contentHtml, contentOfHtml, readSealedHtml, sealHtml } from "../../../../src/pack/html/seal-html.ts";
import { sealedLine } from "../../../../src/pack/html/sealed-elements.ts";
import { sha256 } from "../../../../src/util/hash.ts";

const serialised = [
  '<!DOCTYPE html><html lang="en"><head>',
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
  "</head>",
  "<body>",
  "<main>Zürich &lt;p data-seal=&quot;line&quot;&gt; ✓</main>",
  "",
  "</body></html>",
]
  .join("\n")
  .replace("\n</body>", "</body>");
const verifier = "(()=>{let x=1<2})();";
const parts = { proof: '{"version":1}', envelope: '{"payload":""}', verifier };
const content = contentHtml(serialised, verifier);
const sealed = sealHtml(content, parts);
const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

describe("a sealed document", () => {
  it("is the content with four elements more, and gives each back", () => {
    const read = readSealedHtml(bytes(sealed));
    expect(read).toEqual({ ...parts, content: expect.anything(), verifierAllowed: true });
    expect(Buffer.from(read?.content ?? []).toString()).toBe(content);
    expect(sealed).toContain(`<body>${sealedLine}\n<main>`);
    expect(sealed).toMatch(/<\/script><script data-seal="verifier">.*<\/script><\/body><\/html>$/);
  });

  it("allows the one script by its hash, and nothing else beside what was allowed", () => {
    const hash = sha256(verifier).toString("base64");
    expect(content).toContain(`content="default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'"`);
    const other = bytes(sealed.replace("let x=1", "let x=2"));
    expect(readSealedHtml(other)?.verifierAllowed).toBe(false);
    const more = bytes(sealed.replace("script-src '", "script-src 'unsafe-inline' '"));
    expect(readSealedHtml(more)?.verifierAllowed).toBe(false);
  });

  it.each<[string, (html: string) => string]>([
    ["nothing sealed", () => content],
    ["no line", (html) => html.replace(sealedLine, "")],
    ["a line that says more", (html) => html.replace("Not checked here", "Checked")],
    ["two lines", (html) => html.replace("<main>", `${sealedLine}<main>`)],
    ["a line elsewhere", (html) => html.replace(sealedLine, "").replace("<main>", `<main>${sealedLine}`)],
    ["a block missing", (html) => html.replace(/<script data-seal="proof".*?<\/script>/, "")],
    ["a block twice", (html) => html.replace(/<script data-seal="proof".*?<\/script>/, "$&$&")],
    [
      "text between the blocks",
      (html) => html.replace('<script data-seal="envelope"', ' <script data-seal="envelope"'),
    ],
    ["a block with an attribute more", (html) => html.replace('data-seal="proof"', 'data-seal="proof" id="x"')],
    ["markup in a block", (html) => html.replace('{"version":1}', "{}</script><p>x</p><script>")],
    ["markup in the script", (html) => html.replace("let x", "</script><p>x</p><script>let x")],
    ["another sealed element", (html) => html.replace("<main>", '<p class="a > b" data-seal="more">x</p><main>')],
    ["something after the end", (html) => `${html}\n`],
    ["another end", (html) => html.replace("</body></html>", "</html>")],
  ])("is none with %s", (_what, alter) => {
    const altered = alter(sealed);
    expect(altered).not.toBe(sealed);
    expect(contentOfHtml(bytes(altered))).toBeUndefined();
  });

  it("has bytes of its own for every other way to write the same document", () => {
    for (const alter of [(html: string) => html.replace("<main>", "<main >"), (html: string) => `\ufeff${html}`]) {
      const found = contentOfHtml(bytes(alter(sealed)));
      expect(Buffer.from(found ?? []).toString()).not.toBe(content);
    }
  });

  it("is not made of parts that would end their elements, or of a script that may not run", () => {
    expect(() => sealHtml(content, { ...parts, proof: '"</script>"' })).toThrow("no <");
    expect(() => sealHtml(content, { ...parts, verifier: "'</SCRIPT >'" })).toThrow("end its own element");
    expect(() => sealHtml(content, { ...parts, verifier: "<!--" })).toThrow("end its own element");
    expect(() => sealHtml(content, { ...parts, verifier: "other()" })).toThrow("no such verifier");
  });

  it("is not made of a document with a seal already, without a policy, or written otherwise", () => {
    expect(() => contentHtml(sealed, verifier)).toThrow();
    expect(() => contentHtml(serialised.replace("<main>", '<main data-seal="line">'), verifier)).toThrow("data-seal");
    expect(() => contentHtml(serialised.replace("default-src 'none'; ", ""), verifier)).toThrow("policy");
    expect(() => contentHtml(`${serialised}\n`, verifier)).toThrow("begin and end");
  });
});

describe("the block of proof", () => {
  const checkpoint = { size: 3, root: "ab".repeat(32), at: "2026-11-04T05:00:00Z", note: "</script><!--\u2028&\n" };
  const proof = {
    checkpoint,
    key: Buffer.alloc(32).toString("base64"),
    records: { leaves: [[7, 2, "cd".repeat(32)] as const], proof: [Buffer.alloc(32, 1).toString("base64")] },
  };

  it("can be read again whatever its texts, and ends no element", () => {
    const block = writePageProof(proof);
    expect(block).not.toMatch(/[<>&\u2028]/);
    expect(readPageProof(block)).toEqual({ version: 1, ...proof });
    expect(scriptJson("<!-- </script>")).toBe('"\\u003c!-- \\u003c/script\\u003e"');
  });

  it.each([
    ["not JSON", "{"],
    ["of another version", scriptJson({ version: 2, ...proof })],
    ["without a key", scriptJson({ version: 1, checkpoint, records: proof.records })],
    ["with a leaf that is none", scriptJson({ version: 1, ...proof, records: { leaves: [[7, 2, "cd"]], proof: [] } })],
  ])("is not read where it is %s", (_what, block) => {
    expect(readPageProof(block)).toBeUndefined();
  });
});
