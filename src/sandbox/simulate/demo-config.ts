import { documentsConfig } from "./documents.ts";
import { loginOf, REPOSITORIES } from "./organisation.ts";

/** How the demonstration's configuration differs from the default one. */
export interface DemoConfigOptions {
  /** First day collected, default 2026-04-01: a month before the simulated time, so that what was live then is known. */
  since?: string;
  /** The simulated organisation's name, default Riverbank. */
  organisation?: string;
  store?: string;
  reports?: string;
  /** The list of incidents, beside the configuration; without it there is none, and no target either. */
  incidents?: string;
  /** The folder of the documents that management attests, beside the configuration; without it there are none. */
  documents?: string;
  /** The folder of management's answers to exceptions, beside the configuration; without it there are none. */
  responses?: string;
  /** Whether it names keys beside it that sign checkpoints and packs. */
  signed?: boolean;
}

const signing = `signing:
  key: { file: flowproof.key }
  certificate: { file: flowproof.crt, key: { file: flowproof-pdf.key } }
`;

/** The text of a flowproof.config.yaml for the simulated organisation, served at the given REST base. */
export function demoConfig(baseUrl: string, options: DemoConfigOptions = {}): string {
  const { since = "2026-04-01", organisation = "Riverbank", store = "flowproof.db", reports = "reports" } = options;
  const login = loginOf(organisation);
  const metrics =
    options.incidents === undefined
      ? ""
      : `metrics:
  incidents: ${options.incidents}
  targets:
    leadTime: { atMost: 2d }
    deploymentsPerDay: { atLeast: 1 }
    recoveryTime: { atMost: 4h }
    changeFailRate: { atMost: 0.15 }
`;
  const systems = REPOSITORIES.map((each) =>
    [
      `  - id: ${each.name}`,
      `    team: ${each.team}`,
      `    repositories: [${login}/${each.name}]`,
      `    branch: ${each.promotion ?? "main"}`,
      ...(each.promotion ? [`    promotion: [main, ${each.promotion}]`] : []),
      "    environments: [production]",
      "    deployments: { from: github }",
      "    profile: continuous",
    ].join("\n"),
  );
  return `# The configuration of an invented organisation, for flowproof's demonstration.
organisation: ${organisation}
timezone: UTC
frameworks: [soc2-2017, iso27001-2022]
store: ${store}
reports: ${reports}
since: ${since}
${metrics}sources:
  - id: github
    provider: github
    baseUrl: ${baseUrl}
    token: { env: FLOWPROOF_SANDBOX_TOKEN }
    repositories:
${REPOSITORIES.map((each) => `      - ${login}/${each.name}`).join("\n")}
      - "!${login}/sandbox-*"
systems:
${systems.join("\n")}
identities:
  - person: ada
    accounts: [github:ada-dev, github:ada-admin]
    emails: [ada@riverbank.example, ada.admin@riverbank.example]
  - automation: release-bot
    accounts: [github:release-bot]
policies:
  - from: ${since}
    systems: ["*"]
    approval: { count: 1, finalRevision: required, mergeFromBaseKeeps: false }
    requiredChecks: [{ name: test, app: github-actions }]
    securityChecks: []
    requestLink: required
    emergency: { label: emergency, reviewWithin: 24h }
    automation: [{ account: github:dependabot, approval: person, checks: required }]
    deployers: [github:github-actions, github:release-bot]
    administratorBypass: allowed
waivers: []
${options.signed ? signing : ""}${options.documents === undefined ? "" : documentsConfig(options.documents, since)}${options.responses === undefined ? "" : `responses: [${options.responses}]\n`}controls: []
`;
}
