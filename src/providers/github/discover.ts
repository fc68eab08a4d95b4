import { SourceError } from "../../util/errors.ts";
import type { Discovered, ProviderContext } from "../provider.ts";
import { askWhole, type Section, sizing } from "./ask-whole.ts";
import type { Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { connect } from "./graphql-client.ts";
import { listPageSchema } from "./pages.ts";
import { secondsUtc } from "./session.ts";

const sections: readonly Section[] = [
  { name: "deployments", keys: ["deployments"] },
  { name: "checks", keys: ["recent", "head", "statusCheckRollup"] },
];

const order = "orderBy: { field: UPDATED_AT, direction: DESC }";
const deployments = `deployments(first: 50, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { environment ref { name } creator { ${text.account} } } }`;
const recent = `recent: pullRequests(states: MERGED, first: 3, ${order}) { nodes { head: commits(last: 1) { nodes { commit { statusCheckRollup { contexts(first: 50) { nodes { ${text.check(false)} } } } } } } } }`;

const query = (without: ReadonlySet<string>) => `query Discover($login: String!, $first: Int!, $after: String) {
  organization(login: $login) { repositories(first: $first, after: $after, orderBy: { field: PUSHED_AT, direction: DESC }) {
    totalCount ${text.page}
    nodes {
      databaseId nameWithOwner isArchived defaultBranchRef { name }
      merged: pullRequests(states: MERGED, first: 100, ${order}) { nodes { mergedAt baseRefName headRefName isCrossRepository author { ${text.account} } } }
      ${without.has("checks") ? "" : recent}
      ${without.has("deployments") ? "" : deployments}
    }
  } }
  ${text.price}
}`;

/** What the last days show of an organisation's repositories, last pushed first; `merged` counts up to 100 changes. Throws SourceError. */
export async function discover(owner: string, since: string, context: ProviderContext): Promise<readonly Discovered[]> {
  const github = connect(context);
  const found: Discovered[] = [];
  const size = sizing(3);
  let after: string | null = null;
  try {
    for (;;) {
      const whole = await askWhole(github, sections, size, (without, level) => ({
        name: "Discover",
        text: query(without),
        variables: { login: owner, first: [20, 5, 1][level], after },
      }));
      if (!whole.ok) {
        const { reason, message, hint } = whole.failure;
        throw new SourceError(reason, `${owner} cannot be discovered: ${message}`, hint === undefined ? {} : { hint });
      }
      const page = listPageSchema.safeParse((whole.data.organization as Item | null)?.repositories).data;
      if (!page) throw new SourceError("unexpectedShape", `the source answered null for ${owner}`);
      found.push(...page.nodes.filter((node) => node !== null).map((node) => discovered(node, since)));
      context.progress(`${owner}: ${found.length} of ${page.totalCount} repositories`);
      const { hasNextPage, endCursor } = page.pageInfo;
      if (!hasNextPage || endCursor === null || endCursor === after) return found;
      after = endCursor;
    }
  } finally {
    await github.close();
  }
}

interface Account {
  readonly __typename: string;
  readonly login: string;
}

interface Check {
  readonly name?: string;
  readonly context?: string;
  readonly checkSuite?: { readonly app: { readonly slug: string } | null };
}

function discovered(node: Item, since: string): Discovered {
  const latest = nodesOf(node.merged);
  const merged = latest.filter((change) => secondsUtc(String(change.mergedAt)) >= since);
  const deployed = nodesOf(node.deployments);
  const authors = (changes: readonly Item[]) => changes.map(({ author }) => author as Account | null);
  const creators = deployed.map(({ creator }) => creator as Account | null);
  const merges = latest.flatMap(({ baseRefName, headRefName, isCrossRepository }) =>
    isCrossRepository ? [] : [{ from: String(headRefName), to: String(baseRefName) }],
  );
  const checks = nodesOf(node.recent)
    .flatMap((change) => nodesOf(change.head))
    .flatMap(({ commit }) =>
      nodesOf((commit as { statusCheckRollup: { contexts: unknown } | null }).statusCheckRollup?.contexts),
    )
    .map((check) => check as Check)
    .map(({ name, context, checkSuite }) => ({ name: name ?? context ?? "", app: checkSuite?.app?.slug ?? null }));
  return {
    repositoryId: String(node.databaseId),
    name: String(node.nameWithOwner),
    defaultBranch: (node.defaultBranchRef as { name: string } | null)?.name ?? "",
    archived: node.isArchived === true,
    environments: distinct(deployed.map((deployment) => String(deployment.environment))),
    checks: [...new Map(checks.map((check) => [`${check.name}/${check.app}`, check])).values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    automations: loginsOf("Bot", [...authors(merged), ...creators]),
    deployers: loginsOf("User", creators),
    authors: loginsOf("User", authors(latest)),
    deployedFrom: distinct(deployed.flatMap(({ ref }) => (ref as { name: string } | null)?.name ?? [])),
    merges: [...new Map(merges.map((pair) => [JSON.stringify(pair), pair])).values()],
    merged: merged.length,
  };
}

const nodesOf = (list: unknown): readonly Item[] =>
  ((list as { nodes?: readonly (Item | null)[] } | null | undefined)?.nodes ?? []).filter((node) => node !== null);

const loginsOf = (kind: string, accounts: readonly (Account | null)[]): readonly string[] =>
  distinct(accounts.flatMap((account) => (account?.__typename === kind ? account.login : [])));

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
