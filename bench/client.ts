import Database from "better-sqlite3";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/**
 * Collecting, from its first step to the checkpoint, over asking the same server for the same pages with bare fetch, one
 * after the other, each read and parsed. Neither counts the start of its process, and both find the server equally warm.
 */
export async function client(bench: Workbench): Promise<readonly Figure[]> {
  return [await undelayed(bench), await slowed(bench, Math.min(bench.changes, 1000))];
}

async function undelayed(bench: Workbench): Promise<Figure> {
  const { organisation, first } = await bench.collected(bench.changes);
  const pages = pagesOf(first.path);
  const ours: number[] = [];
  const bare: number[] = [];
  let computing = Number.POSITIVE_INFINITY;
  for (const round of ["second", "third"]) {
    bare.push(await bareFetch(pages));
    const before = process.cpuUsage();
    ours.push((await organisation.collect(round)).seconds);
    const { user, system } = process.cpuUsage(before);
    computing = Math.min(computing, (user + system) / 1e6);
  }
  const [best, bareBest] = [Math.min(...ours), Math.min(...bare)];
  return {
    name: "client / bare fetch, server time 0 ms",
    value: best / bareBest,
    goal: { atMost: 1.5 },
    note: `${best.toFixed(1)} s / ${bareBest.toFixed(1)} s, ${pages.length} pages; ${computing.toFixed(1)} s of computing`,
  };
}

async function slowed(bench: Workbench, changes: number): Promise<Figure> {
  const organisation = await bench.organisation(changes, "slow:200");
  const { seconds, path } = await organisation.collect("first");
  const pages = pagesOf(path);
  const bare = await bareFetch(pages);
  return {
    name: "client / bare fetch, server time 200 ms",
    value: seconds / bare,
    goal: { atMost: 1.03 },
    note: `${seconds.toFixed(1)} s / ${bare.toFixed(1)} s, ${pages.length} pages`,
  };
}

interface Page {
  readonly endpoint: string;
  readonly text: string;
  readonly variables: string;
}

/** Every GraphQL page that the store's first collecting asked for, in its order. */
function pagesOf(store: string): readonly Page[] {
  const db = new Database(store, { readonly: true });
  const pages = db
    .prepare(
      "select endpoint, text, variables from exchange join query_text on digest = query where text like 'query%' and run = (select id from run order by ordinal limit 1) order by exchange.id",
    )
    .all() as Page[];
  db.close();
  return pages;
}

async function bareFetch(pages: readonly Page[]): Promise<number> {
  const { seconds } = await timed(async () => {
    for (const { endpoint, text, variables } of pages) {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { authorization: "bearer bench", "content-type": "application/json" },
        body: JSON.stringify({ query: text, variables: JSON.parse(variables) as unknown }),
      });
      JSON.parse(await response.text());
    }
  });
  return seconds;
}
