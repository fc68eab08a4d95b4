import type { Config } from "../config/config.ts";
import type { EvidenceRecord } from "../model/stream.ts";

interface Recorded {
  readonly systems?: readonly {
    readonly id: string;
    readonly source: string;
    readonly repositories: readonly string[];
  }[];
}

/** A repository that runs recorded as a system's, until one recorded it no more. */
export interface DroppedRepository {
  readonly source: string;
  /** As it was configured. */
  readonly name: string;
  readonly system: string;
  /** The first run whose configuration had it no more. */
  readonly by: string;
}

/** What systems delivered by the configurations of earlier runs and do not today, where it was dropped after `since`. */
export function droppedRepositories(
  config: Pick<Config, "systems">,
  records: readonly EvidenceRecord[],
  since: string,
): readonly DroppedRepository[] {
  const looks = records.filter(({ kind }) => kind === "configuration");
  const keyOf = (source: string, name: string) => `${source} ${name.toLowerCase()}`;
  const today = new Set(config.systems.flatMap((each) => each.repositories.map((name) => keyOf(each.source, name))));
  const dropped = new Map<string, DroppedRepository>();
  looks.forEach(({ body }, index) => {
    const by = looks[index + 1]?.fetchedAt;
    if (by === undefined || by <= since) return;
    for (const { id: system, source, repositories } of (body as Recorded).systems ?? [])
      for (const name of repositories)
        if (!today.has(keyOf(source, name))) dropped.set(keyOf(source, name), { source, name, system, by });
  });
  return [...dropped.values()];
}
