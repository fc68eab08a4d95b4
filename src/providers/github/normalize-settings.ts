import { objectKey, repositoryKey } from "../../model/keys.ts";
import { rulesOf } from "./normalize-rules.ts";
import { parse, type Reader } from "./record-reader.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";

/** Repositories, their settings and rules. */
export const settingsReaders: Readonly<Record<string, Reader>> = {
  protection: (record, repository) => {
    const body = parse(schema.protectionSchema, record);
    const key = objectKey(repository, "protection", record.fetchedAt);
    const seen = (branch: string) => ({
      type: "protection" as const,
      repository,
      branch,
      observedAt: record.fetchedAt,
      rules: rulesOf({ ...body, branch }),
    });
    return [
      { key, ...seen(body.branch) },
      ...(body.promoted ?? []).map((branch) => ({ key: `${key}/${branch}`, ...seen(branch) })),
    ];
  },
  repository: (record, repository) => {
    const body = parse(schema.repositorySchema, record);
    const known = new Set([...Object.keys(schema.repositorySchema.shape), "id"]);
    const settings = Object.entries(record.body as Record<string, unknown>).filter(
      (entry): entry is [string, string | boolean | null] =>
        !known.has(entry[0]) && (entry[1] === null || ["string", "boolean"].includes(typeof entry[1])),
    );
    return [
      {
        type: "repository",
        key: repository,
        repository,
        name: body.nameWithOwner,
        url: body.url,
        defaultBranch: body.defaultBranchRef?.name ?? null,
        archived: body.isArchived,
        visibility: body.visibility.toLowerCase(),
        createdAt: secondsUtc(body.createdAt),
        settings: Object.fromEntries(settings),
      },
    ];
  },
  // Says whose eyes saw the list, nothing of changes.
  credential: () => [],
  listedRepository: (record) => {
    const body = parse(schema.listedRepositorySchema, record);
    const key = repositoryKey(record.source, String(body.databaseId));
    return [
      {
        type: "listedRepository",
        key,
        repository: record.source,
        name: body.nameWithOwner,
        archived: body.isArchived,
        visibility: body.visibility.toLowerCase(),
      },
    ];
  },
};
