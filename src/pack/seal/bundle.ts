import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { attachmentFolder, type BundledRecord } from "../formats.ts";

/** A file on the disk with its SHA-256. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
}

/** In the bundle where the auditor's request numbers were given: what answers each. */
export const indexFile = "index.csv";

const portion = 1 << 20;

/** Writes `records.jsonl`, a record a line in the given order, without holding more than a part of it. */
export async function writeRecords(path: string, records: AsyncIterable<BundledRecord>): Promise<WrittenFile> {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  let lines: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(lines.join(""));
    hash.update(bytes);
    await file.writeFile(bytes);
    [lines, length] = [[], 0];
  };
  try {
    for await (const record of records) {
      const line = `${JSON.stringify(record)}\n`;
      lines.push(line);
      length += line.length;
      if (length > portion) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, sha256: hash.digest("hex") };
}

/** Writes a ZIP of these files in their order; what lies on the disk is read as it is packed. */
export async function writeBundle(
  path: string,
  files: ReadonlyMap<string, string | Uint8Array | WrittenFile>,
): Promise<WrittenFile> {
  const zip = new ZipFile();
  const hash = createHash("sha256");
  const failed = new Promise<never>((_, reject) => zip.on("error", reject));
  // The earliest that a ZIP can state, which it does in local time: neither the time of packing nor the zone may show.
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100444, forceDosTimestamp: true };
  for (const [name, content] of files) {
    if (typeof content === "object" && "path" in content)
      // What is attached may be packed already, or shrink so far that a reader takes the ZIP for a trap.
      zip.addFile(content.path, name, { ...options, compress: !name.startsWith(attachmentFolder) });
    else zip.addBuffer(Buffer.from(content as Uint8Array), name, options);
  }
  zip.end();
  const hashed = new PassThrough().on("data", (chunk: Uint8Array) => hash.update(chunk));
  const written = pipeline(zip.outputStream, hashed, createWriteStream(path, { flags: "wx", flush: true }));
  await Promise.race([written, failed]);
  return { path, sha256: hash.digest("hex") };
}
