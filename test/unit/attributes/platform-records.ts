import type {
  BranchActivity,
  ChangeEvent,
  DeploymentApproval,
  EntityOf,
  PipelineRun,
  RuleSuite,
  Seen,
} from "../../../src/model/entity.ts";
import { actor, base, freshId, head, merged, older, repository, seen, t } from "./dossiers.ts";

/** Invented records of what the platform keeps beside a change: events, moves, runs, evaluations, rights. */

/** Something that happened to change 12, by ada unless said otherwise. */
export const changeEvent = (
  event: ChangeEvent["event"],
  at: number,
  more: Partial<ChangeEvent> = {},
): Seen<ChangeEvent> =>
  seen({
    type: "changeEvent",
    ...base(`${repository.key}#12/events/${freshId()}`),
    change: `${repository.key}#12`,
    event,
    at: t(at),
    by: actor("ada"),
    label: null,
    from: null,
    to: null,
    ...more,
  });

/** A label that dev set or took away. */
export const labelled = (label: string, at: number, event: "labelled" | "unlabelled" = "labelled"): Seen<ChangeEvent> =>
  changeEvent(event, at, { label, by: actor("dev") });

/** A move of the change's branch to its head, by a push unless said otherwise. */
export const move = (by: string | null, at: number, more: Partial<BranchActivity> = {}): Seen<BranchActivity> => {
  const id = freshId();
  return seen({
    type: "branchActivity",
    ...base(`${repository.key}/activity/${id}`),
    id,
    branch: "faster",
    activity: "push",
    at: t(at),
    by: by === null ? null : actor(by),
    before: older,
    after: head,
    ...more,
  });
};

/** A run of a pipeline on the head. */
export const run = (by: string | null, trigger: string, more: Partial<PipelineRun> = {}): Seen<PipelineRun> => {
  const id = freshId();
  return seen({
    type: "pipelineRun",
    ...base(`${repository.key}/runs/${id}`),
    id,
    name: "test",
    workflow: ".github/workflows/test.yml",
    trigger,
    branch: "faster",
    oid: head,
    attempt: 1,
    conclusion: "success",
    by: by === null ? null : actor(by),
    startedBy: by === null ? null : actor(by),
    createdAt: t(15),
    ...more,
  });
};

export const suite = (result: RuleSuite["result"], more: Partial<RuleSuite> = {}): Seen<RuleSuite> =>
  seen({
    type: "ruleSuite",
    ...base(`${repository.key}/suites/${freshId()}`),
    id: freshId(),
    branch: "main",
    before: older,
    after: merged,
    at: t(60),
    by: actor("ada"),
    result,
    unmet: [],
    ...more,
  });

type Access = EntityOf<"access">;

/** Who could do what at an instant: accounts with their roles. */
/** An override of the branch's protection as the audit log has it, by a login. */
export const override = (
  by: string | null,
  at: number,
  more: Partial<EntityOf<"auditEvent">> = {},
): Seen<EntityOf<"auditEvent">> =>
  seen({
    type: "auditEvent",
    ...base(`${repository.key}/auditEvents/${freshId()}`),
    id: freshId(),
    action: "protected_branch.policy_override",
    subject: "main",
    at: t(at),
    by,
    ...more,
  });

export const accessAt = (at: number, roles: Record<string, string>, more: Partial<Access> = {}): Seen<Access> =>
  seen({
    type: "access",
    ...base(`${repository.key}/access/${at}`),
    observedAt: t(at),
    accounts: Object.entries(roles).map(([login, role]) => ({ account: actor(login), role })),
    teams: [],
    pipelinesMayApprove: false,
    ...more,
  });

export const environment = (more: Partial<EntityOf<"environment">> = {}): Seen<EntityOf<"environment">> =>
  seen({
    type: "environment",
    ...base(`${repository.key}/environments/production`),
    name: "production",
    observedAt: t(-100),
    reviewers: ["cara"],
    selfApprovalPrevented: true,
    administratorsMayBypass: false,
    branches: "protected",
    waitMinutes: 0,
    ...more,
  });

export const deploymentApproval = (
  by: string | null,
  state: DeploymentApproval["state"] = "approved",
): Seen<DeploymentApproval> =>
  seen({
    type: "deploymentApproval",
    ...base(`${repository.key}/approvals/${freshId()}`),
    run: `${repository.key}/runs/1`,
    environment: "production",
    state,
    by: by === null ? null : actor(by),
    comment: "",
  });

export const tag = (oid: string, at: number): Seen<EntityOf<"tag">> =>
  seen({ type: "tag", ...base(`${repository.key}/tags/v1@${oid}`), name: "v1", oid, observedAt: t(at) });
