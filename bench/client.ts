import Database from "better-sqlite3";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/**
 * Collecting, from its first step to the checkpoint, over asking the same server for the same pages with bare fetch, one
 * after the other, each read and parsed. Neither counts the start of its process, and both find the server equally warm.
 */
export async function client(bench: Workbench): Promise<readonly Figure[]> {
  return [...(await undelayed(bench)), await slowed(bench, Math.min(bench.changes, 250))];
}

/** By the clock, and by the computing of this process alone, which other work on the machine hardly changes. */
async function undelayed(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(bench.changes);
  const pages = pagesOf(first.path);
  const rounds: { bare: Spent; ours: Spent }[] = [];
  for (const round of ["second", "third", "fourth"])
    rounds.push({ bare: await spent(() => bareFetch(pages)), ours: await spent(() => organisation.collect(round)) });
  const ratio = (name: string, of: (each: Spent) => number) => {
    const best = Math.min(...rounds.map(({ ours }) => of(ours)));
    const bareBest = Math.min(...rounds.map(({ bare }) => of(bare)));
    const note = `${best.toFixed(1)} s / ${bareBest.toFixed(1)} s, ${pages.length} pages`;
    return { name: `client / bare fetch, ${name}`, value: best / bareBest, note };
  };
  return [
    { ...ratio("server time 0 ms", ({ seconds }) => seconds), goal: { atMost: 1.5 } },
    ratio("computing alone", ({ computing }) => computing),
  ];
}

interface Spent {
  readonly seconds: number;
  /** Of processor time. */
  readonly computing: number;
}

async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const { seconds } = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { seconds, computing: (user + system) / 1e6 };
}

async function slowed(bench: Workbench, changes: number): Promise<Figure> {
  const organisation = await bench.organisation(changes, "slow:200");
  const { seconds, path } = await organisation.collect("first");
  const pages = pagesOf(path);
  const { seconds: bare } = await timed(() => bareFetch(pages));
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

/** Every page that the store's first collecting asked for, in its order. */
function pagesOf(store: string): readonly Page[] {
  const db = new Database(store, { readonly: true });
  const pages = db
    .prepare(
      "select endpoint, text, variables from exchange join query_text on digest = query where (text like 'query%' or text like 'GET %') and run = (select id from run order by ordinal limit 1) order by exchange.id",
    )
    .all() as Page[];
  db.close();
  return pages;
}

async function bareFetch(pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    const response = await ask(page);
    JSON.parse(await response.text());
  }
}

function ask({ endpoint, text, variables }: Page): Promise<Response> {
  const headers = { authorization: "bearer bench", "content-type": "application/json" };
  const values = JSON.parse(variables) as Record<string, unknown>;
  if (!text.startsWith("GET "))
    return fetch(endpoint, { method: "POST", headers, body: JSON.stringify({ query: text, variables: values }) });
  const left = new Map(Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]));
  const path = text.slice("GET ".length).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left.get(name) ?? "";
    left.delete(name);
    return encodeURIComponent(value);
  });
  return fetch(`${endpoint}${path}?${new URLSearchParams([...left]).toString()}`, { headers });
}
