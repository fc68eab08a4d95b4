import { testOnWholeEvidence } from "../../../src/attributes/index.ts";
import type { AnyAttribute, Attribute, Verdict } from "../../../src/model/attribute.ts";
import type {
  ChangeDossier,
  CommitDossier,
  ConfigurationDossier,
  DeploymentDossier,
  Dossier,
  RulesAt,
} from "../../../src/model/dossier.ts";
import type {
  Actor,
  Change,
  Check,
  Commit,
  Deployment,
  Dismissal,
  GitPerson,
  Review,
  Rule,
  Seen,
  WorkItemLink,
} from "../../../src/model/entity.ts";
import type { Identity } from "../../../src/model/identity.ts";
import { identityMap } from "../../../src/model/identity.ts";
import { policyParametersSchema } from "../../../src/model/policy.ts";

/** Invented dossiers: by default one clean change by ada, approved by ben on its head, checked, merged by ada. */

export const repository = {
  key: "github/1",
  name: "riverbank/payments",
  url: "https://forge.example/riverbank/payments",
};
export const head = "aaaaaaaa11111111111111111111111111111111";
export const older = "bbbbbbbb22222222222222222222222222222222";
export const merged = "cccccccc33333333333333333333333333333333";
/** `t(5)`: five minutes after the change was opened; merged at t(60). */
export const t = (minutes: number): string =>
  `${new Date(Date.UTC(2026, 9, 5, 9, minutes)).toISOString().slice(0, 19)}Z`;

const ids = ["ada", "ben", "cara", "dev", "ada-admin", "dependabot", "release-bot", "checker", "ghostly"];
export const actor = (login: string, kind: Actor["kind"] = login.endsWith("bot") ? "automation" : "person"): Actor => ({
  id: String(100 + ids.indexOf(login)),
  login,
  kind,
});
export const git = (login: string, account: Actor | null = actor(login)): GitPerson => ({
  name: login,
  email: `${login}@riverbank.example`,
  account,
});

let records = 0;
/** The entity with a record of its own to rest on. */
export const seen = <T extends object>(entity: T): Seen<T> => ({ ...entity, record: ++records });
export const base = (key: string) => ({ key, repository: repository.key });

export const commit = (oid: string, by = "ada", more: Partial<Commit> = {}): Seen<Commit> =>
  seen({
    type: "commit",
    ...base(`${repository.key}@${oid}`),
    oid,
    headline: `Change ${oid.slice(0, 4)}`,
    author: git(by),
    committer: git(by),
    authoredAt: t(-10),
    committedAt: t(-10),
    coAuthored: false,
    tree: oid,
    madeBy: "other",
    ...more,
  });

let nextId = 1000;
/** A number that no other invented object has. */
export const freshId = (): string => String(nextId++);
export const review = (by: string | null, at: number, more: Partial<Review> = {}): Seen<Review> => {
  const id = freshId();
  return seen({
    type: "review",
    ...base(`${repository.key}/reviews/${id}`),
    id,
    change: `${repository.key}#12`,
    author: by === null ? null : actor(by),
    state: "approved",
    submittedAt: t(at),
    oid: head,
    ...more,
  });
};

export const dismissal = (of: Review, at: number, previousState: Review["state"] = "approved"): Seen<Dismissal> =>
  seen({
    type: "dismissal",
    ...base(`${of.key}/dismissed`),
    change: of.change,
    review: of.key,
    at: t(at),
    by: actor("cara"),
    previousState,
  });

export const check = (name: string, at: number | null, more: Partial<Check> = {}): Seen<Check> => {
  const id = freshId();
  return seen({
    type: "check",
    ...base(`${repository.key}/checks/${id}`),
    id,
    oid: head,
    name,
    app: "github-actions",
    conclusion: "success",
    startedAt: t(1),
    completedAt: at === null ? null : t(at),
    url: null,
    setBy: null,
    suite: null,
    workflow: null,
    attempt: null,
    ...more,
  });
};

export const workItem = (at: number): Seen<WorkItemLink> =>
  seen({
    type: "workItemLink",
    ...base(`${repository.key}#12->7`),
    change: `${repository.key}#12`,
    workItem: "riverbank/payments#7",
    title: "Settle faster",
    url: "https://forge.example/riverbank/payments/7",
    author: actor("dev"),
    createdAt: t(at),
  });

export const rule = (more: Partial<Rule> = {}): Rule => ({
  id: "r1",
  name: "main is guarded",
  enforcement: "active",
  appliesToReleasedBranch: true,
  changeRequired: true,
  approvals: 1,
  dismissStaleApprovals: false,
  lastPushApproval: false,
  codeOwnerApproval: false,
  checks: [{ name: "test", app: "github-actions" }],
  forcePushBlocked: true,
  deletionBlocked: true,
  bypass: [],
  bypassReadable: true,
  unread: [],
  updatedAt: t(-9000),
  ...more,
});

export const rulesAt = (...rules: Rule[]): RulesAt => ({
  known: true,
  rules,
  record: ++records,
  since: t(-9000),
  until: t(9000),
});

const identities: Identity[] = [
  { person: "ada", accounts: ["github:ada", "github:ada-admin"], emails: ["ada.private@home.example"] },
  { automation: "release-bot", accounts: ["github:release-bot"] },
  { automation: "cluster", accounts: ["import:argocd"] },
];

const dossierBase = () => ({
  system: "payments",
  team: "checkout",
  repository,
  source: "github",
  identities: identityMap(identities),
  gaps: {},
  evidenceUntil: t(100_000),
});

/** The commit that a merge made: by the platform, from main's tip and the head, unless said otherwise. */
export const mergeCommit = (
  more: { madeBy?: Commit["madeBy"]; tree?: string; parents?: string[]; oid?: string } = {},
): NonNullable<ChangeDossier["mergeCommit"]> => {
  const { madeBy = "platform", oid = merged, tree = oid, parents = ["0".repeat(40), head] } = more;
  const key = `${repository.key}@${oid}`;
  return {
    commit: commit(oid, "ada", { madeBy, tree }),
    graph: seen({ type: "graphCommit", ...base(key), oid, parents, tree, changes: [12] }),
  };
};

type Fields = Omit<Partial<ChangeDossier>, "change"> & { change?: Partial<Change> };

/** One merged change with the given parts in place of the clean ones. */
export function changeDossier({ change, ...fields }: Fields = {}): ChangeDossier {
  const number = change?.number ?? 12;
  const key = `${repository.key}#${number}`;
  const commits = fields.commits ?? [commit(head)];
  return {
    subject: "change",
    key,
    ...dossierBase(),
    change: seen({
      type: "change",
      ...base(key),
      number,
      title: "Settle faster",
      description: "Settles twice a day.",
      url: `${repository.url}/pull/${number}`,
      author: actor("ada"),
      merger: actor("ada"),
      createdAt: t(0),
      mergedAt: t(60),
      baseRef: "main",
      baseOid: "0".repeat(40),
      headRef: "faster",
      headOid: head,
      mergeOid: merged,
      labels: [],
      totals: {
        commits: commits.length,
        reviews: null,
        files: null,
        checks: null,
        workItems: null,
        labels: 0,
        events: 0,
      },
      ...change,
    }),
    commits,
    authors: new Map(),
    reviews: [review("ben", 30)],
    dismissals: [],
    events: [],
    runs: [],
    pushes: [],
    merge: undefined,
    ruleSuite: undefined,
    mergeCommit: mergeCommit({ oid: change?.mergeOid ?? merged }),
    headTree: head,
    builtOnBase: false,
    checks: [check("test", 20)],
    workItems: [workItem(-5)],
    paths: ["src/settle.ts"],
    rulesAtMerge: rulesAt(rule()),
    mergeCommitOnLine: true,
    ...fields,
  };
}

/** The commit on the branch, put there by the change. */
export function commitDossier(change: ChangeDossier | undefined, fields: Partial<CommitDossier> = {}): CommitDossier {
  const oid = fields.oid ?? change?.change.mergeOid ?? older;
  const key = `${repository.key}@${oid}`;
  return {
    subject: "commit",
    key,
    ...dossierBase(),
    oid,
    graph: seen({ type: "graphCommit", ...base(key), oid, parents: ["0".repeat(40)], tree: oid, changes: [] }),
    commit: commit(oid),
    reached: { from: t(60), to: t(60), exact: true },
    change: change?.change,
    associated: [],
    activity: undefined,
    ...fields,
  };
}

export const deployment = (id: string, oid = merged, more: Partial<Deployment> = {}): Seen<Deployment> =>
  seen({
    type: "deployment",
    ...base(`${repository.key}/deployments/${id}`),
    id,
    oid,
    ref: "main",
    environment: "production",
    task: "deploy",
    creator: actor("release-bot"),
    createdAt: t(70),
    totalStatuses: 1,
    ...more,
  });

/** A deployment that brought the change's merge commit. */
export function deploymentDossier(
  changes: readonly ChangeDossier[] = [changeDossier()],
  fields: Partial<DeploymentDossier> = {},
): DeploymentDossier {
  const own = fields.deployment ?? deployment("90");
  return {
    subject: "deployment",
    key: own.key,
    ...dossierBase(),
    deployment: own,
    statuses: [],
    succeededAt: t(75),
    run: undefined,
    approvals: [],
    environment: undefined,
    movedTag: [],
    previous: deployment("80", older, { createdAt: t(-500) }),
    onBranch: true,
    deployedBefore: undefined,
    fallBack: deployment("80", older, { createdAt: t(-500) }),
    brought: changes.map((change) => ({
      oid: change.change.mergeOid ?? merged,
      headline: change.change.title,
      record: change.change.record,
      reached: { from: change.change.mergedAt, to: change.change.mergedAt },
      change,
    })),
    ...fields,
  };
}

export function configurationDossier(...rules: RulesAt[]): ConfigurationDossier {
  return {
    subject: "configuration",
    key: `${repository.key}:main`,
    ...dossierBase(),
    branch: "main",
    intervals: rules.map((one, index) => ({ from: t(index * 1000), to: t((index + 1) * 1000), rules: one })),
    rewrites: [],
    losses: [],
    access: [],
  };
}

/** Policy as a configuration writes it, over the defaults. */
function policy(written: object): Readonly<Record<string, unknown>> {
  const read = policies.get(written) ?? policyParametersSchema.parse(written);
  policies.set(written, read);
  return read;
}

/** Each is read once: properties judge thousands of dossiers by one policy. */
const policies = new WeakMap<object, Readonly<Record<string, unknown>>>();
const asShipped = {};

/** Tests an attribute as evaluation does: only on whole evidence. */
export const verdict = (attribute: AnyAttribute, dossier: Dossier, written: object = asShipped): Verdict =>
  testOnWholeEvidence(attribute as Attribute<Dossier["subject"]>, dossier, attribute.params.parse(policy(written)));
