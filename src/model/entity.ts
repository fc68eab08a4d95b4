import { z } from "zod";
import {
  changeCommitSchema,
  changeEventSchema,
  changeFilesSchema,
  changeSchema,
  checkSchema,
  dismissalSchema,
  reviewSchema,
  workItemLinkSchema,
} from "./entities/changes.ts";
import {
  branchHeadSchema,
  commitAuthorsSchema,
  commitParentsSchema,
  commitSchema,
  graphCommitSchema,
} from "./entities/commits.ts";
import {
  deploymentApprovalSchema,
  deploymentSchema,
  deploymentStatusSchema,
  environmentSchema,
  pipelineRunSchema,
  releaseSchema,
  tagSchema,
} from "./entities/deployments.ts";
import {
  accessSchema,
  auditEventSchema,
  listedRepositorySchema,
  repositorySchema,
  securityAlertSchema,
  unreadableSchema,
} from "./entities/repositories.ts";
import { branchActivitySchema, protectionSchema, ruleSuiteSchema, ruleVersionSchema } from "./entities/rules.ts";

export { type Actor, type GitPerson, instantSchema } from "./entities/base.ts";
export type { Rule } from "./entities/rules.ts";

/** What a record says, in our words; `type` tells which. */
export const entitySchema = z.discriminatedUnion("type", [
  commitSchema,
  commitAuthorsSchema,
  commitParentsSchema,
  graphCommitSchema,
  branchHeadSchema,
  changeSchema,
  changeEventSchema,
  changeCommitSchema,
  changeFilesSchema,
  reviewSchema,
  dismissalSchema,
  checkSchema,
  workItemLinkSchema,
  deploymentSchema,
  deploymentStatusSchema,
  protectionSchema,
  repositorySchema,
  listedRepositorySchema,
  branchActivitySchema,
  ruleSuiteSchema,
  ruleVersionSchema,
  environmentSchema,
  pipelineRunSchema,
  deploymentApprovalSchema,
  accessSchema,
  auditEventSchema,
  tagSchema,
  releaseSchema,
  securityAlertSchema,
  unreadableSchema,
]);
export type Entity = z.infer<typeof entitySchema>;
export type EntityType = Entity["type"];
export type EntityOf<T extends EntityType> = Extract<Entity, { type: T }>;

/** An entity with the record it rests on. */
export type Seen<T> = T & { readonly record: number };

export type Commit = EntityOf<"commit">;
export type GraphCommit = EntityOf<"graphCommit">;
export type Change = EntityOf<"change">;
export type ChangeEvent = EntityOf<"changeEvent">;
export type Review = EntityOf<"review">;
export type Dismissal = EntityOf<"dismissal">;
export type Check = EntityOf<"check">;
export type WorkItemLink = EntityOf<"workItemLink">;
export type Deployment = EntityOf<"deployment">;
export type DeploymentStatus = EntityOf<"deploymentStatus">;
export type Protection = EntityOf<"protection">;
export type BranchActivity = EntityOf<"branchActivity">;
export type RuleSuite = EntityOf<"ruleSuite">;
export type PipelineRun = EntityOf<"pipelineRun">;
export type DeploymentApproval = EntityOf<"deploymentApproval">;
export type Unreadable = EntityOf<"unreadable">;
