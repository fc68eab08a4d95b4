import { placeholder } from "./placeholders.ts";

/** A system to write into a new configuration. */
export interface TemplateSystem {
  readonly id: string;
  readonly team: string;
  readonly repository: string;
  readonly branch?: string;
  readonly promotion?: readonly string[];
  readonly environments: readonly string[];
  /** Seen on its changes. */
  readonly checks?: readonly { readonly name: string; readonly app: string | null }[];
}

/** What a new configuration is filled with; what is not known yet is the placeholder. */
export interface TemplateValues {
  readonly organisation: string;
  /** The owner of the repositories, as the source spells it. */
  readonly owner: string;
  /** Where collecting starts, `2026-01-01`. */
  readonly since: string;
  readonly timezone: string;
  readonly baseUrl: string;
  /** The environment variable with the token; absent: GITHUB_TOKEN. */
  readonly tokenVariable?: string;
  readonly systems: readonly TemplateSystem[];
  /** Logins of bots. */
  readonly automations: readonly string[];
  /** Logins of persons' accounts that do nothing but deploy. */
  readonly onlyDeploy?: readonly string[];
  /** The store's file and the packs' folder, relative to the configuration; absent: flowproof.db and reports. */
  readonly store?: string;
  readonly reports?: string;
  /** The key files beside it, by name; absent: the keys are still to be made. */
  readonly keys?: typeof initialKeys;
  /** Where the JSON Schema lies, for editors. */
  readonly schema?: string;
}

/** What `init` calls the keys and the certificate that it makes. */
export const initialKeys = {
  key: "flowproof.key",
  certificate: "flowproof.crt",
  certificateKey: "flowproof-pdf.key",
} as const;

/** The configuration that `init` writes: valid as it stands, every key documented where it is. */
export function configTemplate(values: TemplateValues): string {
  const { systems, owner } = values;
  const schema = values.schema === undefined ? "" : `# yaml-language-server: $schema=${values.schema}\n`;
  return `${schema}# flowproof: what is collected, and how it is judged.
# Every key is here; what is commented out shows its default or an example.
${isFinished(values) ? "" : `# Put your own values wherever it says ${placeholder}; until then nothing is collected.\n`}# Check it with: flowproof doctor

organisation: ${quoted(values.organisation)}           # the name on the cover
timezone: ${values.timezone}                 # IANA name; periods are days of this zone. Default UTC
frameworks: [soc2-2017, iso27001-2022]
since: ${values.since}                # how far back the first collecting reaches
store: ${values.store ?? "flowproof.db"}              # the evidence, relative to this file; on a local disk, not a network share
reports: ${values.reports ?? "reports"}                 # where packs are written, relative to this file
# lateAfter: 26h                 # after how long without collecting \`flowproof status\` calls a stream late
# browser: /usr/bin/chromium     # the browser that prints; found by itself when left out

${signingText(values)}

${contextText}

sources:
  - id: github                   # your name for it; part of every record's id, so keep it
    provider: github
    baseUrl: ${values.baseUrl} # Enterprise Server: https://host/api/v3; http:// only on this machine
    token: { env: ${values.tokenVariable ?? "GITHUB_TOKEN"} } # or { file: path }, readable by its owner only. A token that can only read
    # app:                       # a GitHub App in place of the token
    #   id: 12345
    #   installation: 67890
    #   key: { file: app.pem }   # or { env: NAME }
    # ca: company-ca.pem         # additional certificate authorities
    repositories:                # owner/name or owner/*; ! leaves out; exclude with a reason is printed in the pack
      - ${quoted(`${owner}/*`)}
      # - { exclude: "${owner}/sandbox-*", reason: experiments, never deployed }

systems:                         # what is deployed, who owns it, where it runs
${systems.map(systemText).join("\n")}

identities:                      # one person's accounts are one person; a bot is nobody
${identitiesText(values)}

policies:                        # the one in force when a change merged judges it; without any, these defaults
  - from: ${values.since}
    systems: ["*"]               # or system ids
    # teams: [checkout]          # only systems of these teams
    approval:
      count: 1                   # persons, independent of every author, co-author, committer and pusher
      finalRevision: required    # the approval is for what was merged; or off
      mergeFromBaseKeeps: false  # merging the base branch after an approval keeps it
      codeOwners: off            # required: the branch's rules demand the code owners' approval, and the source found them met
      # retrospectiveWithin: 2d  # an approval of what was merged still counts so long after the merge; left out: not at all
    requiredChecks: []           # empty: what the branch's rules demanded at the merge${checksText(systems)}
    #                              or one that any of several may serve: { objective: unit tests, anyOf: [{ name: test }, { name: unit }] }
    securityChecks: []           # the same for security checks
    requestLink: off             # required: each change names a work item
    description: { minLength: 1 } # characters that a change's description has at least
    emergency: { label: emergency, reviewWithin: 24h } # and reason: { heading: Reason }: it says under this heading why it could not wait
    significant: { paths: [], labels: [], approvers: [] } # changes that named approvers must see
    #                              and impactNote: { heading: Impact }: they say under this heading of the description what they affect
    automation: []               # e.g. { account: "github:dependabot", approval: person, checks: required }; approval person or none
    #                              or { account: "github:release-bot", preset: release }, which may only raise versions
    fallBack: {}                 # e.g. { within: 90d }: the version to fall back on was deployed no longer ago than this
    administratorBypass: forbidden # or allowed: administrators may pass the branch's rules by; each use is tested
    deployers: []                # accounts that may deploy to production; empty: any automation, never a person.
    #                              An imported list writes github:release-bot; a bare argocd in it is import:argocd here

waivers: []                      # exceptions accepted in advance; counted and shown apart
# waivers:
#   - id: W-1
#     attribute: request-linked
#     systems: [${systems[0]?.id ?? "payments"}]
#     items: ["#12"]             # changes (owner/name#12 where there are several repositories), commits or deployments;
#                              # left out: every item of the systems
#     owner: Head of Engineering
#     reason: tracked outside the source until the move is done
#     from: ${values.since}
#     expires: ${values.since.slice(0, 4)}-12-31

responses: []                    # e.g. [responses]: folders or globs of YAML files with your answers to exceptions,
#                                  merged by review; \`flowproof exceptions --drafts responses\` writes them to be filled in

attestations: []                 # what version control rarely shows, attested by a person with a file; recorded when collecting
# attestations:
#   - id: change-procedure
#     kind: procedure            # or penetration-test, bug-bounty, game-day, training, access-review, parties-informed,
#                              # architecture-deviation, continuity-plan, operating-documents
#     title: Change procedure
#     file: documents/change-procedure.pdf # no link, at most 25 MB; changed, it is another version of the attestation
#     version: "3.2"             # the document's own, and who approved it; both may be left out
#     approver: Head of Engineering
#     by: Ada Example
#     role: Head of Engineering
#     effective: ${values.since}
#     expires: ${values.since.slice(0, 4)}-12-31       # the last day on which it is in force
#     criteria: [soc2-2017:CC8.1:3] # framework:criterion:point; left out: what its kind addresses
#     note: agreed with the heads of all teams

controls: []                     # your own numbering, as your auditor knows it; \`flowproof controls\` lists ours
# controls:
#   - id: CM-02
#     title: Changes are peer reviewed
#     owner: Head of Engineering
#     key: true                  # it decides a criterion, not only informs
#     threshold: 0.1             # share of failed items from which the result is "above threshold"
#     covers: [CHG-03]
`;
}

const contextText = `# metrics:                       # context in packs, never a control's result
#   incidents: incidents.csv     # columns id,opened_at,resolved_at,system and, where known, deployment or commit;
#                              without it failed deployments, recovery and rework are "not measured"
#   targets:                     # ranges, printed as met or not met; times are medians
#     leadTime: { atMost: 2d }
#     deploymentsPerDay: { atLeast: 1 }
#     recoveryTime: { atMost: 4h }
#     changeFailRate: { atMost: 0.15 }
#     reworkRate: { atMost: 0.1 }
#     alertRemediation: { atMost: 30d }
#     standardRules: { atLeast: 0.95 } # share of repositories whose branch is protected and binds administrators
# narrative:                     # management's narrative, why no board meets; apart from evidence
#   off: false                   # true leaves it out
#   board: { everyDays: 14, cutOffDays: 3 } # the board that the period's changes are simulated with
#   text: narrative.md           # paragraphs of your own, plain text`;

/** Live where the keys are there; the authority is the reader's choice in any case. */
function signingText({ keys }: TemplateValues): string {
  const { key, certificate, certificateKey } = keys ?? initialKeys;
  const off = (lines: readonly string[]) => lines.map((line) => `# ${line}`);
  const signed = [
    `  key: { file: ${key} } # Ed25519, PEM, mode 0600; or { env: NAME }. Keep a copy elsewhere; never commit it`,
    "  certificate:                 # what the PDF is signed with: of an authority of yours, or the self-signed one of `init`",
    `    file: ${certificate}        # PEM: the certificate, then those that issued it`,
    `    key: { file: ${certificateKey} }`,
  ];
  const further = [
    "origin: flowproof/company    # the ledger's name in every checkpoint, for good; default: flowproof/ and the organisation",
    "timestamp:                   # an RFC 3161 authority, which says when a checkpoint existed",
    "  url: https://timestamps.example/tsr",
    "  trust: timestamps-ca.pem   # PEM: the authority's root certificates",
  ];
  const head =
    "signing:                         # every checkpoint and every issued pack; without it, packs stay drafts";
  return keys
    ? [head, ...signed, ...off(further).map((line) => `  ${line}`)].join("\n")
    : off([head, ...signed, ...further.map((line) => `  ${line}`)]).join("\n");
}

function isFinished({ organisation, owner, systems }: TemplateValues): boolean {
  return !JSON.stringify([organisation, owner, systems]).includes(placeholder);
}

const promotionText =
  "    # promotion: [main, prod]    # where a change goes through several branches, the released one last";

function systemText(system: TemplateSystem, index: number): string {
  const environments = system.environments.map(quoted).join(", ");
  const lines = [
    `  - id: ${quoted(system.id)}`,
    `    team: ${quoted(system.team)}`,
    `    repositories: [${quoted(system.repository)}]`,
    system.branch === undefined
      ? "    # branch: main               # the released branch; default: the repository's default branch"
      : `    branch: ${quoted(system.branch)}`,
    ...(system.promotion ? [`    promotion: [${system.promotion.map(quoted).join(", ")}]`] : []),
    `    environments: [${environments}]`,
  ];
  if (index > 0) return lines.join("\n");
  const meanings = ["your name for it, printed in packs", "who owns it; policies may name teams", "owner/name"];
  for (const [place, meaning] of meanings.entries()) lines[place] = `${lines[place]?.padEnd(32)} # ${meaning}`;
  lines.splice(3, 0, "    # paths: [services/payments/**] # in a repository that several systems share");
  lines.push(
    ...(system.promotion ? [] : [promotionText]),
    "    # deployments: { from: github } # the deployments that the source records; or",
    "    #              { from: workflow, file: deploy.yml, job: deploy } # each run in which the job ran; or",
    "    #              { from: import, file: deployments.csv } # a list, columns id,environment,commit,deployed_at,creator",
    "    #              and, where there is such, state,ref,repository,url; a system of several repositories needs repository",
    "    # profile: continuous        # or gated: a person who did not start it approves each deployment to production",
  );
  return lines.join("\n");
}

function identitiesText({ automations, onlyDeploy = [] }: TemplateValues): string {
  const person = `  # - person: ada
  #   accounts: [github:ada-dev, github:ada-admin]
  #   emails: [ada@company.example]`;
  const hints = onlyDeploy.map(
    (login) =>
      `  # ${quoted(login)} deployed and opened no change; if this is automation:\n  # - automation: ${quoted(login)}\n  #   accounts: [${quoted(`github:${login}`)}]`,
  );
  const example = "  # - automation: release-bot\n  #   accounts: [github:release-bot]";
  if (automations.length === 0) return ["  []", person, ...(hints.length > 0 ? hints : [example])].join("\n");
  const bots = automations.map(
    (login) => `  - automation: ${quoted(login)}\n    accounts: [${quoted(`github:${login}`)}]`,
  );
  return [...bots, ...hints, person].join("\n");
}

function checksText(systems: readonly TemplateSystem[]): string {
  const alike = Map.groupBy(
    systems.filter(({ checks = [] }) => checks.length > 0),
    ({ checks = [] }) => checks.map(checkText).join(", "),
  );
  if (alike.size === 0) return ", e.g. [{ name: test, app: github-actions }]";
  const seen = [...alike].map(
    ([checks, some]) => `\n    # seen on changes of ${some.map(({ id }) => quoted(id)).join(", ")}: [${checks}]`,
  );
  return seen.join("");
}

const checkText = ({ name, app }: { readonly name: string; readonly app: string | null }): string =>
  `{ name: ${quoted(name)}${app === null ? "" : `, app: ${quoted(app)}`} }`;

// Any JSON string is YAML; plain where nothing in it means something to YAML.
function quoted(text: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9 ._/-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) && !text.endsWith(" ");
  return isPlain ? text : JSON.stringify(text);
}
