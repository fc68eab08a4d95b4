import { basename } from "node:path";
import type { Config } from "../config/config.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { attachmentName } from "../model/attestation.ts";
import { attachmentFolder } from "../pack/formats.ts";
import type { WrittenFile } from "../pack/seal/bundle.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, counted, holds } from "../pack/verify/findings.ts";
import { copyKeptFile, filesFolder, keptFile, keptFileProblem } from "../store/kept-files.ts";
import { IntegrityError } from "../util/errors.ts";
import type { RecordedAttestation } from "./attest-records.ts";

type Location = Pick<Config, "store">;

/** Whether the file of every version that the ledger names is still what was recorded, those withdrawn included. */
export function attestationChecks({ store }: Location, recorded: readonly RecordedAttestation[]): readonly Check[] {
  const versions = recorded.flatMap((one) => one.versions);
  const bad = versions.flatMap(({ id, sequence, record, file }) => {
    const problem = keptFileProblem(store, file);
    if (problem === undefined) return [];
    const name = JSON.stringify(file.name);
    return [
      broken(
        `attestation ${id}`,
        `r${record}, version ${sequence}: its file ${name} (${basename(filesFolder(store))}/${file.sha256}) ${problem}`,
      ),
    ];
  });
  if (versions.length === 0 || bad.length > 0) return bad;
  return [holds("attestations", `${counted(versions.length, "version")}, each with its file as it was recorded`)];
}

/** Copies the file of every version from beside one store to beside another. Throws IntegrityError where one is missing or altered and the other has none. */
export function copyAttested(from: Location, to: Location, recorded: readonly RecordedAttestation[]): number {
  const files = new Map(recorded.flatMap(({ versions }) => versions.map(({ file }) => [file.sha256, file] as const)));
  for (const file of files.values()) copyKeptFile(from.store, to.store, file);
  return files.size;
}

/** The files that a full edition packs, by name in its bundle. Throws IntegrityError where one is not what was recorded. */
export function attachmentsOf(
  { store }: Location,
  { attestations = [] }: Pick<AssessmentResult, "attestations">,
): ReadonlyMap<string, WrittenFile> {
  return new Map(
    attestations.map(({ id, record, file }) => {
      const problem = keptFileProblem(store, file);
      if (problem !== undefined)
        throw new IntegrityError(`the file of attestation ${id} (r${record}), ${keptFile(store, file)}, ${problem}`, {
          hint: "Put it back from a backup; nothing was issued.",
        });
      return [`${attachmentFolder}${attachmentName(id, file)}`, { path: keptFile(store, file), sha256: file.sha256 }];
    }),
  );
}
