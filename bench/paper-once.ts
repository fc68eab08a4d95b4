import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "../src/pack/browser.ts";
import { printPdf } from "../src/pack/print.ts";
import { assess } from "../src/pipeline/assess.ts";
import { csvFiles } from "../src/report/csv.ts";
import { renderDocument } from "../src/report/index.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Paper } from "./paper.ts";
import { contextOf, timed } from "./workbench.ts";

/** Judges a period, lays its document out and prints it, whole and in parts, and prints what it took as JSON: `node bench/paper-once.ts CONFIG STORE PERIOD FOLDER` */
const [config = "", store = "", text = "", folder = ""] = process.argv.slice(2);
const result = await assess(contextOf(config, store), { period: parsePeriod(text, "UTC", new Date()) });
// Files of their own: the document only names them.
const tables = csvFiles(result);
const rounds: { html: number; whole: number; parts: number; pages: number; documents: number }[] = [];
for (let round = 0; round < 2; round += 1) {
  const html = await timed(() => renderDocument(result, undefined, tables));
  const whole = await timed(() => printPdf(html.result));
  const documents = partsOf(html.result, 1000);
  const parts = await timed(() => printParts(documents));
  rounds.push({
    html: html.seconds,
    whole: whole.seconds,
    parts: parts.seconds,
    pages: whole.result.pages,
    documents: documents.length,
  });
}
const best = (of: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(of));
const made: Paper = {
  items: result.population.length,
  pages: best(({ pages }) => pages),
  html: best(({ html }) => html),
  whole: best(({ whole }) => whole),
  parts: best(({ parts }) => parts),
  documents: best(({ documents }) => documents),
};
console.log(JSON.stringify(made));

/** The document in parts: what stands outside its rows comes in the first; each has so many rows, in tables as they were. */
function partsOf(document: string, rows: number): readonly string[] {
  const [head = "", end = ""] = [document.slice(0, document.indexOf("<main")), "</main></body></html>"];
  const body = document.slice(document.indexOf("<main"), document.lastIndexOf("</main>"));
  const pieces = body.split(/(?=<(?:section|article|h3|tr)\b)/);
  const parts: string[] = [];
  let part = "";
  let count = 0;
  let table = "";
  for (const piece of pieces) {
    if (piece.startsWith("<tr") && count >= rows) {
      parts.push(`${head}${part}</tbody></table>${end}`);
      part = `<main class="doc">${table}<tbody>`;
      count = 0;
    }
    if (piece.startsWith("<tr")) count += 1;
    const opened = /<table\b[^>]*>(?:<colgroup>.*?<\/colgroup>)?/s.exec(piece);
    if (opened) table = opened[0];
    part += piece;
  }
  return [...parts, `${head}${part}${end}`];
}

async function printParts(all: readonly string[]): Promise<void> {
  const browser = await launchBrowser();
  try {
    const waiting = [...all.entries()];
    const files: string[] = [];
    const work = async (): Promise<void> => {
      const page = await browser.newPage();
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, html] = next;
        await page.setContent(html, { waitUntil: "load", timeout: 0 });
        const pdf = await page.pdf({
          preferCSSPageSize: true,
          printBackground: true,
          tagged: true,
          outline: true,
          timeout: 0,
        });
        const file = join(folder, `${String(index).padStart(4, "0")}.pdf`);
        writeFileSync(file, pdf);
        files.push(file);
      }
    };
    await Promise.all([work(), work()]);
    merge(files.sort());
  } finally {
    await browser.close();
  }
}

/** Where qpdf is not there, nothing is merged, which the comparison takes as no time. */
function merge(files: readonly string[]): void {
  try {
    execFileSync("qpdf", ["--empty", "--pages", ...files, "--", join(folder, "merged.pdf")]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
