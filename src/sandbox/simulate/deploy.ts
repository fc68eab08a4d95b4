import type { Deployment } from "../world.ts";
import type { Slot } from "./plan.ts";
import { commit, mainAt, plant, type Site } from "./site.ts";

const MINUTE = 60_000;

/** Deploys what just reached the branch: staging, then production, sometimes failing, left for later or rolled back. */
export function deployAfter(site: Site, slot: Slot, oid: string, isReleased: boolean): void {
  const { rnd, spec } = site;
  const hurried = slot.kind === "emergency" || slot.kind === "emergency-late";
  if (spec.staging && !(isReleased && spec.promotion)) {
    deploy(site, oid, "staging", slot.at + rnd.int(3, 6) * MINUTE, spec.deployer);
  }
  if (!isReleased) return;
  const isPlain = (slot.kind === "clean" || slot.kind === "update" || slot.kind === "promotion") && !slot.byPerson;
  site.undeployed += 1;
  if (isPlain && site.pending.length === 0 && site.undeployed < 2 && rnd.chance(0.08)) return;
  let at = slot.at + (hurried ? 4 : rnd.int(9, 24)) * MINUTE;
  const isQuiet = isPlain && site.pending.length === 0 && site.production.wasClean;
  if (isQuiet && rnd.chance(0.03)) {
    const failed = deploy(site, oid, "production", at, spec.deployer, { fails: true });
    at = failed.updatedAt + 15 * MINUTE;
  }
  produce(site, oid, at, slot.byPerson);
  const { current, earlier } = site.production;
  const wanted = slot.last && !site.rolledBack && !spec.promotion && spec.approvals > 0;
  if (isQuiet && current && earlier && earlier.oid !== current.oid && (wanted || rnd.chance(0.02))) {
    site.rolledBack = true;
    const description = `Roll back to ${earlier.oid.slice(0, 7)}: error rate above its limit`;
    const back = deploy(site, earlier.oid, "production", current.updatedAt + 21 * MINUTE, spec.deployer, {
      task: "rollback",
      description,
    });
    site.production = { current: back, earlier: current, wasClean: true };
  }
}

/** Deploys a commit that is on no released branch and in no change. */
export function deployOffBranch(site: Site, slot: Slot): void {
  const parent = mainAt(site, Number.POSITIVE_INFINITY);
  const login = site.spec.people[0] as string;
  const made = commit(site, [parent], "Try a larger instance type", site.cast.git(login), slot.at - 6 * MINUTE);
  site.repository.branches.set("try-larger-instances", made.oid);
  const deployment = deploy(site, made.oid, "production", slot.at, site.spec.deployer, { ref: "try-larger-instances" });
  settle(site, deployment);
  site.pending = [];
  site.production.wasClean = false;
  const why = `Deployment ${deployment.id} put ${made.oid.slice(0, 7)} into production, which is on no released branch and was never reviewed.`;
  note(site, "off-branch-deployment", deployment, { "deployed-as-approved": "fail" }, why);
}

/** The state that was live before the simulated time: every repository's first commit. */
export function deployBaseline(site: Site, oid: string, at: number): void {
  settle(site, deploy(site, oid, "production", at, site.spec.deployer));
}

function produce(site: Site, oid: string, at: number, byPerson: boolean): void {
  const deployment = deploy(site, oid, "production", at, byPerson ? "lena-m" : site.spec.deployer);
  settle(site, deployment);
  const { pending } = site;
  site.pending = [];
  site.undeployed = 0;
  site.production.wasClean = pending.length === 0 && !byPerson;
  if (byPerson) {
    const why = `Deployment ${deployment.id} was started by lena-m, who may not deploy to production.`;
    note(site, "deployment-by-person", deployment, { "deployed-by-authorised-identity": "fail" }, why);
  }
  if (pending.length === 0) return;
  const outcome = pending.some((each) => each.outcome === "fail") ? "fail" : "notVerifiable";
  const why = `Deployment ${deployment.id} is the first that carries ${pending.map((each) => each.why).join(", ")}.`;
  note(site, "carries-unapproved", deployment, { "deployed-as-approved": outcome }, why);
}

function settle(site: Site, deployment: Deployment): void {
  const { current } = site.production;
  const done = deployment.statuses.at(-1)?.at ?? deployment.createdAt;
  if (current) {
    current.statuses.push({
      id: site.ids.next("status"),
      state: "INACTIVE",
      at: done,
      creator: deployment.creator,
      run: null,
    });
    current.updatedAt = done;
  }
  site.production = { ...site.production, current: deployment, earlier: current };
}

function note(
  site: Site,
  kind: string,
  deployment: Deployment,
  attributes: Record<string, "fail" | "notVerifiable">,
  why: string,
): void {
  const { id, oid } = deployment;
  plant(
    site,
    kind,
    { kind: "deployment", id, oid },
    deployment.statuses.at(-1)?.at ?? deployment.createdAt,
    attributes,
    why,
  );
}

function deploy(
  site: Site,
  oid: string,
  environment: "staging" | "production",
  wanted: number,
  login: string,
  more: { fails?: boolean; task?: string; description?: string; ref?: string } = {},
): Deployment {
  const { ids, cast, spec, repository, rnd } = site;
  const last = environment === "production" ? (site.production.current?.statuses.at(-1)?.at ?? 0) : 0;
  const createdAt = Math.max(wanted, last + 1000);
  const creator = cast.account(login);
  const done = createdAt + rnd.int(60, 240) * 1000;
  const made: Deployment = {
    kind: "Deployment",
    repo: repository.index,
    id: ids.next("deployment"),
    oid,
    ref:
      more.ref ??
      (environment === "production" ? (spec.promotion ?? repository.defaultBranch) : repository.defaultBranch),
    environment,
    task: more.task ?? "deploy",
    description: more.description ?? null,
    creator,
    createdAt,
    updatedAt: done,
    statuses: [
      { id: ids.next("status"), state: "QUEUED", at: createdAt, run: null, creator },
      { id: ids.next("status"), state: "IN_PROGRESS", at: createdAt + 5000, run: null, creator },
      { id: ids.next("status"), state: more.fails ? "FAILURE" : "SUCCESS", at: done, run: null, creator },
    ],
  };
  repository.deployments.push(made);
  return made;
}
