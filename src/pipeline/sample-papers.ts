import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestName, manifestOf } from "../pack/manifest.ts";
import { withPackedObjects } from "../pack/pdf/pack-objects.ts";
import { withPdfInfo } from "../pack/pdf-info.ts";
import { printPdf } from "../pack/print.ts";
import { checkReplaceable, writePack } from "../pack/write-pack.ts";
import { paperFile, renderWorkPapers, workPapersTitle } from "../report/work-paper/index.ts";
import { ConfigError } from "../util/errors.ts";
import type { TakenSample } from "./sample.ts";

/** Where a sample's files lie. */
export interface WrittenPapers {
  readonly directory: string;
  /** Names within it, sorted. */
  readonly files: readonly string[];
  readonly pages: number;
}

/** Prints the work papers of a sample and puts its folder under its name at once; the same sample gives the same bytes but for the PDF's. Throws ConfigError for a folder that holds something else, be it the papers of another sample. */
export async function writePapers(
  { sample, source }: TakenSample,
  options: {
    readonly out?: string;
    readonly browser?: string;
    readonly progress: (text: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<WrittenPapers> {
  const { result } = source;
  const directory = options.out ?? join(source.folder, sample.name);
  if (await checkReplaceable(directory)) await refuseOther(directory, sample.name);
  options.progress("laying out the work papers");
  const rendered = renderWorkPapers(result, sample);
  const { pdf, pages } = await printPdf(rendered.get(paperFile.html) ?? "", {
    onProgress: options.progress,
    signal: options.signal,
    ...(options.browser === undefined ? {} : { executablePath: options.browser }),
  });
  const tool = `${result.tool.name} ${result.tool.version}`;
  const files = new Map<string, string | Uint8Array>(rendered);
  files.set(
    paperFile.pdf,
    withPackedObjects(
      withPdfInfo(pdf, {
        title: workPapersTitle(result, sample),
        author: result.organisation.name,
        creator: tool,
        date: result.checkpoint.at,
      }),
    ),
  );
  options.signal.throwIfAborted();
  files.set(manifestName, manifestOf(files, { tool, checkpoint: result.checkpoint }));
  await writePack(directory, files);
  return { directory, files: [...files.keys()].sort(), pages };
}

/** Papers give way only to those of the same sample: what was drawn keeps its own. */
async function refuseOther(directory: string, name: string): Promise<void> {
  if ((await readdir(directory)).length === 0) return;
  const other = await readFile(join(directory, paperFile.json), "utf8").then(
    (text) => (JSON.parse(text) as { readonly name?: unknown }).name,
    () => undefined,
  );
  if (other === name) return;
  const what = other === undefined ? "the draft of a pack" : `the work papers of ${other}`;
  throw new ConfigError(`${directory} holds ${what}, which those of ${name} must not replace`, {
    hint: "Nothing in it was touched. Name another folder with --out, or leave it out.",
  });
}
