import type { Entity } from "../model/entity.ts";
import { commitKey, repositoryKey } from "../model/keys.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import { SourceError } from "../util/errors.ts";
import type { EntityRow } from "./tables.ts";

/** What a record says, in our words. */
export type Normalize = (record: EvidenceRecord) => readonly Entity[];

/** What one record changes in the projections: its object is not `unreadable` by an earlier record any more, then come the rows. */
export interface Projection {
  /** The key its object is unreadable under, when it is. */
  readonly unreadable: string;
  readonly rows: readonly EntityRow[];
}

/** Reads one record; one of unexpected shape is projected as unreadable. Throws whatever else `normalize` throws. */
export function project(record: EvidenceRecord, normalize: Normalize): Projection {
  const { stream, kind, externalId, source, scopeId } = record;
  const key = `${stream}/${kind}/${externalId}`.toWellFormed();
  const rows = (entities: readonly Entity[]) => entities.map((entity) => entityRow(entity, record.id));
  try {
    return { unreadable: key, rows: rows(normalize(record)) };
  } catch (error) {
    if (!(error instanceof SourceError) || error.reason !== "unexpectedShape") throw error;
    const repository = repositoryKey(source, scopeId);
    const reason = error.message;
    return {
      unreadable: key,
      rows: rows([{ type: "unreadable", key, repository, stream, kind, externalId, reason }]),
    };
  }
}

/** The row that holds an entity: what it is found by, and all of it as JSON. */
function entityRow(entity: Entity, record: number): EntityRow {
  // A database takes no lone surrogate in a name from outside; the JSON keeps it as it was.
  const key = entity.key.toWellFormed();
  const repository = entity.repository.toWellFormed();
  const parent = parentOf(entity)?.toWellFormed() ?? null;
  return {
    type: entity.type,
    key,
    repository,
    parent,
    at: atOf(entity),
    record_id: record,
    data: JSON.stringify(entity),
  };
}

/** The key of what the entity belongs to. */
function parentOf(entity: Entity): string | null {
  switch (entity.type) {
    case "changeCommit":
    case "changeFiles":
    case "review":
    case "dismissal":
    case "changeEvent":
    case "workItemLink":
      return entity.change;
    case "check":
    case "commitAuthors":
    case "commitParents":
      return commitKey(entity.repository, entity.oid);
    case "deploymentStatus":
      return entity.deployment;
    case "pipelineRun":
      return commitKey(entity.repository, entity.oid);
    case "deploymentApproval":
      return entity.run;
    default:
      return null;
  }
}

/** The source's time that places the entity, where it has one that can be judged by. */
function atOf(entity: Entity): string | null {
  switch (entity.type) {
    case "change":
      return entity.mergedAt;
    case "review":
      return entity.submittedAt;
    case "dismissal":
    case "changeEvent":
    case "branchActivity":
    case "ruleSuite":
    case "ruleVersion":
    case "auditEvent":
      return entity.at;
    case "check":
      return entity.completedAt;
    case "securityAlert":
      return entity.openedAt;
    case "workItemLink":
    case "pipelineRun":
    case "deployment":
    case "deploymentStatus":
      return entity.createdAt;
    case "protection":
    case "environment":
    case "access":
    case "tag":
    case "branchHead":
      return entity.observedAt;
    default:
      return null;
  }
}
