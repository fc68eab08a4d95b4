import { basename } from "node:path";
import type { Config } from "../config/config.ts";
import { alteredRows } from "../providers/deployment-list.ts";
import type { ScopedRepository } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { rowsAre } from "./list-file.ts";

/** By system: where its deployments come from and whose word that is; none for one whose source records them itself. */
export async function deploymentSentences(
  { systems }: Pick<Config, "systems">,
  repositories: readonly ScopedRepository[],
  store: Pick<Store, "recordsOfStream">,
): Promise<ReadonlyMap<string, string>> {
  const sentences = new Map<string, string>();
  for (const { id, deployments } of systems) {
    if (deployments.from === "workflow") {
      const { file, job } = deployments;
      sentences.set(
        id,
        `Each run of the workflow ${file} in which its job "${job}" ran counts as a deployment, as the source recorded it.`,
      );
    }
    if (deployments.from === "import") {
      const streams = repositories.flatMap((one) => (one.system === id ? (one.deployments ?? []) : []));
      sentences.set(
        id,
        `Imported from ${basename(deployments.file)}, a list that the organisation keeps itself: that it is whole and right is management's word, not the source's.${await alterations(streams, store)}`,
      );
    }
  }
  return sentences;
}

/** What became of rows after they were first read; empty where nothing did. */
async function alterations(streams: readonly string[], store: Pick<Store, "recordsOfStream">): Promise<string> {
  const found = await Promise.all(streams.map(async (stream) => alteredRows(await store.recordsOfStream(stream))));
  const changed = found.flatMap((one) => one.changed);
  const gone = found.flatMap((one) => one.gone);
  return [
    changed.length > 0
      ? ` By now ${rowsAre(changed)} not as first read: every version is kept, the latest counts.`
      : "",
    gone.length > 0 ? ` By now ${rowsAre(gone)} no longer in it: what was read before is kept, and counts.` : "",
  ].join("");
}
