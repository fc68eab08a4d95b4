import { basename, extname } from "node:path";
import { attestationCriteria } from "../catalog/attestation-criteria.ts";
import type { Config } from "../config/config.ts";
import {
  type AttestationKind,
  type AttestationRecord,
  type AttestedFile,
  criterionRefs,
} from "../model/attestation.ts";
import { keepFile, readPlainFile } from "../store/kept-files.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { sha256Hex } from "../util/hash.ts";
import type { RecordedAttestation } from "./attest-records.ts";

/** What somebody attests, before it is recorded. */
export interface StatedAttestation {
  readonly kind: AttestationKind;
  readonly title: string;
  readonly documentVersion?: string | undefined;
  readonly approver?: string | undefined;
  readonly by: string;
  readonly role: string;
  readonly effective: string;
  readonly expires?: string | undefined;
  /** As written, and known; absent: those of its kind. */
  readonly criteria?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly declaredIn: AttestationRecord["declaredIn"];
}

/** A file as it was read, and what the ledger will say of it. */
export interface GivenFile {
  readonly bytes: Uint8Array;
  readonly facts: AttestedFile;
}

/** No attested file is longer, in bytes: packs carry every one. */
const mostAttested = 25 * 1024 ** 2;

/** Reads the file of an attestation. Throws ConfigError for a link, for what is no plain file, empty or too long. */
export function readAttested(path: string): GivenFile {
  const bytes = readPlainFile(path, mostAttested);
  const name = basename(path);
  const mediaType = mediaTypes[extname(name).toLowerCase()] ?? "application/octet-stream";
  return { bytes, facts: { name, size: bytes.length, mediaType, sha256: sha256Hex(bytes) } };
}

/** By the name alone: nothing opens a file because of it. */
const mediaTypes: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".eml": "message/rfc822",
  ".htm": "text/html",
  ".html": "text/html",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".md": "text/markdown",
  ".odt": "application/vnd.oasis.opendocument.text",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ".txt": "text/plain",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".zip": "application/zip",
};

/** The version to record under the id; undefined where the latest one says the same and stands. */
export function nextVersion(
  id: string,
  stated: StatedAttestation,
  file: AttestedFile,
  known: RecordedAttestation | undefined,
): AttestationRecord | undefined {
  const said = {
    version: 1 as const,
    id,
    kind: stated.kind,
    title: stated.title,
    documentVersion: stated.documentVersion ?? null,
    approver: stated.approver ?? null,
    by: stated.by,
    role: stated.role,
    effective: stated.effective,
    expires: stated.expires ?? null,
    criteria: criterionRefs(stated.criteria ?? attestationCriteria[stated.kind]),
    note: stated.note ?? null,
    file,
    declaredIn: stated.declaredIn,
  };
  if (known && !known.isWithdrawn) {
    const { record: _, recordedAt: __, sequence: ___, ...latest } = known.latest;
    if (canonicalJson(latest) === canonicalJson(said)) return undefined;
  }
  return { ...said, sequence: (known?.latest.sequence ?? 0) + 1 };
}

/** Keeps the file before anything is recorded of it: a record never names what is not there. */
export const keepAttested = ({ store }: Pick<Config, "store">, { bytes }: GivenFile): void =>
  void keepFile(store, bytes);
