import { objectKey } from "../../model/keys.ts";
import { actorOf } from "./normalize-people.ts";
import { parse, type Reader } from "./record-reader.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";
import { conclusions, statusStates } from "./vocabulary.ts";

/** Checks: runs of an app and statuses that an account set. */
export const checkReaders: Readonly<Record<string, Reader>> = {
  check: (record, repository) => {
    const { oid, check } = parse(schema.checkSchema, record);
    if (check.__typename === "StatusContext") {
      const at = secondsUtc(check.createdAt);
      const conclusion = statusStates[check.state] ?? "unknown";
      return [
        {
          type: "check",
          key: objectKey(repository, "checks", check.id),
          repository,
          id: check.id,
          oid,
          name: check.context,
          app: null,
          conclusion,
          startedAt: at,
          completedAt: conclusion === "running" ? null : at,
          url: check.targetUrl,
          setBy: actorOf(check.creator),
          suite: null,
          workflow: null,
          attempt: null,
        },
      ];
    }
    const id = String(check.databaseId ?? check.id);
    const conclusion =
      check.conclusion === null
        ? check.status === "COMPLETED"
          ? "unknown"
          : "running"
        : (conclusions[check.conclusion] ?? "unknown");
    return [
      {
        type: "check",
        key: objectKey(repository, "checks", id),
        repository,
        id,
        oid,
        name: check.name,
        app: check.checkSuite.app?.slug ?? null,
        conclusion,
        startedAt: optionalTime(check.startedAt),
        completedAt: optionalTime(check.completedAt),
        url: check.url,
        setBy: null,
        suite: check.checkSuite.databaseId == null ? null : String(check.checkSuite.databaseId),
        workflow: check.checkSuite.workflowRun?.file?.path ?? null,
        attempt: null,
      },
    ];
  },
};

const optionalTime = (time: string | null): string | null => (time === null ? null : secondsUtc(time));
