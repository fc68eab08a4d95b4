import type { ChangeDossier } from "../../model/dossier.ts";
import type { EntityOf, Review, Seen } from "../../model/entity.ts";
import type { Basis } from "./verdicts.ts";

/** Whether a reviewer could write when the review was given; `text` says by which look. */
export interface RightFinding {
  readonly state: "yes" | "no" | "unknown" | "notRead";
  readonly text: string;
  readonly basis: readonly Basis[];
}

type Access = Seen<EntityOf<"access">>;
type Right = "yes" | "no" | "unknown";

// https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
const writing = new Set(["write", "push", "maintain", "admin"]);
const reading = new Set(["read", "pull", "triage", "none"]);

/**
 * A reviewer's right to write by the looks before and after the review: where they agree, that is what it was. One that
 * changed between them, or that only a later look denies, is unknown; where nobody ever looked, nothing is said, nor of an
 * app, whose rights no list of accounts holds.
 */
export function rightToWrite({ access = [] }: ChangeDossier, { author, submittedAt }: Review): RightFinding {
  if (access.length === 0 || !author || author.kind === "automation" || submittedAt === null)
    return { state: "notRead", text: "", basis: [] };
  const before = access.findLast(({ observedAt }) => observedAt <= submittedAt);
  const after = access.find(({ observedAt }) => observedAt > submittedAt);
  const looks = [before, after].filter((look) => look !== undefined);
  const rights = looks.map((look) => rightIn(look, author.id));
  const read = looks.map(({ observedAt }) => observedAt).join(" and ");
  if (rights.every((right) => right === "yes"))
    return { state: "yes", text: `with the right to write, as read at ${read}`, basis: looks };
  if (before && rights.every((right) => right === "no"))
    return { state: "no", text: `had no right to write, as read at ${read}`, basis: looks };
  return {
    state: "unknown",
    text: `whether with the right to write is not shown by what was read at ${read}`,
    basis: looks,
  };
}

function rightIn({ accounts }: Access, id: string): Right {
  const roles = accounts.filter(({ account }) => account.id === id).map(({ role }) => role.toLowerCase());
  if (roles.some((role) => writing.has(role))) return "yes";
  // A role of the organisation's own may hold any right.
  return roles.every((role) => reading.has(role)) ? "no" : "unknown";
}
