import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/pack/browser.ts";
import { bundled } from "../../src/pack/bundled.ts";
import { contentOfHtml, readSealedHtml } from "../../src/pack/html/seal-html.ts";
import { sealedLine } from "../../src/pack/html/sealed-elements.ts";
import { serialised } from "../../src/pack/html/serialise.ts";
import { printPdf } from "../../src/pack/print.ts";
import { alterations } from "../fixtures/alterations.ts";
import { type Opener, opener } from "../fixtures/opened-html.ts";
import { newKey, provenReport, sealed } from "../fixtures/sealed-html.ts";

// Chromium only: no other browser is on the machines that run these tests.

const title = [
  '<script>document.title="owned"</script></script><!--',
  "</main></body></html> \r\n\0 &amp; &lt; ' \" <pre>\n\n</pre><textarea>\n",
  "<table><a href=1><td><a href=2><form><p><h1></p> <p data-seal=line>x</p> \ud800 \u00a0 \ufeff \u202e",
].join(" ");

let browser: Browser;
let folder: string;
let script: string;
let report: ReturnType<typeof provenReport>;
let text: string;
let whole: ReturnType<typeof sealed>;
/** A short one without fonts, quick to open hundreds of times. */
let brief: ReturnType<typeof provenReport>;
let small: ReturnType<typeof sealed>;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "flowproof-html-"));
  ({ open, lineOf } = opener(browser, folder));
  script = bundled("page.js");
  report = provenReport({ title });
  text = await serialised(report.html);
  whole = sealed(text, report, script);
  brief = provenReport({ title, changes: 2 });
  small = sealed((await serialised(brief.html)).replace(/@font-face\s*\{[^}]*\}/g, ""), brief, script);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

let open: Opener["open"];
let lineOf: Opener["lineOf"];

const grouped = (hex: string): string => hex.replace(/(.{8})(?=.)/g, "$1 ");

describe("the browser's form of the document", () => {
  it("is read and written alike whatever its texts are, and says nothing of pages", async () => {
    expect((await serialised(text)) === text).toBe(true);
    expect(text).toMatch(/^<!DOCTYPE html><html lang="en"><head>\n<meta charset="utf-8">/);
    expect(text).not.toContain('data-page="');
    expect(text).toContain("&lt;/script&gt;&lt;!--");
  });

  it("is given by the printing too, the same", async () => {
    const printed = await printPdf(report.html, { serialise: true });
    expect(printed.serialised === text).toBe(true);
    expect(printed.pages).toBe((await printPdf(report.html)).pages);
  });

  it("holds no angle bracket in an attribute, which older browsers write otherwise", async () => {
    const odd = report.html.replace('<main class="doc">', '<main class="doc" title="a <b> &amp; c">');
    expect(await serialised(odd)).toContain('<main class="doc" title="a ‹b› &amp; c">');
  });

  it.each([
    ["what a reader opens", "<details><summary>a</summary></details>", "holds <details>"],
    ["a line break that is dropped", "<pre>\n\na</pre>", "holds <pre>"],
    ["a seal of its own", '<p data-seal="line">a</p>', "holds <p data-seal"],
    ["a carriage return that becomes a line feed", "<p>a&#13;b</p>", "reads otherwise"],
  ])("is refused for %s", async (_what, extra, said) => {
    await expect(serialised(report.html.replace("</main>", `${extra}</main>`))).rejects.toThrow(said);
  });
});

describe("a sealed document", () => {
  it("says that it is unaltered, by which key, and what it cannot show; it asks for nothing", async () => {
    const { state, said } = await lineOf(whole.html);
    expect(state).toBe("holds");
    expect(said).toContain("This document's content is unaltered: signed by key");
    expect(said).toContain(grouped(whole.fingerprint));
    expect(said).toContain(`${report.records.leaves.length} records under checkpoint ${report.checkpoint.size} (`);
    expect(said).toContain(grouped(report.checkpoint.root.slice(0, 16)));
    expect(said).toContain("This line cannot show that its own script was not exchanged");
    expect(said).toContain("Compare the fingerprint with what Riverbank Ltd told you.");
  });

  it("shows what it verified: the same document, the line on top, tools above its tables, nothing of the seal below", async () => {
    const { page } = await open(whole.html);
    await page.waitForSelector(".tool");
    const shown = await page.evaluate(`(() => {
      document.querySelector("[data-seal]").remove();
      for (const tool of document.querySelectorAll(".tool")) tool.replaceWith(...(tool.matches("th > *") ? tool.childNodes : []));
      for (const box of document.querySelectorAll(".wide")) for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      return "<!DOCTYPE html>" + document.documentElement.outerHTML;
    })()`);
    expect(shown === whole.content).toBe(true);
    await page.close();
  });

  it("stays green where a reader came to one of its places, and shows that place", async () => {
    const id = report.records.leaves[40]?.[0];
    const { page, state } = await open(whole.html, { hash: `#r${id}` });
    expect(state).toBe("holds");
    await page.waitForSelector(":target");
    expect(await page.evaluate("document.querySelector(':target')?.id")).toBe(`r${id}`);
    await page.waitForFunction("scrollY > 1000");
    await page.close();
  });

  it("tells without a script that nothing was checked, and how to check", async () => {
    const { page, state, said } = await open(whole.html, { prepare: (page) => page.setJavaScriptEnabled(false) });
    expect(state).toBe("static");
    expect(said).toMatch(/^Not checked here: .*node verify\.mjs pack\.html/);
    await page.close();
  });

  it.each([
    ["offers no cryptography", "Object.defineProperty(crypto, 'subtle', { value: undefined })", "cryptography"],
    [
      "knows no Ed25519",
      "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError'); }",
      "no Ed25519 signatures",
    ],
  ])("is neither green nor red in a browser that %s", async (_what, without, said) => {
    const opened = await open(whole.html, { prepare: (page) => page.evaluateOnNewDocument(without) });
    expect(opened.state).toBe("unchecked");
    expect(opened.said).toMatch(/^Not checked here\./);
    expect(opened.said).toContain(said);
    await opened.page.close();
  });

  it("shows another fingerprint when another key signed all of it anew", async () => {
    const other = sealed(text, report, script, newKey());
    const { state, said } = await lineOf(other.html);
    expect(state).toBe("holds");
    expect(said).toContain(grouped(other.fingerprint));
    expect(said).not.toContain(grouped(whole.fingerprint));
  });

  it("prints no line, and none runs over the side of a phone", async () => {
    const { page } = await open(whole.html, { prepare: (page) => page.setViewport({ width: 380, height: 700 }) });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(380);
    await page.emulateMediaType("print");
    expect(await page.evaluate("document.querySelector('.seal').offsetHeight")).toBe(0);
    await page.close();
  });
});

const inserted = (html: string, before: string, markup: string): string => {
  expect(html).toContain(before);
  return html.replace(before, () => markup + before);
};
const exchanged = (html: string, from: string | RegExp, to: string): string => {
  const altered = html.replace(from, () => to);
  expect(altered).not.toBe(html);
  return altered;
};

/** As the appendix shows it. */
const firstLeaf = (): string => brief.records.leaves[0]?.[2].slice(0, 16) ?? "";

describe("an altered document", () => {
  it.each<[string, (html: string) => string, RegExp]>([
    [
      "a word of the text",
      (html) => exchanged(html, "Results of management", "Result of management"),
      /content is not what/,
    ],
    ["an attribute", (html) => exchanged(html, '<main class="doc">', '<main class="dox">'), /content is not what/],
    ["a link", (html) => exchanged(html, 'href="#exceptions"', 'href="#exceptionz"'), /content is not what/],
    ["the style sheet", (html) => exchanged(html, "--leak: #a8481f", "--leak: #ffffff"), /content is not what/],
    ["a comment", (html) => inserted(html, '<main class="doc">', "<!-- -->"), /content is not what/],
    ["the doctype", (html) => exchanged(html, "<!DOCTYPE html>", '<!DOCTYPE html SYSTEM "x">'), /content is not what/],
    ["something before the doctype", (html) => `<!-- -->${html}`, /content is not what/],
    ["something after the end", (html) => `${html}<p>and more</p>`, /parts that verify/],
    ["a comment after the end", (html) => `${html}<!-- -->`, /content is not what/],
    [
      "a space between the parts",
      (html) => inserted(html, '<script data-seal="envelope"', " "),
      /parts that verify|content is not/,
    ],
    [
      "a leaf in the appendix",
      (html) => exchanged(html, `<td>${firstLeaf()}</td>`, `<td>${"f".repeat(16)}</td>`),
      /content is not what.*record r\d+ is listed with another leaf/i,
    ],
    [
      "a record left out of the appendix",
      (html) => exchanged(html, /<tr id="r\d+">.*?<\/tr>/, ""),
      /record r\d+ is proven but not listed/,
    ],
    [
      "an element with the seal's attribute",
      (html) => inserted(html, "</main>", '<p data-seal="more">x</p>'),
      /parts that verify/,
    ],
    ["a second line", (html) => inserted(html, "</main>", sealedLine), /parts that verify/],
    [
      "a line filled beforehand",
      (html) =>
        exchanged(
          html,
          sealedLine,
          '<p data-seal="line" class="seal holds" role="status">This document\'s content is unaltered</p>',
        ),
      /parts that verify/,
    ],
    [
      "a line that covers the page",
      (html) => exchanged(html, 'class="seal" role', 'class="seal" style="position:fixed;inset:0" role'),
      /parts that verify/,
    ],
    ["no line", (html) => exchanged(html, sealedLine, ""), /parts that verify/],
    [
      "blocks in another order",
      (html) =>
        exchanged(
          html,
          /(<script data-seal="proof".*?<\/script>)(<script data-seal="envelope".*?<\/script>)/,
          `<script data-seal="envelope" type="application/json">${small.envelope}</script><script data-seal="proof" type="application/json">${small.proof}</script>`,
        ),
      /parts that verify/,
    ],
    [
      "a block that is shown",
      (html) =>
        exchanged(
          html,
          'data-seal="proof" type="application/json"',
          'data-seal="proof" type="application/json" style="display:block"',
        ),
      /parts that verify/,
    ],
    [
      "a space in the proof",
      (html) => exchanged(html, '{"version":1,"checkpoint"', '{"version":1, "checkpoint"'),
      /proof of its records is not the one that was signed/,
    ],
    [
      "a leaf in the proof",
      (html) =>
        exchanged(
          html,
          /"leaves":\[\[\d+,\d+,"[0-9a-f]{4}/,
          `"leaves":[[${brief.records.leaves[0]?.[0]},${brief.records.leaves[0]?.[1]},"0000`,
        ),
      /records do not lead to the checkpoint/,
    ],
    [
      "another key in the proof",
      (html) => exchanged(html, /"key":"[^"]{44}"/, `"key":"${Buffer.from(newKey().publicKey).toString("base64")}"`),
      /signature is not one of this key.*not signed by this key/,
    ],
    ["the signature", (html) => exchanged(html, /"sig":"..../, '"sig":"AAAA'), /signature is not one of this key/],
    [
      "the signed statement",
      (html) => exchanged(html, /"payload":"eyJfdHlw/, '"payload":"eyJfdHlx'),
      /signature in it is not over/,
    ],
  ])("is red for %s, and says what", async (_what, alter, said) => {
    const altered = alter(small.html);
    const line = await lineOf(altered);
    expect(line.state).toBe("broken");
    expect(line.said).toMatch(/^Altered\./);
    expect(line.said).toMatch(said);
    const read = readSealedHtml(Buffer.from(altered));
    expect(read && [read.proof, read.envelope, Buffer.from(read.content).toString()]).not.toEqual([
      small.proof,
      small.envelope,
      small.content,
    ]);
  });

  it.each(["open", "closed"])(
    "shows nothing of a shadow tree (%s) that it was given, which no browser writes out",
    async (mode) => {
      const tree = `<template shadowrootmode="${mode}" shadowrootclonable><p>No exceptions at all.</p><slot></slot></template>`;
      for (const place of ['<section class="cover"', "Not checked here"]) {
        const html = exchanged(small.html, new RegExp(`(${place}${place.startsWith("<") ? "[^>]*>" : ""})`), "@@");
        const host = new RegExp(`${place}${place.startsWith("<") ? "[^>]*>" : ""}`).exec(small.html)?.[0] ?? "";
        const altered = html.replace("@@", () => (place.startsWith("<") ? host + tree : tree + host));
        const { page, state } = await open(altered);
        expect(state).toBe("holds");
        const found = await page.evaluate("window.find('No exceptions at all')");
        expect(found, place).toBe(false);
        await page.close();
        expect(Buffer.from(contentOfHtml(Buffer.from(altered)) ?? []).toString()).not.toBe(small.content);
      }
    },
  );

  // The document is the same, so the browser cannot tell; verify.mjs compares bytes.
  it.each<[string, (html: string) => string]>([
    ["a space inside a tag", (html) => exchanged(html, '<main class="doc">', '<main  class="doc">')],
    ["capitals in a tag", (html) => exchanged(html, '<main class="doc">', '<MAIN class="doc">')],
    ["other quotes", (html) => exchanged(html, '<main class="doc">', "<main class='doc'>")],
    ["an attribute given again", (html) => exchanged(html, '<main class="doc">', '<main class="doc" class="x">')],
    ["an end tag left out", (html) => exchanged(html, "</td></tr>", "</tr>")],
    [
      "a character written as a number",
      (html) => exchanged(html, "Results of management", "Results of &#109;anagement"),
    ],
    ["a mark of the byte order", (html) => `\ufeff${html}`],
    [
      "white space after the end of the body's last tag",
      (html) => exchanged(html, "</body></html>", "</body ></html>"),
    ],
  ])("stays green for %s, of which the document is the same, and is not by its bytes", async (_what, alter) => {
    const altered = alter(small.html);
    expect((await lineOf(altered)).state).toBe("holds");
    expect(Buffer.from(contentOfHtml(Buffer.from(altered)) ?? []).toString()).not.toBe(small.content);
  });

  it("is not green once its script or the permission for it is altered: nothing runs", async () => {
    const without = exchanged(small.html, /<script data-seal="verifier">.*?<\/script>/s, "");
    const other = exchanged(small.html, '<script data-seal="verifier">', '<script data-seal="verifier">;');
    const forbidden = exchanged(small.html, "script-src 'sha256-", "script-src 'sha256-A");
    for (const html of [without, other, forbidden]) {
      expect((await lineOf(html)).state).toBe("static");
      const read = readSealedHtml(Buffer.from(html));
      expect(read?.verifierAllowed ?? false).toBe(false);
    }
  });

  it("is never green for an altered byte that alters the document, wherever it is", async () => {
    const bytes = Buffer.from(small.html);
    const states = new Map<string | undefined, number>();
    const dataAt = bytes.lastIndexOf('<script data-seal="proof"');
    const pending = alterations(bytes, 240);
    const openOneByOne = async (): Promise<void> => {
      const page = await browser.newPage();
      for (const { at, what, altered } of pending) {
        const { state } = await open(altered, { page });
        states.set(state, (states.get(state) ?? 0) + 1);
        const where = `${what} at ${at}: ${bytes.subarray(at - 20, at + 20)}`;
        if (state === "holds") expect((await domOf(altered)) === (await domOf(bytes)), where).toBe(true);
        // By its bytes every one of them shows; those of the data, which are no content, by their own digest or signature.
        const content = contentOfHtml(altered);
        if (at < dataAt) expect(content && Buffer.from(content).toString() === small.content, where).not.toBe(true);
      }
      await page.close();
    };
    await Promise.all([openOneByOne(), openOneByOne()]);
    expect(states.get("broken") ?? 0).toBeGreaterThan(200);
  });
});

/** What the browser makes of bytes, without running them. */
async function domOf(html: Uint8Array): Promise<string> {
  const { page } = await open(html, { prepare: (page) => page.setJavaScriptEnabled(false) });
  const dom = (await page.evaluate("document.doctype?.name + document.documentElement.outerHTML")) as string;
  await page.close();
  return dom;
}
