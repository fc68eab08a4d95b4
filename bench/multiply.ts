import { copyFileSync } from "node:fs";
import Database from "better-sqlite3";
import { wholePeriod } from "./evaluate.ts";

interface Row {
  type: string;
  key: string;
  repository: string;
  parent: string | null;
  at: string | null;
  record_id: number;
  data: string;
}

/** What happens to a branch again and again; settings, lists and heads stay single. */
const repeated = [
  "graphCommit",
  "commit",
  "commitAuthors",
  "change",
  "changeCommit",
  "changeFiles",
  "review",
  "dismissal",
  "check",
  "workItemLink",
  "deployment",
  "deploymentStatus",
];

/**
 * A copy of a collected store whose branches went through the same changes that many times within the same period, one
 * lot after the other: other commits, numbers and ids, each lot's oldest commit on top of the lot before it. Only the
 * projections are multiplied, which is what evaluating reads.
 */
export function multiply(from: string, to: string, copies: number): void {
  copyFileSync(from, to);
  const db = new Database(to);
  db.pragma("synchronous = OFF");
  const rows = db
    .prepare(`select * from entity where type in (${repeated.map((type) => `'${type}'`).join(", ")})`)
    .all() as Row[];
  const heads = new Map(
    db.prepare("select repository, json_extract(data, '$.oid') from entity where type = 'branchHead'").raw().all() as [
      string,
      string,
    ][],
  );
  const replace = db.prepare(
    "insert or replace into entity (type, key, repository, parent, at, record_id, data) values (?, ?, ?, ?, ?, ?, ?)",
  );
  for (let copy = 0; copy < copies; copy++) {
    const lot = lotOf(copy, copies);
    db.transaction(() => {
      for (const { type, key, repository, parent, at, record_id, data } of rows) {
        const earlier = lotOf(copy + 1, copies).oid(heads.get(repository) ?? "");
        const text = lot.text(data);
        const rooted = copy + 1 < copies ? text.replace('"parents":[]', `"parents":["${earlier}"]`) : text;
        replace.run(type, lot.text(key), repository, parent && lot.text(parent), at && lot.text(at), record_id, rooted);
      }
    })();
  }
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

const [start, end] = [wholePeriod.from, wholePeriod.to].map((at) => Date.parse(at)) as [number, number];

/** Renames what a lot holds; the newest is 0 and keeps its names, as the heads seen are its. */
function lotOf(copy: number, copies: number) {
  const times = new Map<string, string>();
  const oid = (text: string) => (copy === 0 ? text : `${text.slice(0, 37)}${copy.toString(16).padStart(3, "0")}`);
  const moved = (time: string) => {
    const known = times.get(time);
    if (known !== undefined) return known;
    const at = start + (Date.parse(time) - start + (copies - 1 - copy) * (end - start)) / copies;
    const instant = `${new Date(at).toISOString().slice(0, 19)}Z`;
    times.set(time, instant);
    return instant;
  };
  const number = (text: string) => String(Number(text) + copy * 100_000);
  return {
    oid,
    text: (text: string) =>
      text
        .replaceAll(/\b[0-9a-f]{40}\b/g, oid)
        .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, moved)
        .replaceAll(/(#|"number":)(\d+)/g, (_, before: string, digits: string) => before + number(digits))
        .replaceAll(
          /"changes":\[([\d,]+)\]/g,
          (_, list: string) => `"changes":[${list.split(",").map(number).join(",")}]`,
        )
        .replaceAll(
          /\/(reviews|dismissals|checks|deployments|deploymentStatuses)\/[^"/]+/g,
          (name) => `${name}-${copy}`,
        ),
  };
}
