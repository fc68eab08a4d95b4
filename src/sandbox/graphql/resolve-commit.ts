import type { GraphQLResolveInfo } from "graphql";
import type { Check, Commit, GitIdentity, Status, WorkflowRun } from "../world.ts";
import { connection } from "./connection.ts";
import { accountOf, type Context, changeOf, commitOf, fullName, refusal, repositoryOf, time } from "./context.ts";
import { historyOf } from "./history.ts";
import { appOf } from "./resolve-account.ts";
import { type Arguments, allow, type Fields, fields, nodeId, properties } from "./resolver.ts";

interface GitActor extends GitIdentity {
  at: number;
}

interface Suite {
  kind: "CheckSuite";
  repo: number;
  id: number;
  oid: string;
  app: number;
  runs: Check[];
}

interface RunOf {
  kind: "WorkflowRun";
  repo: number;
  run: WorkflowRun;
}

interface Rollup {
  kind: "StatusCheckRollup";
  commit: Commit;
  contexts: (Check | Status)[];
}

/** Commits and what ran on them. */
export const commitTypes: Readonly<Record<string, Fields>> = {
  Commit: fields<Commit>({
    id: ({ repo, oid }, _args, context) => nodeId(context, "C", repo, oid),
    oid: ({ oid }) => oid,
    abbreviatedOid: ({ oid }) => oid.slice(0, 7),
    url: ({ repo, oid }, _args, context) => `${link(context, repo)}/commit/${oid}`,
    commitUrl: ({ repo, oid }, _args, context) => `${link(context, repo)}/commit/${oid}`,
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    tree: ({ repo, tree }) => ({ kind: "Tree", repo, oid: tree }),
    message: ({ message }) => message,
    messageHeadline: ({ message }) => message.split("\n", 1)[0],
    messageBody: ({ message }) => message.split("\n").slice(1).join("\n").trim(),
    authoredDate: ({ authoredAt }) => time(authoredAt),
    committedDate: ({ committedAt }) => time(committedAt),
    pushedDate: () => null,
    author: ({ author, authoredAt }) => ({ ...author, at: authoredAt }) satisfies GitActor,
    committer: ({ committer, committedAt }) => ({ ...committer, at: committedAt }) satisfies GitActor,
    committedViaWeb: ({ committer }) => committer.email === "noreply@github.com",
    authoredByCommitter: ({ author, committer }) => author.email === committer.email,
    authors: (source, args, context, info) => {
      allowMessage(source, context);
      return connection(authorsOf(source, context), (_item, at) => [at, 0], args, context, info);
    },
    parents: ({ repo, parents }, args, context, info) => {
      const list = parents.map((oid) => commitOf(context, repo, oid)).filter((each) => each !== null);
      return connection(list, (_item, at) => [at, 0], args, context, info);
    },
    history: (source, args, context, info) => history(source, args, context, info),
    associatedPullRequests: ({ repo, changes }, args, context, info) => {
      const list = changes.map((number) => changeOf(context, repo, number)).filter((each) => each !== undefined);
      return connection(list, (each) => [each.createdAt, each.id], args, context, info);
    },
    signature: (commit, _args, context) => {
      const { repo, committer, committedAt } = commit;
      allow(context, repo, "signatures");
      if (!isMadeByPlatform(commit, context)) return null;
      return { kind: "GpgSignature", email: committer.email, account: committer.account, at: committedAt };
    },
    statusCheckRollup: (commit, _args, context) => rollupOf(commit, context),
    checkSuites: (commit, args, context, info) => {
      allow(context, commit.repo, "checks");
      return connection(suitesOf(commit, context), (each) => [each.id, 0], args, context, info);
    },
  }),
  GitActor: fields<GitActor>({
    name: ({ name }) => name,
    email: ({ email }) => email,
    date: ({ at }) => time(at),
    // GitActor.user is typed as a User: a bot comes as one, with its own id and the login it has in REST.
    user: ({ account }, _args, context) => {
      const found = accountOf(context, account);
      if (found?.kind === "Bot") return { ...found, login: `${found.login}[bot]` };
      return found?.kind === "User" ? found : null;
    },
  }),
  Tree: fields<{ repo: number; oid: string }>({
    oid: ({ oid }) => oid,
    id: ({ repo, oid }, _args, context) => nodeId(context, "T", repo, oid),
    abbreviatedOid: ({ oid }) => oid.slice(0, 7),
  }),
  GpgSignature: fields<{ email: string; account: number | null; at: number }>({
    email: ({ email }) => email,
    isValid: () => true,
    state: () => "VALID",
    wasSignedByGitHub: () => true,
    signer: ({ account }, _args, context) => accountOf(context, account),
    verifiedAt: ({ at }) => time(at),
    keyId: () => "B5690EEEBB952194",
  }),
  StatusCheckRollup: fields<Rollup>({
    id: ({ commit }, _args, context) => nodeId(context, "SCR", commit.repo, commit.oid),
    state: ({ contexts }) => stateOf(contexts),
    commit: ({ commit }) => commit,
    contexts: ({ contexts }, args, context, info) =>
      connection(contexts, (each) => [each.kind === "CheckRun" ? 0 : 1, each.id], args, context, info),
  }),
  CheckRun: fields<Check>({
    id: ({ repo, id }, _args, context) => nodeId(context, "CR", repo, id),
    databaseId: ({ id }) => id,
    name: ({ name }) => name,
    status: ({ completedAt }) => (completedAt === null ? "IN_PROGRESS" : "COMPLETED"),
    conclusion: ({ conclusion }) => conclusion,
    startedAt: ({ startedAt }) => time(startedAt),
    completedAt: ({ completedAt }) => (completedAt === null ? null : time(completedAt)),
    url: ({ repo, id }, _args, context) => `${link(context, repo)}/runs/${id}`,
    permalink: ({ repo, id }, _args, context) => `${link(context, repo)}/runs/${id}`,
    detailsUrl: ({ repo, id, suite }, _args, context) => `${link(context, repo)}/actions/runs/${suite}/job/${id}`,
    externalId: () => "",
    title: () => null,
    summary: () => null,
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    checkSuite: (check, _args, context) => {
      const commit = commitOf(context, check.repo, check.oid);
      return commit ? suitesOf(commit, context).find((each) => each.id === check.suite) : null;
    },
    isRequired: (check, _args, context, info) => required(check.repo, check.name, check.app, context, info),
  }),
  StatusContext: fields<Status>({
    id: ({ repo, id }, _args, context) => nodeId(context, "SC", repo, id),
    context: ({ context }) => context,
    state: ({ state }) => state,
    creator: ({ creator }, _args, context) => accountOf(context, creator),
    createdAt: ({ createdAt }) => time(createdAt),
    description: () => null,
    targetUrl: () => null,
    commit: ({ repo, oid }, _args, context) => commitOf(context, repo, oid),
    isRequired: (status, _args, context, info) => required(status.repo, status.context, null, context, info),
  }),
  CheckSuite: fields<Suite>({
    id: ({ repo, id }, _args, context) => nodeId(context, "CS", repo, id),
    databaseId: ({ id }) => id,
    app: ({ app }, _args, context) => appOf(context, app),
    commit: ({ repo, oid }, _args, context) => commitOf(context, repo, oid),
    status: ({ runs }) => (runs.some((each) => each.completedAt === null) ? "IN_PROGRESS" : "COMPLETED"),
    conclusion: ({ runs }) => {
      const worst = runs.find((each) => each.conclusion !== "SUCCESS");
      return worst ? worst.conclusion : "SUCCESS";
    },
    workflowRun: ({ repo, id }, _args, context) => {
      const { runs } = repositoryOf(context, repo);
      const build = () => new Map(runs.map((each) => [each.suite, each]));
      const run = context.index.of(`runs/${repo}/${runs.length}`, build).get(id);
      return run ? ({ kind: "WorkflowRun", repo, run } satisfies RunOf) : null;
    },
    createdAt: ({ runs }) => time(Math.min(...runs.map((each) => each.startedAt))),
    updatedAt: ({ runs }) => time(Math.max(...runs.map((each) => each.completedAt ?? each.startedAt))),
    checkRuns: ({ runs }, args, context, info) => connection(runs, (each) => [each.id, 0], args, context, info),
  }),
  WorkflowRun: fields<RunOf>({
    id: ({ repo, run }, _args, context) => nodeId(context, "WFR", repo, run.id),
    databaseId: ({ run }) => run.id,
    event: ({ run }) => run.event,
    createdAt: ({ run }) => time(run.createdAt),
    updatedAt: ({ run }) => time(run.updatedAt),
    url: ({ repo, run }, _args, context) => `${link(context, repo)}/actions/runs/${run.id}`,
    file: (source) => source,
    deploymentReviews: ({ repo, run }, args, context, info) => {
      allow(context, repo, "runs");
      const reviews = run.approvals.map((each) => ({ ...each, kind: "DeploymentReview" as const, repo }));
      return connection(reviews, (_each, index) => [index, 0], args, context, info);
    },
  }),
  DeploymentReview: fields<WorkflowRun["approvals"][number] & { repo: number }>({
    state: ({ state }) => state.toUpperCase(),
    comment: ({ comment }) => comment,
    user: ({ user }, _args, context) => accountOf(context, user),
    environments: ({ repo, environments }, args, context, info) => {
      const named = repositoryOf(context, repo).environments.filter(({ name }) => environments.includes(name));
      return connection(named, ({ id }) => [id, 0], args, context, info);
    },
  }),
  Environment: properties("name"),
  WorkflowRunFile: fields<RunOf>({
    id: ({ repo, run }, _args, context) => nodeId(context, "WFRF", repo, run.id),
    path: ({ run }) => run.path,
  }),
};

/** Whether GitHub itself made the commit: its merge of a change, or a bot's commit in the bot's own change. A name or address alone shows nothing. */
function isMadeByPlatform({ repo, oid, author, committer, changes, signed }: Commit, context: Context): boolean {
  if (signed) return true;
  if (committer.email !== "noreply@github.com") return false;
  const own = changes.map((number) => changeOf(context, repo, number));
  const bot = accountOf(context, author.account)?.kind === "Bot" ? author.account : null;
  return own.some((change) => change?.mergeCommit === oid || (bot !== null && change?.author === bot));
}

function link(context: Context, repo: number): string {
  return `${context.site}/${fullName(context, repositoryOf(context, repo))}`;
}

function history(source: Commit, args: Arguments, context: Context, info: GraphQLResolveInfo): unknown {
  if (args["path"] || args["author"]) throw new Error("the sandbox does not answer history by path or author");
  const repository = repositoryOf(context, source.repo);
  // Like GitHub's, the cursor names the commit that the walk began at, so that later pushes do not shift the pages.
  const [start, at] = /^([0-9a-f]{40}) (\d+)$/.exec(args.after ?? args.before ?? "")?.slice(1) ?? [source.oid, null];
  if ((args.after || args.before) && at === null) {
    throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${args.after ?? args.before}\` does not appear to be a valid cursor.`);
  }
  const [since, until] = [args["since"], args["until"]].map((each) => (each ? Date.parse(String(each)) : null));
  const all = historyOf(context.index, repository, start as string);
  const list = all.filter(
    ({ committedAt }) => (since == null || committedAt >= since) && (until == null || committedAt <= until),
  );
  const encoded = at === null ? null : Buffer.from(`cursor:v2:${JSON.stringify([Number(at), ""])}`).toString("base64");
  const page = connection(
    list,
    (_item, index) => [index, ""],
    { ...args, after: args.after ? encoded : null, before: args.before ? encoded : null },
    context,
    info,
  );
  const plain = (cursor: string | null) => {
    const index = cursor && /\[(\d+)/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
    return index ? `${start} ${index}` : null;
  };
  return {
    ...page,
    edges: () => page.edges().map((each) => ({ ...each, cursor: plain(each.cursor) })),
    pageInfo: {
      ...page.pageInfo,
      startCursor: plain(page.pageInfo.startCursor),
      endCursor: plain(page.pageInfo.endCursor),
    },
  };
}

function authorsOf(commit: Commit, context: Context): GitActor[] {
  const found = new Map([[commit.author.email.toLowerCase(), { ...commit.author, at: commit.authoredAt }]]);
  for (const [, name, email] of commit.message.matchAll(/^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$/gim)) {
    const address = (email as string).toLowerCase();
    if (found.has(address)) continue;
    const account = context.world.emails.get(address) ?? null;
    found.set(address, { name: name as string, email: email as string, account, at: commit.authoredAt });
  }
  return [...found.values()];
}

/** The whole message is needed to know the co-authors; a recording may hold only its first line. */
function allowMessage(commit: Commit, context: Context): void {
  allow(context, commit.repo, "messages");
}

function suitesOf(commit: Commit, context: Context): Suite[] {
  const suites = new Map<number, Suite>();
  for (const run of repositoryOf(context, commit.repo).checks.get(commit.oid) ?? []) {
    const known = suites.get(run.suite);
    if (known) known.runs.push(run);
    else {
      suites.set(run.suite, {
        kind: "CheckSuite",
        repo: run.repo,
        id: run.suite,
        oid: run.oid,
        app: run.app,
        runs: [run],
      });
    }
  }
  return [...suites.values()].sort((a, b) => a.id - b.id);
}

/** The checks and statuses of a commit together, or null where it has none. */
export function rollupOf(commit: Commit, context: Context): Rollup | null {
  allow(context, commit.repo, "checks");
  const repository = repositoryOf(context, commit.repo);
  const contexts = [...(repository.checks.get(commit.oid) ?? []), ...(repository.statuses.get(commit.oid) ?? [])];
  return contexts.length === 0 ? null : { kind: "StatusCheckRollup", commit, contexts };
}

function stateOf(contexts: readonly (Check | Status)[]): string {
  const states = contexts.map((each) => (each.kind === "CheckRun" ? each.conclusion : each.state));
  if (states.some((each) => each === null || each === "PENDING")) return "PENDING";
  const good = ["SUCCESS", "SKIPPED", "NEUTRAL"];
  return states.every((each) => good.includes(each as string)) ? "SUCCESS" : "FAILURE";
}

function required(repo: number, name: string, app: number | null, context: Context, info: GraphQLResolveInfo): boolean {
  for (let step: GraphQLResolveInfo["path"] | undefined = info.path; step; step = step.prev) {
    if (step.typename === "PullRequestConnection" || step.typename === "CommitHistoryConnection") {
      throw refusal("UNPROCESSABLE", "isRequired cannot be asked for pull requests in a list.");
    }
  }
  return repositoryOf(context, repo).rulesets.some((ruleset) =>
    ruleset.rules.some((rule) => {
      const checks = rule.parameters?.["required_status_checks"] as
        | { context: string; integration_id?: number }[]
        | undefined;
      return checks?.some((each) => each.context === name && (app === null || each.integration_id === app)) ?? false;
    }),
  );
}
