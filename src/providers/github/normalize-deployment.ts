import { objectKey } from "../../model/keys.ts";
import { actorOf } from "./normalize-people.ts";
import { parse, type Reader } from "./record-reader.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";
import { deploymentStates } from "./vocabulary.ts";

/** Deployments and their statuses. */
export const deploymentReaders: Readonly<Record<string, Reader>> = {
  deployment: (record, repository) => {
    const body = parse(schema.deploymentSchema, record);
    const id = String(body.databaseId ?? body.id);
    return [
      {
        type: "deployment",
        key: objectKey(repository, "deployments", id),
        repository,
        id,
        oid: body.commitOid,
        ref: body.ref?.name ?? null,
        environment: body.environment ?? "",
        ...(body.originalEnvironment == null ? {} : { originalEnvironment: body.originalEnvironment }),
        task: body.task ?? "",
        creator: actorOf(body.creator),
        createdAt: secondsUtc(body.createdAt),
        totalStatuses: body.statuses.totalCount,
      },
    ];
  },
  deploymentStatus: (record, repository) => {
    const { deployment, status } = parse(schema.deploymentStatusSchema, record);
    return [
      {
        type: "deploymentStatus",
        key: objectKey(repository, "deploymentStatuses", status.id),
        repository,
        deployment: objectKey(repository, "deployments", deployment),
        state: deploymentStates[status.state] ?? "unknown",
        ...(status.environment == null ? {} : { environment: status.environment }),
        createdAt: secondsUtc(status.createdAt),
        creator: actorOf(status.creator),
        run: runOf(status.logUrl, repository),
      },
    ];
  },
};

/** The pipeline run that a status links its log to. */
function runOf(logUrl: string | null | undefined, repository: string): string | null {
  const id = /\/actions\/runs\/(\d+)(?:\/|$)/.exec(logUrl ?? "")?.[1];
  return id === undefined ? null : objectKey(repository, "pipelineRuns", id);
}
