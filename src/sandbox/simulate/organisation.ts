import type { Account, App, GitIdentity, World } from "../world.ts";

/** A repository of the simulated organisation and how its team works in it. */
export interface RepositorySpec {
  name: string;
  description: string;
  team: string;
  /** Its part of all changes. */
  weight: number;
  merge: "squash" | "merge" | "rebase";
  /** Approvals that its rules demand, and whether a push dismisses them. */
  approvals: 0 | 1;
  dismissStale: boolean;
  /** The branch that changes are promoted to, where that is not the default branch. */
  promotion: string | null;
  staging: boolean;
  deployer: "github-actions" | "release-bot";
  people: readonly string[];
}

const checkout = ["ada-dev", "tomasz-w", "ines-r", "farid-k", "hanna-b"];
const shop = ["lena-m", "oscar-p", "yuki-t", "bruno-s", "amara-o"];
const platform = ["noor-h", "emil-v", "sofia-d", "pavel-j"];

/** The five systems, a repository each, of three teams. */
export const REPOSITORIES: readonly RepositorySpec[] = [
  {
    name: "payments",
    description: "Takes and settles card payments",
    team: "checkout",
    weight: 0.25,
    merge: "squash",
    approvals: 1,
    dismissStale: true,
    promotion: null,
    staging: true,
    deployer: "github-actions",
    people: checkout,
  },
  {
    name: "ledger-api",
    description: "Double-entry ledger and statements",
    team: "checkout",
    weight: 0.21,
    merge: "merge",
    approvals: 1,
    dismissStale: true,
    promotion: null,
    staging: false,
    deployer: "github-actions",
    people: checkout,
  },
  {
    name: "storefront",
    description: "The shop that customers see",
    team: "shop",
    weight: 0.23,
    merge: "squash",
    approvals: 1,
    dismissStale: false,
    promotion: null,
    staging: false,
    deployer: "release-bot",
    people: shop,
  },
  {
    name: "mobile-gateway",
    description: "What the mobile apps talk to",
    team: "shop",
    weight: 0.15,
    merge: "squash",
    approvals: 1,
    dismissStale: true,
    promotion: "prod",
    staging: true,
    deployer: "github-actions",
    people: shop,
  },
  {
    name: "platform-infra",
    description: "Clusters, networks and pipelines as code",
    team: "platform",
    weight: 0.16,
    merge: "rebase",
    approvals: 0,
    dismissStale: false,
    promotion: null,
    staging: false,
    deployer: "github-actions",
    people: platform,
  },
];

/** Repositories beside the systems: one archived, one to play in, one that no list names. */
export const OTHERS = [
  { name: "legacy-billing", description: "Replaced by ledger-api in 2024", isArchived: true },
  { name: "sandbox-playground", description: "Anything goes", isArchived: false },
  { name: "handbook", description: "How we work", isArchived: false },
] as const;

const PEOPLE: readonly (readonly [login: string, name: string])[] = [
  ["ada-dev", "Ada Lindqvist"],
  ["ada-admin", "Ada Lindqvist (admin)"],
  ["tomasz-w", "Tomasz Wrona"],
  ["ines-r", "Ines Rebelo"],
  ["farid-k", "Farid Karimov"],
  ["hanna-b", "Hanna Bergfeld"],
  ["lena-m", "Lena Marquardt"],
  ["oscar-p", "Oscar Pellegrin"],
  ["yuki-t", "Yuki Tanabe"],
  ["bruno-s", "Bruno Saavedra"],
  ["amara-o", "Amara Okonjo"],
  ["noor-h", "Noor Haddad"],
  ["emil-v", "Emil Varga"],
  ["sofia-d", "Sofia Dragan"],
  ["pavel-j", "Pavel Jindra"],
  ["maren-k", "Maren Kolb"],
  ["viktor-a", "Viktor Amundsen"],
];

/** The login of an organisation of that name. */
export function loginOf(organisation: string): string {
  return organisation.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** Who promotes: approves releases and writes no code. */
export const RELEASE_MANAGER = "maren-k";
/** Who may go past the rules. */
export const ADMINISTRATOR = "viktor-a";

/** The accounts of the simulated organisation by login, and how git knows each. */
export interface Cast {
  account(login: string): number;
  git(login: string): GitIdentity;
  /** The platform's own committer of merges made on the web. */
  web: GitIdentity;
  actions: App;
  otherChecks: App;
}

/** Fills a world with accounts and apps. */
export function castOf(world: World): Cast {
  const accounts: Account[] = PEOPLE.map(([login, name], at) => ({
    kind: "User",
    id: 4_100_001 + at * 17,
    login,
    name,
  }));
  accounts.push({ kind: "User", id: 4_190_011, login: "release-bot", name: "Release Bot" });
  accounts.push({ kind: "User", id: 4_190_012, login: "flowproof-reader", name: "flowproof reader" });
  accounts.push({ kind: "User", id: 19_864_447, login: "web-flow", name: "GitHub Web Flow" });
  accounts.push({ kind: "Bot", id: 49_699_333, login: "dependabot", name: null });
  accounts.push({ kind: "Bot", id: 41_898_282, login: "github-actions", name: null });
  const byLogin = new Map(accounts.map((each) => [each.login, each]));
  const git = new Map<string, GitIdentity>();
  for (const { kind, login, name, id } of accounts) {
    const email =
      kind === "Bot" ? `${id}+${login}[bot]@users.noreply.github.com` : `${login.split("-")[0]}@riverbank.example`;
    const own =
      login === "ada-admin"
        ? "ada.admin@riverbank.example"
        : login === "release-bot"
          ? "release-bot@riverbank.example"
          : email;
    git.set(login, { name: kind === "Bot" ? `${login}[bot]` : (name ?? login), email: own, account: id });
    world.accounts.set(id, byLogin.get(login) as Account);
    world.emails.set(own.toLowerCase(), id);
  }
  const web = { name: "GitHub", email: "noreply@github.com", account: 19_864_447 };
  world.emails.set(web.email, web.account);
  world.viewer = 4_190_012;
  const actions: App = { id: 15_368, slug: "github-actions", name: "GitHub Actions" };
  const otherChecks: App = { id: 880_011, slug: "quickcheck", name: "Quickcheck" };
  world.apps.set(actions.id, actions).set(otherChecks.id, otherChecks);
  const need = <T>(found: T | undefined, login: string): T => {
    if (found === undefined) throw new Error(`nobody is called ${login}`);
    return found;
  };
  return {
    account: (login) => need(byLogin.get(login), login).id,
    git: (login) => need(git.get(login), login),
    web,
    actions,
    otherChecks,
  };
}
