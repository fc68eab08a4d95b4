import type { Change, Seen } from "../../model/entity.ts";
import type { Store } from "../index.ts";

/** What earlier looks read of changes, by key, oldest first; a change that was read once has no entry. */
export async function earlierLooks(
  store: Store,
  changes: readonly Seen<Change>[],
): Promise<ReadonlyMap<string, readonly Seen<Change>[]>> {
  const earlier = await store.earlierEntities(changes.map(({ record }) => record));
  const looks = earlier.filter((one): one is Seen<Change> => one.type === "change");
  looks.sort((a, b) => a.record - b.record);
  return Map.groupBy(looks, ({ key }) => key);
}
