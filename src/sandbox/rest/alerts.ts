import { time } from "../graphql/context.ts";
import type { Alert } from "../world.ts";
import { NOT_FOUND, type Resource, type RestRequest, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";
import { userOf } from "./user.ts";

/** Alerts of one tool, newest first. */
export const alerts: Resource = (request, source, [tool, , ...more]) => {
  if (more.length > 0) return NOT_FOUND;
  const own = newestFirst(source.alerts, ({ openedAt }) => openedAt).filter((each) => each.tool === tool);
  return (
    refused(request, source, "alerts") ?? page(request, own, { cursor: true, item: (each) => restAlert(request, each) })
  );
};

const when = (at: number | null) => (at === null ? null : time(at));

function restAlert(request: RestRequest, alert: Alert): Record<string, unknown> {
  const { number, tool, title, severity, fixedAt, dismissedAt, dismissedReason } = alert;
  const by = userOf(request, alert.dismissedBy);
  const base = { number, created_at: time(alert.openedAt), updated_at: time(fixedAt ?? dismissedAt ?? alert.openedAt) };
  if (tool === "secret-scanning") {
    return {
      ...base,
      state: (fixedAt ?? dismissedAt) === null ? "open" : "resolved",
      resolution: fixedAt === null ? dismissedReason : "revoked",
      resolved_at: when(fixedAt ?? dismissedAt),
      resolved_by: by,
      secret_type: title.toLowerCase().replaceAll(" ", "_"),
      secret_type_display_name: title,
    };
  }
  const life = {
    ...base,
    state: fixedAt !== null ? "fixed" : dismissedAt !== null ? "dismissed" : "open",
    fixed_at: when(fixedAt),
    dismissed_at: when(dismissedAt),
    dismissed_by: by,
    dismissed_reason: dismissedReason,
    dismissed_comment: null,
  };
  if (tool === "dependabot") {
    const advisory = { ghsa_id: "GHSA-0000-0000-0000", summary: title, severity };
    return { ...life, auto_dismissed_at: null, security_advisory: advisory, security_vulnerability: { severity } };
  }
  return {
    ...life,
    rule: { id: title, severity: "error", security_severity_level: severity, description: title },
    tool: { name: "CodeQL", version: null },
    most_recent_instance: {},
  };
}
