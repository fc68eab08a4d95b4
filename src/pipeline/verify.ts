import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { resolve } from "node:path";
import type { Check } from "../pack/verify/check.ts";
import { unchecked } from "../pack/verify/findings.ts";
import { continuity, type Verification } from "../pack/verify/index.ts";
import { checkLines, heading, verdict } from "../pack/verify/print.ts";
import { ConfigError } from "../util/errors.ts";
import { withStore } from "./open.ts";
import type { PipelineContext } from "./types.ts";
import type { VerifiedPart } from "./verified-part.ts";
import { storeAgainst } from "./verify-against.ts";
import { verifyDeep } from "./verify-deep.ts";
import { type Trust, verifyPack } from "./verify-pack.ts";
import { originOf, verifyStore } from "./verify-store.ts";

export { checkLines, type VerifiedPart, verdict };

/** What is verified, with what trust, and against what. */
export interface VerifyRequest {
  /** A pack in any form, or a store; absent: the configured store. */
  readonly path?: string;
  /** A pack that was kept. */
  readonly against?: string;
  /** Derive the pack anew from the store. */
  readonly deep?: boolean;
  readonly key?: string;
  /** PEM files with the roots of timestamp authorities. */
  readonly trust?: readonly string[];
}

type Opening = (store?: string) => Promise<PipelineContext>;

/** Verifies; `open` gives the pipeline's context where the store is needed, on the file named where that is not the configured one. Throws ConfigError where there is nothing to verify. */
export async function verify(request: VerifyRequest, open: Opening): Promise<readonly VerifiedPart[]> {
  const trust = await trustOf(request, open);
  const { path, against, deep = false } = request;
  const ofStore = path === undefined || isStore(path);
  if (ofStore && deep)
    throw new ConfigError("--deep derives a pack anew from the store: name the pack's folder", {
      hint: "flowproof verify --deep reports/NAME",
    });
  // A key may have been changed since: whether both packs have the same is a check of continuity.
  const older = against === undefined ? undefined : await verifyPack(against, { roots: trust.roots });
  const parts = ofStore
    ? await storeParts(await open(path === undefined ? undefined : resolve(path)), trust, older)
    : packParts(await verifyPack(path, trust), older);
  if (!deep || path === undefined) return parts;
  return [...parts, await verifyDeep(await open(), path)];
}

function packParts(pack: Verification, older: Verification | undefined): readonly VerifiedPart[] {
  const part: VerifiedPart = { part: "verified", heading: heading(pack), checks: pack.checks };
  return older ? [part, ...againstParts(older, continuity(pack, older))] : [part];
}

async function storeParts(
  ctx: PipelineContext,
  trust: Trust,
  older: Verification | undefined,
): Promise<readonly VerifiedPart[]> {
  const verified = await verifyStore(ctx, trust);
  const { name, checks, checkpoint, packs } = verified;
  const part: VerifiedPart = { part: "verified", heading: heading({ kind: "store", name, checks }), checks };
  if (!older) return [part];
  if (!checkpoint)
    return [part, ...againstParts(older, [unchecked("continuity", "the store holds no checkpoint to compare")])];
  const own = { name, checks, checkpoint, origin: originOf(verified) };
  const newer = await withStore(ctx, { write: false }, (store) => storeAgainst(store, own, packs, older));
  return [part, ...againstParts(older, continuity(newer, older))];
}

function againstParts(older: Verification, chain: readonly Check[]): readonly VerifiedPart[] {
  return [
    { part: "against", heading: heading(older), checks: older.checks },
    { part: "continuity", heading: "does the newer continue the older?", checks: chain },
  ];
}

/** The roots named, else those of the configuration where there is one. */
async function trustOf({ key, trust }: VerifyRequest, open: Opening): Promise<Trust> {
  const files = trust ?? (await configuredRoots(open));
  return { ...(key === undefined ? {} : { key }), roots: files.map(readRoots) };
}

async function configuredRoots(open: Opening): Promise<readonly string[]> {
  try {
    const file = (await open()).config.signing?.timestamp?.trust;
    return file !== undefined && existsSync(file) ? [file] : [];
  } catch (error) {
    // A pack needs no configuration.
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

function readRoots(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigError(`--trust ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: "Name a PEM file with the authority's root certificate.",
    });
  }
}

/** Whether a file is a SQLite database (https://www.sqlite.org/fileformat.html): a store, not a part of a pack. */
function isStore(path: string): boolean {
  const magic = "SQLite format 3\0";
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(magic.length);
    return readSync(file, start, 0, magic.length, 0) === magic.length && start.toString("latin1") === magic;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}
