import type { EntityOf } from "../../model/entity.ts";

/** Reviews by GitHub's words; one that is missing here is unknown. */
export const reviewStates: Readonly<Record<string, EntityOf<"review">["state"]>> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changesRequested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
  PENDING: "pending",
};

/** Events of a change's timeline by their type. */
export const eventKinds: Readonly<Record<string, EntityOf<"changeEvent">["event"]>> = {
  LabeledEvent: "labelled",
  UnlabeledEvent: "unlabelled",
  BaseRefChangedEvent: "baseChanged",
  // GitHub does it by itself where the base branch was merged and deleted.
  AutomaticBaseChangeSucceededEvent: "baseChanged",
  HeadRefForcePushedEvent: "headForcePushed",
  AutoMergeEnabledEvent: "autoMergeEnabled",
  AddedToMergeQueueEvent: "queued",
  ConnectedEvent: "linked",
};

/** Check runs by their conclusion. */
export const conclusions: Readonly<Record<string, EntityOf<"check">["conclusion"]>> = {
  SUCCESS: "success",
  FAILURE: "failure",
  TIMED_OUT: "failure",
  ACTION_REQUIRED: "failure",
  STARTUP_FAILURE: "failure",
  NEUTRAL: "neutral",
  SKIPPED: "skipped",
  CANCELLED: "cancelled",
  STALE: "cancelled",
};

/** Commit statuses by their state. */
export const statusStates: Readonly<Record<string, EntityOf<"check">["conclusion"]>> = {
  SUCCESS: "success",
  FAILURE: "failure",
  ERROR: "failure",
  PENDING: "running",
  EXPECTED: "running",
};

/** Deployment statuses by their state. */
export const deploymentStates: Readonly<Record<string, EntityOf<"deploymentStatus">["state"]>> = {
  SUCCESS: "success",
  FAILURE: "failure",
  ERROR: "failure",
  INACTIVE: "inactive",
  IN_PROGRESS: "running",
  PENDING: "running",
  QUEUED: "running",
  WAITING: "running",
};
