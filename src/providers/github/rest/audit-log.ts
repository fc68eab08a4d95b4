import { instant } from "../../../util/clock.ts";
import { readLog } from "./log.ts";
import { reasonOf } from "./refusal.ts";
import type { Walk } from "./walk.ts";

/** What bears on the control of changes: categories whole, and single actions of the organisation. */
const actions = [
  "protected_branch",
  "repository_ruleset",
  "environment",
  "repo",
  "org.update_default_repository_permission",
  "org.update_actions_settings",
  "org.set_default_workflow_permissions",
  "org.set_workflow_permission_can_approve_pr",
];

/**
 * What an organisation's audit log says of rules, rights and settings, newest first: one list for all its repositories.
 * Without a date it shows three months; of a qualifier that is given several times, each is looked for.
 * @see https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/orgs#get-the-audit-log-for-an-organization
 * @see https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/reviewing-the-audit-log-for-your-organization
 */
export const auditLog: Walk = async function* (reading) {
  const { stream } = reading;
  const read = yield* readLog(reading, {
    name: "audit log",
    operation: "AuditLog",
    path: "/orgs/{owner}/audit-log",
    values: {
      phrase: [...actions.map((action) => `action:${action}`), `created:>=${stream.since.slice(0, 10)}`].join(" "),
      order: "desc",
    },
    floor: stream.since,
    idOf: (item) => String(item._document_id ?? `${item["@timestamp"]} ${item.action}`),
    timeOf: (item) => {
      const at = Number(item["@timestamp"]);
      return Number.isFinite(at) ? instant(new Date(at)) : "";
    },
    records: (item) => [
      {
        kind: "auditEvent",
        externalId: String(item._document_id ?? `${item["@timestamp"]} ${item.action}`),
        body: item,
      },
    ],
  });
  if (!read.ok) return { reasons: [yield* reasonOf(reading, "audit log", read.refused)], nothing: true };
  return { reasons: [], horizon: { days: 180, reason: "the source keeps its audit log for 180 days" } };
};
