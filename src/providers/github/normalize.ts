import type { Entity } from "../../model/entity.ts";
import { repositoryKey } from "../../model/keys.ts";
import type { EvidenceRecord } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { changeReaders } from "./normalize-change.ts";
import { checkReaders } from "./normalize-check.ts";
import { commitReaders } from "./normalize-commit.ts";
import { deploymentReaders } from "./normalize-deployment.ts";
import { settingsReaders } from "./normalize-settings.ts";
import { workflowDeploymentReaders } from "./normalize-workflow-deployment.ts";
import { parse, type Reader } from "./record-reader.ts";
import { furtherReaders } from "./rest/normalize.ts";

const readers: Readonly<Record<string, Reader>> = {
  ...furtherReaders(parse),
  ...changeReaders,
  ...checkReaders,
  ...commitReaders,
  ...deploymentReaders,
  ...settingsReaders,
  ...workflowDeploymentReaders,
};

/** What a record of GitHub says; an unknown kind or shape throws SourceError("unexpectedShape"). */
export function normalize(record: EvidenceRecord): readonly Entity[] {
  const read = readers[record.kind];
  if (!read) throw new SourceError("unexpectedShape", `records of kind "${record.kind}" are unknown`);
  return read(record, repositoryKey(record.source, record.scopeId));
}
