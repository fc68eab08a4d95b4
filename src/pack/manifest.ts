import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "../util/hash.ts";
import { type ManifestPredicate, packFile, predicateType, type Statement } from "./formats.ts";

/** The name of the file that lists all others. */
export const manifestName = "manifest.json";

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  /** `draft` until a pack is issued: a draft may be replaced. */
  state: z.literal("draft"),
  /** Name and version. */
  tool: z.string(),
  checkpoint: z.object({ size: z.number(), root: z.string(), at: z.string() }),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number() })),
});

/** What the manifest says besides the files: which tool made the pack, under which checkpoint of the ledger. */
export type Origin = Pick<z.infer<typeof manifestSchema>, "tool" | "checkpoint">;

/** The manifest of a pack's files: SHA-256 of each, by name; keys in a fixed order, the same bytes for the same files. */
export function manifestOf(files: ReadonlyMap<string, string | Uint8Array>, { tool, checkpoint }: Origin): string {
  const manifest = {
    checkpoint: { at: checkpoint.at, root: checkpoint.root, size: checkpoint.size },
    files: [...files]
      .map(([name, content]) => ({ bytes: Buffer.byteLength(content), name, sha256: sha256Hex(content) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    schemaVersion: 1,
    state: "draft",
    tool,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Compares a pack's folder with its manifest; each difference in a sentence, none when all is as it was written. */
export async function verifyManifest(directory: string): Promise<readonly string[]> {
  const manifest = await readManifest(directory);
  if (typeof manifest === "string") return [manifest];
  const listed = new Map(manifest.files.map((file) => [file.name, file]));
  const differences: string[] = [];
  for (const name of (await readdir(directory)).filter((name) => name !== manifestName).sort()) {
    const expected = listed.get(name);
    listed.delete(name);
    if (!expected) differences.push(`${name} is not in the manifest`);
    else if (sha256Hex(await readFile(join(directory, name))) !== expected.sha256) {
      differences.push(`${name} is not what was written: its SHA-256 differs`);
    }
  }
  return [...differences, ...[...listed.keys()].map((name) => `${name} is missing`)];
}

/** What made the draft pack in a folder; undefined where there is none. */
export async function draftIn(directory: string): Promise<Origin | undefined> {
  const manifest = await readManifest(directory);
  return typeof manifest === "string" ? undefined : { tool: manifest.tool, checkpoint: manifest.checkpoint };
}

async function readManifest(directory: string): Promise<z.infer<typeof manifestSchema> | string> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(directory, manifestName), "utf8")));
  } catch (error) {
    return `${manifestName} cannot be read: ${error instanceof z.ZodError ? "it is not a manifest" : (error as Error).message}`;
  }
}

/** The statement of an issued pack's folder, unverified, and the SHA-256 of its file. */
export interface IssuedManifest {
  readonly digest: string;
  readonly statement: Statement<ManifestPredicate>;
}

/** What a folder says of itself as an issued pack, unverified; undefined where it holds none. */
export async function issuedIn(directory: string): Promise<IssuedManifest | undefined> {
  try {
    const bytes = await readFile(join(directory, packFile.manifest));
    const statement = JSON.parse(bytes.toString("utf8")) as Statement<ManifestPredicate>;
    return statement.predicateType === predicateType.manifest ? { digest: sha256Hex(bytes), statement } : undefined;
  } catch {
    return undefined;
  }
}

/** The names of an issued pack's files that are missing or are not what its manifest lists. */
export async function alteredFiles(directory: string, { subject }: Statement<ManifestPredicate>): Promise<string[]> {
  const altered: string[] = [];
  for (const { name, digest } of subject) {
    if ((await fileDigest(join(directory, name)).catch(() => undefined)) !== digest.sha256) altered.push(name);
  }
  return altered;
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
