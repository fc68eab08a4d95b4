import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type AssessmentResult, assessmentResultSchema } from "../model/assessment.ts";
import { packFile } from "../pack/formats.ts";
import { verifyPath } from "../pack/verify/index.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";

/** A pack's assessment as it lies in its folder, which was verified. */
export interface VerifiedPack {
  readonly directory: string;
  readonly name: string;
  readonly state: "issued" | "draft";
  readonly result: AssessmentResult;
}

/** Verifies a pack's folder and reads its assessment. Throws ConfigError where there is none, IntegrityError where it is not what was written. */
export async function verifiedPack(path: string): Promise<VerifiedPack> {
  const directory = resolve(path);
  const { kind, checks } = await verifyPath(directory);
  if (kind !== "folder" && kind !== "draft")
    throw new ConfigError(`${path} is not the folder of a pack`, {
      hint: `Name the folder that holds ${packFile.assessment}.`,
    });
  const wrong = checks.filter(({ outcome }) => outcome === "broken");
  if (wrong.length > 0)
    throw new IntegrityError(
      `${path} is not what was written: ${wrong.map(({ subject, text }) => `${subject}: ${text}`).join("; ")}`,
      { hint: `Nothing is taken from an altered pack. Look at it with: flowproof verify ${path}` },
    );
  const read = assessmentResultSchema.safeParse(
    JSON.parse(await readFile(join(directory, packFile.assessment), "utf8")),
  );
  if (!read.success)
    throw new ConfigError(`${join(path, packFile.assessment)} is of a version that this flowproof does not read`, {
      cause: read.error,
      hint: "Take the version that made the pack, which it names.",
    });
  return { directory, name: basename(directory), state: kind === "folder" ? "issued" : "draft", result: read.data };
}
