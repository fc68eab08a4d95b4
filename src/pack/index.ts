import { basename, resolve } from "node:path";
import { bundled } from "./bundled.ts";
import { draftHtml } from "./html/draft-html.ts";
import type { Origin } from "./manifest.ts";
import { manifestName, manifestOf } from "./manifest.ts";
import { withPackedObjects } from "./pdf/pack-objects.ts";
import { withPdfInfo } from "./pdf-info.ts";
import { printPdf } from "./print.ts";
import { checkReplaceable, writePack } from "./write-pack.ts";

export { verifyManifest } from "./manifest.ts";

/** Where a pack goes and what its parts say of it. */
export interface PackOptions extends Origin {
  /** `reports/riverbank-2026-10`; a draft in it is replaced. */
  readonly directory: string;
  readonly title: string;
  /** Whom the PDF's properties name as its author. */
  readonly author?: string;
  readonly executablePath?: string;
  readonly onProgress?: (message: string) => void;
  /** Ends the making; nothing of it is left then. */
  readonly signal?: AbortSignal;
}

/** A pack as it lies on the disk. */
export interface BuiltPack {
  readonly directory: string;
  /** Names in the folder, sorted. */
  readonly files: readonly string[];
  readonly pages: number;
  /** What had made the draft that was there before; absent: nothing was. */
  readonly replaced?: Origin;
}

/**
 * Prints `pack.html` of the given files, adds `pack.pdf` and `manifest.json`, and puts all under the pack's name at
 * once. Throws ConfigError for a folder that may not be replaced or a browser that is missing; nothing is left then.
 */
export async function buildPack(
  rendered: ReadonlyMap<string, string | Uint8Array>,
  options: PackOptions,
): Promise<BuiltPack> {
  const html = rendered.get("pack.html");
  if (typeof html !== "string") throw new Error("a pack without pack.html cannot be printed");
  // Before the printing, which may take minutes.
  await checkReplaceable(options.directory);
  const { pdf, pages } = await printPdf(html, options);
  options.signal?.throwIfAborted();
  const files = new Map(rendered).set("pack.html", draftHtml(html, bundled("draft.js"))).set(
    "pack.pdf",
    withPackedObjects(
      withPdfInfo(pdf, {
        title: options.title,
        author: options.author ?? "",
        creator: options.tool,
        // Not the time of printing: the same evidence gives the same document.
        date: options.checkpoint.at,
      }),
    ),
  );
  files.set(manifestName, manifestOf(files, options));
  options.onProgress?.(`writing ${basename(resolve(options.directory))}`);
  const replaced = await writePack(options.directory, files);
  return {
    directory: options.directory,
    files: [...files.keys()].sort(),
    pages,
    ...(replaced === undefined ? {} : { replaced }),
  };
}
