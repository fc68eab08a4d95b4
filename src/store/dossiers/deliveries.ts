import { type Delivered, workBegan } from "../../model/delivered.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import type { Change, Seen } from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import type { Store } from "../store.ts";
import { broughtBy } from "./explained-line.ts";
import type { Dossiers } from "./load.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

/** Every deployment to production that the evidence holds, by system, time and key, whatever the period; when work on a change began is read for those deployed `since` an instant, in two queries. */
export async function deliveriesOf(
  store: Pick<Store, "entities">,
  dossiers: Dossiers,
  since: string,
): Promise<readonly Delivered[]> {
  const changesOf = new Map(dossiers.repositories.map((one) => [one, changesByDeployment(dossiers, one)] as const));
  const known = knownBeginnings(dossiers);
  const wanted = dossiers.repositories.flatMap((one) =>
    one.deployments.flatMap(({ succeededAt }, index) =>
      succeededAt < since ? [] : (changesOf.get(one)?.[index] ?? []).filter(({ key }) => !known.has(key)),
    ),
  );
  const began = new Map([...known, ...(await readBeginnings(store, wanted))]);
  return dossiers.repositories.flatMap((one) => {
    const { system } = one.view.repository;
    return one.deployments.map(({ deployment, succeededAt, previous, deployedBefore }, index): Delivered => {
      const repeats = previous?.oid === deployment.oid;
      return {
        key: deployment.key,
        system,
        id: deployment.id,
        environment: deployment.environment,
        oid: deployment.oid,
        succeededAt,
        repeats,
        fallsBack: !repeats && deployedBefore !== undefined,
        changes: (changesOf.get(one)?.[index] ?? []).map(({ key, mergedAt }) => ({
          key,
          mergedAt,
          beganAt: began.get(key),
        })),
      };
    });
  });
}

/** The system's own changes that each deployment brought first, in the order of the deployments. */
function changesByDeployment(
  { belongs }: Dossiers,
  repository: RepositoryPeriod,
): readonly (readonly Seen<Change>[])[] {
  const { line, deployments } = repository;
  return deployments.map(({ brought }) => {
    const commits = brought ? line.commits.slice(brought.from, brought.to) : [];
    const changes = commits.flatMap(({ oid }) => broughtBy(repository, oid));
    return [...new Map(changes.map((change) => [change.key, change])).values()].filter((change) =>
      belongs(repository, change),
    );
  });
}

/** When work began on the changes whose dossiers were loaded. */
function knownBeginnings({ changes, deployments }: Dossiers): ReadonlyMap<string, string> {
  const beginning = ({ change, commits }: ChangeDossier): string =>
    workBegan(
      commits.map(({ committedAt }) => committedAt),
      change,
    );
  const brought = deployments.flatMap((one) => one.brought ?? []).flatMap(({ change }) => change ?? []);
  return new Map([...changes, ...brought].map((dossier) => [dossier.key, beginning(dossier)]));
}

async function readBeginnings(
  store: Pick<Store, "entities">,
  changes: readonly Seen<Change>[],
): Promise<ReadonlyMap<string, string>> {
  if (changes.length === 0) return new Map();
  const links = await store.entities("changeCommit", { parents: [...new Set(changes.map(({ key }) => key))] });
  const keys = [...new Set(links.map(({ repository, oid }) => commitKey(repository, oid)))];
  const commits = new Map((await store.entities("commit", { keys })).map((commit) => [commit.key, commit.committedAt]));
  const byChange = Map.groupBy(links, ({ change }) => change);
  return new Map(
    changes.map((change) => {
      const own = (byChange.get(change.key) ?? []).flatMap(
        ({ repository, oid }) => commits.get(commitKey(repository, oid)) ?? [],
      );
      return [change.key, workBegan(own, change)];
    }),
  );
}
