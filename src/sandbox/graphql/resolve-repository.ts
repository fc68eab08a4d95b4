import { decodeNodeId, encodeNodeId } from "../node-id.ts";
import type { Deployment, PullRequest, Repository } from "../world.ts";
import { compare, connection, type Key } from "./connection.ts";
import {
  accountOf,
  type Context,
  changeOf,
  commitOf,
  fullName,
  issueOf,
  refusal,
  repositoryOf,
  time,
} from "./context.ts";
import { missingChange } from "./resolve-change.ts";
import { type Arguments, allow, type Fields, fields, nodeId } from "./resolver.ts";

/** A branch as GraphQL has it, or a tag, which has its own prefix. */
export interface Ref {
  kind: "Ref";
  repo: number;
  prefix?: "refs/tags/";
  name: string;
  oid: string;
}

/** A head repository outside the world: only its name is known. */
interface Fork {
  kind: "Repository";
  fork: string;
}

const settings = fields<Repository>(
  Object.fromEntries(
    Object.entries({
      mergeCommitAllowed: (each: Repository) => each.merge.commit,
      squashMergeAllowed: (each: Repository) => each.merge.squash,
      rebaseMergeAllowed: (each: Repository) => each.merge.rebase,
      autoMergeAllowed: () => true,
      deleteBranchOnMerge: () => true,
      allowUpdateBranch: () => true,
      webCommitSignoffRequired: () => false,
      squashMergeCommitTitle: () => "PR_TITLE",
      squashMergeCommitMessage: () => "COMMIT_MESSAGES",
      mergeCommitTitle: () => "MERGE_MESSAGE",
      mergeCommitMessage: () => "PR_TITLE",
    }).map(([name, read]) => [
      name,
      (source: Repository, _args: Arguments, context: Context) => {
        allow(context, source.index, "settings");
        return read(source);
      },
    ]),
  ),
);

/** Repositories, their branches and their settings. */
export const repositoryTypes: Readonly<Record<string, Fields>> = {
  Repository: withForks({
    ...settings,
    ...fields<Repository>({
      id: (source) => repositoryNodeId(source),
      databaseId: ({ id }) => id,
      name: ({ name }) => name,
      nameWithOwner: (source, _args, context) => fullName(context, source),
      owner: (_source, _args, { world }) => world.organisation,
      isInOrganization: () => true,
      description: ({ description }) => description,
      url: (source, _args, context) => `${context.site}/${fullName(context, source)}`,
      isArchived: ({ isArchived }) => isArchived,
      archivedAt: ({ isArchived, updatedAt }) => (isArchived ? time(updatedAt) : null),
      isPrivate: ({ isPrivate }) => isPrivate,
      visibility: ({ isPrivate }) => (isPrivate ? "PRIVATE" : "PUBLIC"),
      isDisabled: () => false,
      isEmpty: ({ commits }) => commits.size === 0,
      isFork: () => false,
      isLocked: () => false,
      isMirror: () => false,
      isTemplate: () => false,
      createdAt: ({ createdAt }) => time(createdAt),
      updatedAt: ({ updatedAt }) => time(updatedAt),
      pushedAt: ({ pushedAt }) => time(pushedAt),
      viewerPermission: () => "READ",
      viewerCanAdminister: () => false,
      defaultBranchRef: (source) => refOf(source, source.defaultBranch),
      ref: (source, args) => refOf(source, String(args["qualifiedName"]).replace(/^refs\/heads\//, "")),
      refs: (source, args, context, info) => {
        const prefix = String(args["refPrefix"]);
        if (prefix !== "refs/heads/") throw new Error(`the sandbox does not answer refs of ${prefix}`);
        const list = [...source.branches.keys()].sort().map((name) => refOf(source, name));
        return connection(list, (each) => [each?.name ?? "", 0], args, context, info);
      },
      object: (source, args, context) => {
        const name = String(args["oid"] ?? args["expression"] ?? "").replace(/^refs\/heads\//, "");
        return commitOf(context, source.index, source.branches.get(name) ?? name);
      },
      pullRequest: (source, args, context) => {
        const found = changeOf(context, source.index, Number(args["number"]));
        if (!found) throw missingChange(args["number"]);
        return found;
      },
      pullRequests: (source, args, context, info) => {
        const { list, key, direction } = changesOf(source, args, context);
        return connection(list, key, args, context, info, direction);
      },
      issue: (source, args, context) => {
        allow(context, source.index, "issues");
        const found = issueOf(context, source.index, Number(args["number"]));
        if (found) return found;
        throw refusal("NOT_FOUND", `Could not resolve to an Issue with the number of ${String(args["number"])}.`);
      },
      deployments: (source, args, context, info) => {
        allow(context, source.index, "deployments");
        const direction = (args["orderBy"] as { direction?: "ASC" | "DESC" } | undefined)?.direction ?? "ASC";
        const wanted = args["environments"] as string[] | null | undefined;
        const sign = direction === "ASC" ? 1 : -1;
        const key = (each: Deployment): Key => [each.createdAt, each.id];
        const list = context.index.of(
          `deployments/${source.index}/${source.deployments.length}/${direction}/${wanted?.join("|") ?? ""}`,
          () =>
            source.deployments
              .filter((each) => !wanted?.length || wanted.includes(each.environment))
              .sort((a, b) => sign * compare(key(a), key(b))),
        );
        return connection(list, key, args, context, info, direction);
      },
      rulesets: (source, args, context, info) => {
        allow(context, source.index, "rulesets");
        return connection(source.rulesets, (each) => [each.id, 0], args, context, info);
      },
      ruleset: (source, args, context) => {
        allow(context, source.index, "rulesets");
        return source.rulesets.find((each) => each.id === args["databaseId"]) ?? null;
      },
      branchProtectionRules: (source, args, context, info) => {
        allow(context, source.index, "protection");
        return connection(source.protections, (each) => [each.id, 0], args, context, info);
      },
    }),
  }),
  Ref: fields<Ref>({
    id: ({ repo, name, prefix = "refs/heads/" }, _args, context) => nodeId(context, "REF", repo, `${prefix}${name}`),
    name: ({ name }) => name,
    prefix: ({ prefix = "refs/heads/" }) => prefix,
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    target: ({ repo, oid }, _args, context) => commitOf(context, repo, oid),
    branchProtectionRule: ({ repo, name }, _args, context) => {
      allow(context, repo, "protection");
      const { protections } = repositoryOf(context, repo);
      return protections.find((each) => matches(each.pattern, name)) ?? null;
    },
  }),
  Deployment: fields<Deployment>({
    id: ({ repo, id }, _args, context) => nodeId(context, "DE", repo, id),
    databaseId: ({ id }) => id,
    commitOid: ({ oid }) => oid,
    commit: ({ repo, oid }, _args, context) => commitOf(context, repo, oid),
    ref: ({ repo, ref }, _args, context) => {
      if (ref === null) return null;
      const repository = repositoryOf(context, repo);
      return refOf(repository, ref) ?? tagOf(repository, ref);
    },
    environment: ({ environment }) => environment,
    originalEnvironment: ({ environment, originalEnvironment = environment }) => originalEnvironment,
    latestEnvironment: ({ environment }) => environment,
    task: ({ task }) => task,
    payload: () => '""',
    description: ({ description }) => description,
    creator: ({ creator }, _args, context) => accountOf(context, creator),
    createdAt: ({ createdAt }) => time(createdAt),
    updatedAt: ({ updatedAt }) => time(updatedAt),
    state: ({ statuses }) => {
      const last = statuses.at(-1)?.state ?? "PENDING";
      return last === "SUCCESS" ? "ACTIVE" : last;
    },
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    latestStatus: (source) => statusesOf(source).at(-1) ?? null,
    statuses: (source, args, context, info) =>
      connection(statusesOf(source).reverse(), ({ at, id }) => [at, id], args, context, info, "DESC"),
  }),
  DeploymentStatus: fields<ReturnType<typeof statusesOf>[number]>({
    id: ({ deployment, id }, _args, context) => nodeId(context, "DES", deployment.repo, id),
    state: ({ state }) => state,
    createdAt: ({ at }) => time(at),
    updatedAt: ({ at }) => time(at),
    creator: ({ creator }, _args, context) => accountOf(context, creator),
    environment: ({ deployment, environment = deployment.environment }) => environment,
    description: () => "",
    deployment: ({ deployment }) => deployment,
    logUrl: ({ deployment, run }, _args, context) =>
      run === null
        ? null
        : `${context.site}/${fullName(context, repositoryOf(context, deployment.repo))}/actions/runs/${run}/job/${deployment.id}`,
    environmentUrl: () => null,
  }),
};

function withForks(own: Fields): Fields {
  const forks: Record<string, (fork: string, context: Context) => unknown> = {
    nameWithOwner: (fork) => fork,
    name: (fork) => fork.split("/")[1],
    url: (fork, { site }) => `${site}/${fork}`,
    isFork: () => true,
  };
  return Object.fromEntries(
    Object.entries(own).map(([name, resolve]) => [
      name,
      (source, args, context, info) => {
        const fork = (source as Partial<Fork>).fork;
        if (fork === undefined) return resolve(source, args, context, info);
        const answer = forks[name];
        if (!answer) throw refusal("FORBIDDEN", "not recorded");
        return answer(fork, context);
      },
    ]),
  ) as Fields;
}

/** A repository's global id. */
export function repositoryNodeId(source: Repository): string {
  return source.nodeId ?? encodeNodeId({ prefix: "R", repository: 0, id: source.id });
}

function tagOf({ tags, index }: Repository, name: string): Ref | null {
  const tag = tags.find((each) => each.name === name);
  return tag === undefined ? null : { kind: "Ref", repo: index, prefix: "refs/tags/", ...tag };
}

function refOf(repository: Repository, name: string): Ref | null {
  const oid = repository.branches.get(name);
  return oid === undefined ? null : { kind: "Ref", repo: repository.index, name, oid };
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((each) => each.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join("[^/]*")}$`).test(name);
}

function statusesOf(deployment: Deployment) {
  return deployment.statuses.map((each) => ({ ...each, kind: "DeploymentStatus" as const, deployment }));
}

function changesOf(repository: Repository, args: Arguments, context: Context) {
  const order = args["orderBy"] as { field: string; direction: "ASC" | "DESC" } | null | undefined;
  const direction = order?.direction ?? "ASC";
  const field = order?.field === "UPDATED_AT" ? "updatedAt" : "createdAt";
  if (order && order.field !== "UPDATED_AT" && order.field !== "CREATED_AT") {
    throw new Error(`the sandbox does not order pull requests by ${order.field}`);
  }
  const { states, baseRefName, headRefName, labels } = args as Record<string, unknown> & { states?: string[] };
  const name = JSON.stringify([
    repository.index,
    repository.changes.length,
    field,
    direction,
    states,
    baseRefName,
    headRefName,
    labels,
  ]);
  const key = (each: PullRequest): Key => [each[field], each.id];
  const sign = direction === "ASC" ? 1 : -1;
  const list = context.index.of(`changes/${name}`, () =>
    repository.changes
      .filter(
        (each) =>
          (!states || states.includes(each.state)) &&
          (!baseRefName || each.baseRefName === baseRefName) &&
          (!headRefName || each.headRefName === headRefName) &&
          (!Array.isArray(labels) || each.labels.some((label) => labels.includes(label))),
      )
      .sort((a, b) => sign * compare(key(a), key(b))),
  );
  return { list, key, direction };
}

/** The object that a global id names, or null when there is none. */
export function nodeOf(context: Context, id: string): unknown {
  const ref = decodeNodeId(id);
  if (!ref) return null;
  const { world } = context;
  if (ref.prefix === "R") return world.repositories.find((each) => each.id === ref.id) ?? null;
  if (["U", "BOT", "O", "M"].includes(ref.prefix)) {
    return ref.id === world.organisation.id ? world.organisation : accountOf(context, Number(ref.id));
  }
  if (ref.prefix === "PullRequest" || ref.prefix === "PullRequestReview") {
    const found = world.repositories.map((each) => own(context, each, ref.prefix, Number(ref.id)));
    return found.find((each) => each !== undefined) ?? null;
  }
  const repository = world.repositories.find((each) => each.id === ref.repository);
  if (!repository) return null;
  if (ref.prefix === "C") return repository.commits.get(String(ref.id)) ?? null;
  if (ref.prefix === "WFR") {
    const build = () => new Map(repository.runs.map((each) => [each.id, each]));
    const run = context.index.of(`nodes/${repository.index}/WFR/${repository.runs.length}`, build).get(Number(ref.id));
    return run ? { kind: "WorkflowRun", repo: repository.index, run } : null;
  }
  return own(context, repository, ref.prefix, Number(ref.id)) ?? null;
}

function own(context: Context, repository: Repository, prefix: string, id: number): unknown {
  const lists: Record<string, () => readonly { id: number }[]> = {
    PR: () => repository.changes,
    PullRequest: () => repository.changes,
    PRR: () => repository.changes.flatMap((each) => each.reviews),
    PullRequestReview: () => repository.changes.flatMap((each) => each.reviews),
    I: () => repository.issues,
    DE: () => repository.deployments,
    CR: () => [...repository.checks.values()].flat(),
    RRS: () => repository.rulesets,
    BPR: () => repository.protections,
  };
  const list = lists[prefix];
  if (!list) return undefined;
  const build = () => new Map(list().map((each) => [each.id, each]));
  const size = repository.changes.length + repository.deployments.length;
  return context.index.of(`nodes/${repository.index}/${prefix}/${size}`, build).get(id);
}
