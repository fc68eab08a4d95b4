import { SHARED } from "./place.ts";
import type { OwnSettings, Scenario } from "./scenario.ts";

/** The month in which all scenarios happen. */
export const SCENARIO_PERIOD = "2026-10";
/** When the organisation is looked at: before anything is played, before the month is over, and after. */
export const SCENARIO_LOOKS = ["2026-09-30T06:00:00Z", "2026-10-31T06:00:00Z", "2026-11-02T06:00:00Z"] as const;

/** The text of a flowproof.config.yaml for the scenarios' organisation; `later` as it stands at the last look. */
export function scenarioConfig(
  baseUrl: string,
  scenarios: readonly Scenario[],
  options: { later?: boolean; store?: string; reports?: string } = {},
): string {
  const { later = true, store = "flowproof.db", reports = "reports" } = options;
  const login = "proving-ground";
  const owns = scenarios.filter(({ own }) => own !== undefined && !(later && own.droppedLater));
  const system = (id: string, { paths, promotion, gated }: OwnSettings = {}) =>
    [
      `  - id: ${id}`,
      "    team: provers",
      `    repositories: [${login}/${id}]`,
      ...(paths ? [`    paths: [${paths.join(", ")}]`] : []),
      ...(promotion ? [`    branch: ${promotion}`, `    promotion: [main, ${promotion}]`] : ["    branch: main"]),
      "    environments: [production]",
      ...(gated ? ["    profile: gated"] : []),
    ].join("\n");
  const policy = (systems: string, lines: readonly string[]) => {
    const own = new Set(lines.map((line) => line.slice(0, line.indexOf(":"))));
    const shared = SHARED_POLICY.filter((line) => !own.has(line.slice(0, line.indexOf(":"))));
    return [
      `  - from: ${SINCE}`,
      `    systems: [${systems}]`,
      ...[...shared, ...lines].map((line) => `    ${line}`),
    ].join("\n");
  };
  const policies = owns.flatMap(({ name, own = {} }) => {
    const lines = (later ? own.policyLater : undefined) ?? own.policy;
    return lines ? [policy(name, lines)] : [];
  });
  const identities = owns.flatMap(({ own }) =>
    own?.identity && !(later && own.identity.lostLater) ? own.identity.lines.map((line) => `  ${line}\n`) : [],
  );
  const waivers = owns.flatMap(({ own }) => [own?.waiver ?? [], (later && own?.waiverLater) || []].flat());
  return `# The configuration of an invented organisation, in which every scenario was played.
organisation: Proving Ground
timezone: UTC
frameworks: [soc2-2017, iso27001-2022]
store: ${store}
reports: ${reports}
since: ${SINCE}
sources:
  - id: github
    provider: github
    baseUrl: ${baseUrl}
    token: { env: FLOWPROOF_SANDBOX_TOKEN }
    repositories: [${login}/*]
systems:
${[...(scenarios.some(({ own }) => !own) ? [system(SHARED)] : []), ...owns.map(({ name, own }) => system(name, own))].join("\n")}
identities:
  - person: ada
    accounts: [github:ada-dev, github:ada-admin]
    emails: [ada@riverbank.example, ada.admin@riverbank.example]
  - automation: release-bot
    accounts: [github:release-bot]
${identities.join("")}policies:
${[policy('"*"', []), ...policies].join("\n")}
waivers:${waivers.length === 0 ? " []" : waivers.map((line) => `\n  - ${line}`).join("")}
controls: []
`;
}

const SINCE = "2026-09-01";
const SHARED_POLICY = [
  "approval: { count: 1, finalRevision: required, mergeFromBaseKeeps: false }",
  "requiredChecks: [{ name: test, app: github-actions }]",
  "requestLink: required",
  "emergency: { label: emergency, reviewWithin: 24h }",
  "automation: [{ account: github:dependabot, approval: person, checks: required }]",
  "deployers: [github:github-actions, github:release-bot]",
] as const;
