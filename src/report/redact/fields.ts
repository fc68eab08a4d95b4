/**
 * How the texts of one field are treated. `keep`: never holds a name. `key`: refers to an item, and stays unique.
 * `source`: text of the source, or a person, in which a name is replaced whatever it means otherwise. `url`: left out
 * where it holds a name. `said`: a sentence of this tool, or a name of the organisation's.
 */
export type Treatment = "keep" | "key" | "source" | "url" | "said";

const byField: Readonly<Record<string, Treatment>> = {
  ...named("keep", [
    "id",
    "pack",
    "supersedes",
    "system",
    "systems",
    "team",
    "attribute",
    "attributes",
    "control",
    "controls",
    "framework",
    "criterion",
    "points",
    "pointsName",
    "commit",
    "identicalTo",
    "number",
    "leaf",
    "root",
    "manifest",
    "digest",
    "kind",
    "provider",
    "source",
    "scopes",
    "operation",
    "slug",
    "timezone",
    "expires",
    "follows",
    "waiver",
    "run",
    "tool",
    "profile",
  ]),
  ...named("key", ["key", "item", "items", "link", "reached", "deployment"]),
  ...named("source", [
    "account",
    "accounts",
    "actor",
    "administer",
    "approvers",
    "by",
    "deployers",
    "example",
    "identity",
    "merge",
    "names",
    "otherRoles",
    "owner",
    "party",
    "persons",
    "reviewer",
    "reviewers",
    "role",
    "teams",
    "title",
  ]),
  url: "url",
};

/** Where a place decides against its field's name. */
const byPlace: Readonly<Record<string, Treatment>> = {
  ...named("keep", [
    "controls.title",
    "controls.objective",
    "controls.mechanism",
    "controls.procedure",
    "controls.remediation",
    "exceptions.remediation",
    "organisation.name",
    "delivery.rows.name",
    "delivery.months.rows.name",
    "delivery.remediation.bySeverity.severity",
    "policies.from",
    "provenance.queries.text",
    "provenance.queries.variables.names",
    "provenance.runs.outcome",
    "logic.scenarios.expected",
    "logic.scenarios.found",
    "logic.scenarios.title",
    "logic.state",
    "logic.version",
    "packs.name",
    "parts.name",
    "restatements.period",
    "scope.systems.environments",
    "attestations.effective",
    "attestations.file.mediaType",
    "attestations.earlier.sha256",
  ]),
  ...named("key", ["exceptions.answer.response", "responses.id"]),
  ...named("source", [
    "attestations.approver",
    "attestations.file.name",
    "attestations.note",
    "attestations.withdrawn.reason",
    "delivery.incidents.items.id",
    "narrative.text",
    "responses.cause",
    "responses.compensation",
    "responses.file",
    "responses.impact",
    "responses.remediation",
    "waivers.reason",
  ]),
  ...named("keep", [
    "exceptions.answer.beyond",
    "exceptions.cause",
    "responses.covers",
    "responses.due",
    "responses.done",
    "responses.retrospective.on",
    "responses.sha256",
    "responses.unmatched",
  ]),
};

/** The parts of a result that come from the tool and the catalog alone. */
export const partsKept: ReadonlySet<string> = new Set([
  "schemaVersion",
  "tool",
  "period",
  "attributes",
  "criteria",
  "checkpoint",
  "metrics",
  "causes",
]);

/** The treatment of the texts at a place, named by its fields from the outermost on. */
export const treatmentOf = (place: readonly string[]): Treatment =>
  byPlace[place.join(".")] ?? byField[place.at(-1) ?? ""] ?? "said";

function named(treatment: Treatment, fields: readonly string[]): Readonly<Record<string, Treatment>> {
  return Object.fromEntries(fields.map((field) => [field, treatment]));
}
