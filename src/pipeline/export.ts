import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { packFile } from "../pack/formats.ts";
import { issuedIn } from "../pack/manifest.ts";
import { besidePack } from "../pack/write-pack.ts";
import { exportFiles, indexHead, indexName } from "../report/export/export-files.ts";
import type { Layout } from "../report/export/readme.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { makeFolder, requireMakeable } from "../util/make-folder.ts";
import type { Period } from "../util/period.ts";
import { withStore } from "./open.ts";
import { issuedPacks } from "./pack-records.ts";
import { latestRevision, nextPack } from "./pack-source.ts";
import type { PipelineContext } from "./types.ts";
import { verifiedPack } from "./verified-pack.ts";

/** What is exported and where to. */
export interface ExportRequest {
  /** The folder of the pack. */
  readonly pack: string;
  /** The folder of the export; an earlier export in it is replaced. */
  readonly out: string;
  readonly layout: Layout;
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface ExportSummary {
  readonly directory: string;
  readonly pack: string;
  readonly state: "issued" | "draft";
  readonly layout: Layout;
  /** Files in the folder. */
  readonly files: number;
  /** SHA-256 of its `index.csv`, which lists all others. */
  readonly index: string;
}

/** The folder of a period's pack: the latest that was issued, else the draft. Throws ConfigError where there is neither. */
export async function packOf(ctx: PipelineContext, period: Period): Promise<string> {
  const issued = await withStore(ctx, { write: false }, (store) => issuedPacks(store, ctx.config));
  const latest = latestRevision(issued, period.id, "full");
  const folders = [
    ...(latest ? [join(ctx.config.reports, latest.name)] : []),
    nextPack(ctx, issued, period.id, "full").directory,
  ];
  for (const folder of folders) if (await isThere(join(folder, packFile.assessment))) return folder;
  throw new ConfigError(`there is no pack of ${period.id}: ${folders.at(-1)} holds none`, {
    hint: `Render it first: flowproof report --period ${period.id}`,
  });
}

/**
 * Writes a pack's results as folders and files that other tools import, whole or not at all; the same pack and layout give
 * the same bytes. Throws ConfigError for a folder that holds anything but an export, IntegrityError for an altered pack.
 */
export async function exportPack({ pack: path, out, layout, progress, signal }: ExportRequest): Promise<ExportSummary> {
  const target = resolve(out);
  const exists = await checkReplaceable(target);
  progress?.("verifying the pack");
  const { directory, name, state, result } = await verifiedPack(path);
  signal?.throwIfAborted();
  progress?.(`writing ${basename(target)}`);
  const digestOf = async (file: string): Promise<string> => sha256Hex(await readFile(join(directory, file)));
  const source = { name, state, pdf: await digestOf(packFile.pdf), assessment: await digestOf(packFile.assessment) };
  makeFolder(dirname(target));
  const staging = besidePack(target, "new");
  await mkdir(staging);
  try {
    await copyFile(join(directory, packFile.pdf), join(staging, packFile.pdf));
    let files = 1;
    let index = "";
    for (const [file, text] of exportFiles(result, source, layout)) {
      signal?.throwIfAborted();
      await mkdir(dirname(join(staging, file)), { recursive: true });
      await writeFile(join(staging, file), text, { flag: "wx" });
      files += 1;
      if (file === indexName) index = sha256Hex(text);
    }
    if (exists) await rm(target, { recursive: true });
    await rename(staging, target);
    return { directory: target, pack: name, state, layout, files, index };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Whether an export is there, or an empty folder, which may be replaced. Throws ConfigError for anything else. */
async function checkReplaceable(target: string): Promise<boolean> {
  const refuse = (why: string): ConfigError =>
    new ConfigError(`${target} ${why}`, { hint: "Nothing in it was touched. Move it away, or name another folder." });
  const found = await filesIn(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw refuse("cannot be the folder of an export");
  });
  if (found === undefined) {
    requireMakeable(dirname(target));
    return false;
  }
  if (found.length === 0) return true;
  if (await issuedIn(target)) throw refuse("holds an issued pack, which nothing may replace");
  const listed = found.includes(indexName) ? await listedIn(join(target, indexName)) : undefined;
  if (!listed) throw refuse("holds something that is not an export");
  const others = found.filter((file) => file !== indexName && !listed.has(file));
  if (others.length > 0) throw refuse(`holds more than an export: ${others.slice(0, 3).join(", ")}`);
  return true;
}

/** The files in a folder and those under it, `/` between the parts. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(/[\\/]/)
        .join("/"),
    );
}

/** The files that an export's index lists; undefined where it is not one. */
async function listedIn(path: string): Promise<ReadonlySet<string> | undefined> {
  const text = await readFile(path, "utf8");
  if (!text.startsWith(`${indexHead}\n`)) return undefined;
  const rows = parse(text, { columns: true, relax_column_count: true }) as readonly Record<string, string>[];
  return new Set(rows.flatMap(({ path: listed }) => listed ?? []));
}

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
