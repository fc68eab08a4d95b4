import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { periodSchema } from "../model/assessment/scope.ts";
import { packFile } from "../pack/formats.ts";
import { alteredFiles, draftIn, issuedIn, verifyManifest } from "../pack/manifest.ts";
import { packName } from "../report/index.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import type { Period } from "../util/period.ts";
import type { IssuedPack } from "./pack-records.ts";
import type { PipelineContext } from "./types.ts";

/** What a pack is issued from: a draft, or a pack that was issued before. */
export interface PackSource {
  readonly directory: string;
  readonly state: "draft" | "issued";
  /** `assessment.json`, as it lies there. */
  readonly assessment: string;
  readonly period: Period & { readonly asOf: string };
}

/** A folder that holds an issued pack of which the ledger says nothing: issuing it ended half-way. */
export interface UnrecordedPack {
  readonly directory: string;
  readonly state: "unrecorded";
}

export type Edition = "full" | "redacted";

type Reports = Pick<PipelineContext, "config">;

const partSchema = z.object({ period: periodSchema, organisation: z.object({ slug: z.string() }) });

/** The latest revision of a period's pack in that edition; undefined where none was issued. */
export function latestRevision(
  issued: readonly IssuedPack[],
  period: string,
  edition: Edition,
): IssuedPack | undefined {
  return issued
    .filter((pack) => pack.period.id === period && pack.edition === edition)
    .toSorted((a, b) => b.revision - a.revision)[0];
}

/** Where a pack of that period goes next: the folder of its first revision, or of the one after those that were issued. */
export function nextPack(
  { config }: Reports,
  issued: readonly IssuedPack[],
  period: string,
  edition: Edition,
): { readonly name: string; readonly revision: number; readonly directory: string } {
  const revision = (latestRevision(issued, period, edition)?.revision ?? 0) + 1;
  const { slug } = config.organisation;
  const name = packName({ organisation: { slug }, period: { id: period } }, { edition, revision });
  return { name, revision, directory: join(config.reports, name) };
}

/** Where a period's next draft goes: never where an issued pack lies, be it recorded or not. */
export async function draftFolder(ctx: Reports, issued: readonly IssuedPack[], period: string): Promise<string> {
  const { directory, revision } = nextPack(ctx, issued, period, "full");
  if (!(await issuedIn(directory))) return directory;
  const { slug } = ctx.config.organisation;
  const after = { edition: "full", revision: revision + 1 } as const;
  return join(ctx.config.reports, packName({ organisation: { slug }, period: { id: period } }, after));
}

/** Finds what to issue, in the folder named or where a period's draft lies, unaltered since it was written. Throws ConfigError. */
export async function sourceOf(
  ctx: Reports,
  issued: readonly IssuedPack[],
  asked: { readonly directory?: string; readonly period: string; readonly edition: Edition },
): Promise<PackSource | UnrecordedPack> {
  const { directory, period, edition } = asked;
  if (directory !== undefined) {
    const source = await sourceIn(directory, issued);
    if (source) return source;
    throw new ConfigError(`${directory} holds no draft of a pack`, {
      hint: "Name the folder that `flowproof report` wrote.",
    });
  }
  const latest = latestRevision(issued, period, "full");
  const drafted = nextPack(ctx, issued, period, "full").directory;
  const before = latest && join(ctx.config.reports, latest.name);
  const begun = nextPack(ctx, issued, period, edition).directory;
  if (edition === "redacted" && (await issuedIn(begun))) return { directory: begun, state: "unrecorded" };
  // A redacted edition is of what was issued, a full one of what was drafted since.
  const order = edition === "full" ? [drafted, before] : [before, drafted];
  for (const folder of order) {
    const source = folder === undefined ? undefined : await sourceIn(folder, issued);
    if (source) return source;
  }
  throw new ConfigError(`there is no draft of ${period}: ${drafted} holds none`, {
    hint: `Render it first: flowproof report --period ${period}`,
  });
}

async function sourceIn(
  directory: string,
  issued: readonly IssuedPack[],
): Promise<PackSource | UnrecordedPack | undefined> {
  const manifest = await issuedIn(directory);
  if (manifest) {
    const pack = issued.find(({ manifest: digest }) => digest === manifest.digest);
    if (!pack) return { directory, state: "unrecorded" };
    if (pack.edition === "redacted")
      throw new ConfigError(`${directory} is a redacted edition: what it leaves out cannot be issued from it`, {
        hint: "Name the folder of the full one.",
      });
    const altered = await alteredFiles(directory, manifest.statement);
    if (altered.length > 0)
      throw new IntegrityError(`${directory} is not what was issued: ${altered.join(", ")} was altered`, {
        hint: `\`flowproof verify ${directory}\` says what is wrong; put the pack back as it was issued.`,
      });
    return readSource(directory, "issued");
  }
  if (!(await draftIn(directory))) return undefined;
  const differences = await verifyManifest(directory);
  if (differences.length > 0)
    throw new ConfigError(`the draft in ${directory} was edited since it was rendered: ${differences.join("; ")}`, {
      hint: "Render it again with `flowproof report`; what an issued pack says is never written by hand.",
    });
  return readSource(directory, "draft");
}

async function readSource(directory: string, state: PackSource["state"]): Promise<PackSource> {
  const assessment = await readFile(join(directory, packFile.assessment), "utf8");
  const { period } = partSchema.parse(JSON.parse(assessment));
  return { directory, state, assessment, period };
}
