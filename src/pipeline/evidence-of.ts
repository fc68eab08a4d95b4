import { actorName, type Dossier } from "../model/dossier.ts";
import type { Change, Entity, Seen } from "../model/entity.ts";
import { short } from "../model/keys.ts";

/** Each record that a dossier holds, with what it says in a few words; the changes that a deployment brought among them. */
export function evidenceOf(dossier: Dossier): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  gather(dossier, found);
  return found;
}

function gather(value: unknown, found: Map<number, string>): void {
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value) || value instanceof Map) {
    for (const one of value.values()) gather(one, found);
    return;
  }
  const { record, type } = value as { readonly record?: unknown; readonly type?: unknown };
  if (typeof record === "number") {
    if (!found.has(record))
      found.set(record, typeof type === "string" ? saying(value as Seen<Entity>) : "the branch's rules were read");
    return;
  }
  if ("change" in value && "earlier" in value) gatherChange(value as EarlierChange, found);
  for (const one of Object.values(value)) gather(one, found);
}

interface EarlierChange {
  readonly change: Seen<Change>;
  readonly earlier?: readonly Seen<Change>[];
}

function gatherChange({ change, earlier }: EarlierChange, found: Map<number, string>): void {
  const before = earlier?.at(-1);
  if (!before) return;
  const fields = (
    ["author", "merger", "title", "description", "headOid", "mergeOid", "baseRef", "labels"] as const
  ).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(change[field]));
  const named = fields.map((field) => fieldNames[field]).join(", ");
  found.set(change.record, `#${change.number} was read again${named === "" ? "" : `; other than before: ${named}`}`);
}

const fieldNames = {
  author: "author",
  merger: "merger",
  title: "title",
  description: "description",
  headOid: "head",
  mergeOid: "merge commit",
  baseRef: "base branch",
  labels: "labels",
} as const;

const when = (at: string | null): string => (at === null ? "" : ` at ${at}`);

const reviewWords = {
  approved: "approved",
  changesRequested: "requested changes",
  commented: "commented",
  dismissed: "reviewed; that review stands dismissed",
  pending: "began a review",
  unknown: "reviewed, in a state that is not known",
} as const;

/** What a record says of its entity, for a reader who asks what is new. */
function saying(entity: Seen<Entity>): string {
  switch (entity.type) {
    case "change":
      return `#${entity.number} was read`;
    case "review":
      return `${actorName(entity.author)} ${reviewWords[entity.state]}${when(entity.submittedAt)}`;
    case "dismissal":
      return `${actorName(entity.by)} dismissed a review${when(entity.at)}`;
    case "check":
      return `check ${entity.name}: ${entity.conclusion}${when(entity.completedAt)}`;
    case "deployment":
      return `deployment ${entity.id} was read`;
    case "deploymentStatus":
      return `deployment status ${entity.state}${when(entity.createdAt)}`;
    case "deploymentApproval":
      return `${actorName(entity.by)} ${entity.state} the deployment to ${entity.environment}`;
    case "changeEvent":
      return `${entity.event}${entity.label === null ? "" : ` ${entity.label}`}${when(entity.at)}`;
    case "workItemLink":
      return `linked to ${entity.workItem}`;
    case "pipelineRun":
      return `pipeline run ${entity.name}: ${entity.conclusion}, attempt ${entity.attempt}`;
    case "branchActivity":
      return `${actorName(entity.by)} moved ${entity.branch}${when(entity.at)}`;
    case "ruleSuite":
      return `the source's evaluation of its rules: ${entity.result}${when(entity.at)}`;
    case "commit":
    case "commitAuthors":
    case "commitParents":
    case "graphCommit":
      return `commit ${short(entity.oid)} was read`;
    case "protection":
    case "ruleVersion":
      return "the branch's rules were read";
    case "environment":
      return `the rules of environment ${entity.name} were read`;
    case "access":
      return "who may do what was read";
    default:
      return "a record about it was read";
  }
}
