import type { Random } from "../random.ts";
import type { Planted } from "../truth.ts";
import type { Commit, Deployment, GitIdentity, Repository } from "../world.ts";
import type { Ids } from "./ids.ts";
import type { Cast, RepositorySpec } from "./organisation.ts";
import type { Slot } from "./plan.ts";

/** One repository while it is being built, with what its later events depend on. */
export interface Site {
  rnd: Random;
  ids: Ids;
  cast: Cast;
  spec: RepositorySpec;
  repository: Repository;
  organisation: string;
  /** The default branch's first-parent line, oldest first. */
  mainline: { at: number; oid: string }[];
  /** The head of the default branch that was promoted last, and of the promoted branch. */
  promoted: { from: string; to: string };
  /** What reached the released branch since the last production deployment and cannot pass there. */
  pending: { outcome: "fail" | "notVerifiable"; why: string }[];
  undeployed: number;
  production: { current: Deployment | null; earlier: Deployment | null; wasClean: boolean };
  rolledBack: boolean;
  planted: Planted[];
}

/** Commits with `author` on top of `parent`; committed by the author unless told otherwise. */
export function commit(
  site: Site,
  parents: readonly string[],
  message: string,
  author: GitIdentity,
  at: number,
  more: Partial<Pick<Commit, "committer" | "tree" | "changes" | "committedAt">> = {},
): Commit {
  const made: Commit = {
    kind: "Commit",
    repo: site.repository.index,
    oid: site.rnd.oid(),
    tree: more.tree ?? site.rnd.oid(),
    parents,
    message,
    author,
    authoredAt: at,
    committer: more.committer ?? author,
    committedAt: more.committedAt ?? at,
    changes: more.changes ?? [],
  };
  site.repository.commits.set(made.oid, made);
  return made;
}

/** Moves the default branch to a commit that reached it at `at`. */
export function advance(site: Site, made: Commit, at: number): void {
  site.mainline.push({ at, oid: made.oid });
  site.repository.branches.set(site.repository.defaultBranch, made.oid);
  site.repository.pushedAt = Math.max(site.repository.pushedAt, at);
}

/** The head of the default branch at an instant. */
export function mainAt(site: Site, at: number): string {
  const found = site.mainline.findLast((each) => each.at <= at) ?? site.mainline[0];
  if (!found) throw new Error("the repository has no first commit");
  return found.oid;
}

/** One check run; `test` and `lint` by GitHub Actions unless told otherwise. */
export function check(
  site: Site,
  oid: string,
  name: string,
  times: { startedAt: number; completedAt: number },
  more: { conclusion?: "SUCCESS" | "FAILURE" | "SKIPPED"; app?: number } = {},
): void {
  const list = site.repository.checks.get(oid) ?? [];
  const app = more.app ?? site.cast.actions.id;
  list.push({
    kind: "CheckRun",
    repo: site.repository.index,
    id: site.ids.next("check"),
    suite: list.find((each) => each.app === app)?.suite ?? site.ids.next("suite"),
    oid,
    name,
    app,
    conclusion: more.conclusion ?? "SUCCESS",
    run: null,
    ...times,
  });
  site.repository.checks.set(oid, list);
}

/** Notes an item that cannot pass the given attributes. */
export function plant(
  site: Site,
  kind: string,
  subject: Planted["subject"],
  at: number,
  attributes: Planted["attributes"],
  why: string,
): void {
  const repository = `${site.organisation}/${site.spec.name}`;
  site.planted.push({ kind, repository, subject, at: new Date(at).toISOString(), attributes, why });
}

/** What a slot is called in a commit message: `#12`. */
export function reference(slot: Slot): string {
  return `#${slot.number}`;
}
