import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import type { Workbench } from "./workbench.ts";

/** What a pack took and what its pages take when they are printed in parts, as `paper-once.ts` prints it. */
export interface Paper {
  readonly items: number;
  readonly pages: number;
  /** Seconds of laying out the HTML, and of printing it; the better of two rounds, as of the parts. */
  readonly html: number;
  readonly whole: number;
  /** Seconds of printing the same document in parts of 1,000 rows on two pages of one browser, merged where qpdf is there. */
  readonly parts: number;
  readonly documents: number;
}

const month = "2026-10";
const all = "2026-05-01..2026-10-31";

/** What the HTML and the PDF of a month cost beside the time Chromium needs for the same pages in parts. */
export const paper = (bench: Workbench): Promise<readonly Figure[]> => printed(bench, month);

/** The same of all that the organisation ever did. */
export const paperSpan = (bench: Workbench): Promise<readonly Figure[]> => printed(bench, all);

async function printed(bench: Workbench, period: string): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const own = join(organisation.folder, `paper-${period}`);
  mkdirSync(own);
  const made = JSON.parse(await bench.run("paper-once.ts", organisation.config, first.path, period, own)) as Paper;
  const { items, pages, html, whole, parts, documents } = made;
  const step = ["print", organisation.config, first.path, period, join(own, "pack")];
  const note = `${items} items, ${pages} pages; HTML ${html.toFixed(1)} s, PDF ${whole.toFixed(1)} s, in ${documents} parts ${parts.toFixed(1)} s`;
  return [
    {
      name: `HTML and PDF over parts of 1,000 rows, ${period}`,
      value: (html + whole) / parts,
      goal: { atMost: 1.25 },
      note,
    },
    {
      name: `the pack of ${period}, from judging to its folder: all processes`,
      value: await bench.weigh("step-once.ts", ...step),
      unit: "MB",
      goal: { atMost: 1500 },
    },
  ];
}
