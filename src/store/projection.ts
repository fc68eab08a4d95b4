import type { Entity } from "../model/entity.ts";
import { commitKey } from "../model/keys.ts";
import type { EntityRow } from "./tables.ts";

/** The row that holds an entity: what it is found by, and all of it as JSON. */
export function entityRow(entity: Entity, record: number): EntityRow {
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
    case "workItemLink":
      return entity.change;
    case "check":
    case "commitAuthors":
      return commitKey(entity.repository, entity.oid);
    case "deploymentStatus":
      return entity.deployment;
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
      return entity.at;
    case "check":
      return entity.completedAt;
    case "workItemLink":
    case "deployment":
    case "deploymentStatus":
      return entity.createdAt;
    case "protection":
    case "branchHead":
      return entity.observedAt;
    default:
      return null;
  }
}
