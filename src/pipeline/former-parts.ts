import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { AssessmentResult } from "../model/assessment.ts";
import { packFile } from "../pack/formats.ts";
import { draftIn, verifyManifest } from "../pack/manifest.ts";

/** A part's pack that an earlier run left beside the whole one. */
export interface FormerPart {
  readonly kind: "team" | "system";
  readonly id: string;
  readonly directory: string;
}

/**
 * Removes the parts that an earlier run wrote beside a pack and that this run did not: a team or system that is gone. Only
 * a folder goes that is certainly such a draft: named after the pack, unaltered since it was written, and saying itself
 * that it is a part of that very pack, organisation and period.
 */
export async function removeFormerParts(whole: string, result: AssessmentResult): Promise<readonly FormerPart[]> {
  const path = resolve(whole);
  const written = new Set((result.parts ?? []).map(({ name }) => name));
  const names = (await readdir(dirname(path)))
    .filter((name) => ["team", "system"].some((kind) => name.startsWith(`${basename(path)}-${kind}-`)))
    .filter((name) => !written.has(name));
  const removed: FormerPart[] = [];
  for (const name of names.sort()) {
    const directory = join(dirname(path), name);
    const part = await draftPartIn(directory, basename(path), result);
    if (!part) continue;
    await rm(directory, { recursive: true });
    removed.push({ ...part, directory });
  }
  return removed;
}

type Draft = Pick<AssessmentResult, "organisation" | "period" | "part" | "parts">;

async function draftPartIn(
  directory: string,
  whole: string,
  { organisation, period }: AssessmentResult,
): Promise<Pick<FormerPart, "kind" | "id"> | undefined> {
  if (!(await draftIn(directory)) || (await verifyManifest(directory)).length > 0) return undefined;
  const text = await readFile(join(directory, packFile.assessment), "utf8").catch(() => "{}");
  const { part, ...draft } = JSON.parse(text) as Partial<Draft>;
  const named = (draft.parts ?? []).some(({ kind, name }) => kind === "organisation" && name === whole);
  const same = draft.organisation?.slug === organisation.slug && draft.period?.id === period.id;
  return part && named && same ? { kind: part.kind, id: part.id } : undefined;
}
