import { open, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ConfigError } from "../../util/errors.ts";
import { packFile } from "../formats.ts";
import { isDraft, verifyDraft } from "./draft.ts";
import { broken, reasonOf } from "./findings.ts";
import { verifyFolder } from "./folder.ts";
import { folderFiles, readWhole } from "./pack-files.ts";
import { verifyBundle, verifyBundleFiles, verifyHtml, verifyPdf } from "./parts-alone.ts";
import { expectedFingerprint } from "./signer.ts";
import type { Verification, VerifyOptions } from "./verification.ts";

export { continuity } from "./continuity.ts";
export { pdfCertificateSubject, pdfSignatureSubject } from "./pdf-part.ts";
export { timestampSubject } from "./timestamp.ts";
export type { Verification, VerifyOptions } from "./verification.ts";

const hint = "Name a pack's folder, or its pack.html, pack.pdf or evidence.zip.";

/**
 * Verifies a pack's folder, `evidence.zip`, `pack.html` or `pack.pdf`, offline. Whatever lies there gives checks, never an
 * error; throws ConfigError where nothing lies, or nothing of a pack, and for a key that cannot be read.
 */
export async function verifyPath(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const key = options.key === undefined ? undefined : expectedFingerprint(options.key);
  const kind = await kindOf(path);
  const name = basename(resolve(path));
  try {
    return { name, ...(await verifiers[kind](path, key)) };
  } catch (error) {
    return { name, kind, checks: [broken(name, `cannot be read: ${reasonOf(error)}`)] };
  }
}

const verifiers = { folder: verifyDirectory, bundle: verifyBundle, html: verifyHtml, pdf: verifyPdf } as const;

async function verifyDirectory(path: string, key: string | undefined): Promise<Omit<Verification, "name">> {
  const files = await folderFiles(path);
  const manifest = await readWhole(files, packFile.manifest);
  if (manifest.problem === undefined && isDraft(manifest.bytes)) return verifyDraft(files, manifest.bytes, key);
  const unpacked = files.names.includes(packFile.records) && !files.names.some((name) => name.startsWith("manifest."));
  return unpacked ? verifyBundleFiles(files, key) : verifyFolder(path, key);
}

async function kindOf(path: string): Promise<keyof typeof verifiers> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ConfigError(`${path} cannot be read: ${reasonOf(cause)}`, { cause, hint });
  });
  if (found.isDirectory()) return "folder";
  const byName = /\.(zip|html?|pdf)$/i.exec(path)?.[1]?.toLowerCase();
  if (byName !== undefined) return byName === "zip" ? "bundle" : byName === "pdf" ? "pdf" : "html";
  const start = await firstBytes(path);
  if (start.startsWith("PK")) return "bundle";
  if (start.startsWith("%PDF-")) return "pdf";
  if (start.toLowerCase().startsWith("<!doctype html")) return "html";
  throw new ConfigError(`${path} is no part of a pack that can be verified alone`, { hint });
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
