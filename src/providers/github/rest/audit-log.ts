import { instant } from "../../../util/clock.ts";
import { readLog } from "./log.ts";
import { reasonOf } from "./refusal.ts";
import type { Walk } from "./walk.ts";

/**
 * What the organisation's audit log says of the repository, newest first. Without a date it shows three months.
 * @see https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/orgs#get-the-audit-log-for-an-organization
 */
export const auditLog: Walk = async function* (reading) {
  const { stream } = reading;
  const read = yield* readLog(reading, {
    name: "audit log",
    operation: "AuditLog",
    path: "/orgs/{owner}/audit-log",
    values: { phrase: `repo:${stream.scopeName} created:>=${stream.since.slice(0, 10)}`, order: "desc" },
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
