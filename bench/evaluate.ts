import Database from "better-sqlite3";
import type { EntityOf, EntityType } from "../src/model/entity.ts";
import { identityMap } from "../src/model/identity.ts";
import { assess } from "../src/pipeline/assess.ts";
import { withStore } from "../src/pipeline/open.ts";
import { resolveScope } from "../src/pipeline/scope.ts";
import type { PipelineContext } from "../src/pipeline/types.ts";
import { loadDossiers } from "../src/store/dossiers/index.ts";
import type { EntityFilter, Store } from "../src/store/store.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/** Everything that the simulated organisation did. */
export const wholePeriod = parsePeriod("2026-05-01..2026-10-31", "UTC", new Date());

/**
 * Loading all dossiers of a period, set-wise, and by asking raw better-sqlite3 for the same evidence one item after the
 * other: a prepared statement for each kind of what belongs to one change, commit or deployment. The rows read, the
 * entities parsed from them and the dossiers built are the same on both sides; only the asking differs.
 */
export async function evaluate(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const ctx = organisation.context("first");
  const [raw, loaded, judged] = [[], [], []] as [Loading[], Loading[], number[]];
  for (let round = 0; round < 4; round++) {
    const asker = openItemByItem(first.path);
    raw.push(await load(ctx, asker.entities));
    asker.close();
    loaded.push(await load(ctx));
    judged.push((await timed(() => assess(ctx, { period: wholePeriod }))).seconds);
  }
  const best = (of: (loading: Loading) => number) => [Math.min(...raw.map(of)), Math.min(...loaded.map(of))] as const;
  const [rawReading, reading] = best((loading) => loading.reading);
  const [rawWhole, whole] = best((loading) => loading.whole);
  const note = (a: number, b: number) => `${a.toFixed(2)} s / ${b.toFixed(2)} s`;
  return [
    {
      name: "evidence asked item by item / set-wise",
      value: rawReading / reading,
      goal: { atLeast: 3 },
      note: `${note(rawReading, reading)}, ${loaded[0]?.entities} entities`,
    },
    { name: "the same, with building the dossiers", value: rawWhole / whole, note: note(rawWhole, whole) },
    { name: "loading and judging the whole period", value: Math.min(...judged), unit: "s" },
  ];
}

interface Loading {
  /** Seconds spent on reading entities, of the `whole`. */
  readonly reading: number;
  readonly whole: number;
  readonly entities: number;
}

async function load(ctx: PipelineContext, instead?: Store["entities"]): Promise<Loading> {
  return withStore(ctx, { write: false }, async (store) => {
    const { repositories } = await resolveScope(ctx.config, store);
    const { from, to } = wholePeriod;
    const identities = identityMap(ctx.config.identities, new Map());
    const read = instead ?? store.entities;
    let [reading, entities] = [0, 0];
    const counted: Store["entities"] = async (type, filter) => {
      const { seconds, result } = await timed(() => read(type, filter));
      reading += seconds;
      entities += result.length;
      return result;
    };
    const { seconds } = await timed(() =>
      loadDossiers({ ...store, entities: counted }, { repositories, from, to, asOf: to, identities }),
    );
    return { reading, whole: seconds, entities };
  });
}

interface Row {
  readonly key: string;
  readonly at: string | null;
  readonly record_id: number;
  readonly data: string;
}

/** Answers what the store is asked for one key or one parent at a time; of a repository, item by item for what it has many of. */
function openItemByItem(path: string): { readonly entities: Store["entities"]; close(): void } {
  const db = new Database(path, { readonly: true });
  const columns = "select key, at, record_id, data from entity where type = ?";
  const by = {
    key: db.prepare(`${columns} and key = ?`),
    parent: db.prepare(`${columns} and parent = ?`),
    repository: db.prepare(`${columns} and repository = ?`),
  };
  const keys = db.prepare("select key from entity where type = ? and repository = ?").pluck();
  const many: readonly EntityType[] = ["change", "graphCommit", "deployment"];
  const rowsOf = (type: EntityType, filter: EntityFilter): readonly Row[] => {
    const each = (column: keyof typeof by, values: readonly string[]) =>
      values.flatMap((value) => by[column].all(type, value) as Row[]);
    if (filter.keys) return each("key", filter.keys);
    if (filter.parents) return each("parent", filter.parents);
    const repositories = filter.repositories ?? [];
    const keysOf = (kind: EntityType) => repositories.flatMap((repository) => keys.all(kind, repository) as string[]);
    if (type === "deploymentStatus") return each("parent", keysOf("deployment"));
    return many.includes(type) ? each("key", keysOf(type)) : each("repository", repositories);
  };
  return {
    entities: async <T extends EntityType>(type: T, filter: EntityFilter = {}) =>
      [...rowsOf(type, filter)]
        .sort((a, b) => compare(a.at ?? "", b.at ?? "") || compare(a.key, b.key))
        .map(({ record_id, data }) => Object.assign(JSON.parse(data) as EntityOf<T>, { record: record_id })),
    close: () => {
      db.close();
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
