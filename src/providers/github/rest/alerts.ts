import { readList } from "./list.ts";
import { reasonOf } from "./refusal.ts";
import type { Walk } from "./walk.ts";

const kinds = [
  ["dependencies", "DependencyAlerts", "/repos/{owner}/{repo}/dependabot/alerts"],
  ["code", "CodeAlerts", "/repos/{owner}/{repo}/code-scanning/alerts"],
  ["secrets", "SecretAlerts", "/repos/{owner}/{repo}/secret-scanning/alerts"],
] as const;

/**
 * Security alerts of three tools, with their lives so far; what a secret was is not asked for, and never kept.
 * @see https://docs.github.com/en/rest/dependabot/alerts
 */
export const alerts: Walk = async function* (reading) {
  const reasons: string[] = [];
  let unread = 0;
  for (const [tool, operation, path] of kinds) {
    const read = yield* readList(reading, {
      name: tool,
      operation,
      path,
      ...(tool === "secrets" ? { values: { hide_secret: "true" } } : {}),
      records: ({ secret: _secret, ...alert }) => [
        { kind: "securityAlert", externalId: `${tool}/${alert.number}`, body: { tool, alert } },
      ],
    });
    if (read.ok) continue;
    unread++;
    reasons.push(yield* reasonOf(reading, `alerts about ${tool}`, read.refused));
  }
  return { reasons, nothing: unread === kinds.length };
};
