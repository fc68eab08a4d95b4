import type { Database, Statement } from "better-sqlite3";
import type { EntityColumn, EntityQuestion, EntityRead } from "./dialect.ts";

/** How many rows, or values of a list, are asked for at once: no answer is held whole beside what is made of it. */
const portion = 4_000;

/** Reads entities on one connection, a row as an array; each statement is prepared at its first use and kept. */
export function sqliteEntities(file: Database): (question: EntityQuestion) => Iterable<readonly EntityRead[]> {
  const statements = new Map<string, Statement<unknown[]>>();
  const prepared = (sql: string): Statement<unknown[]> => {
    const statement = statements.get(sql) ?? file.prepare(sql).raw();
    statements.set(sql, statement);
    return statement;
  };

  const read = ({ type, from, to, held }: EntityQuestion, further: string, ...values: readonly unknown[]) => {
    const span = `${from === undefined ? "" : " AND at >= ?"}${to === undefined ? "" : " AND at < ?"}`;
    // A column more of every row costs as much as reading its JSON.
    const columns = ["at", "record_id", "data", ...held].join(", ");
    const statement = prepared(`SELECT ${columns} FROM entity WHERE type = ?${span}${further}`);
    return statement.all(type, ...[from, to].filter((at) => at !== undefined), ...values) as EntityRead[];
  };

  /** Every row of the type, by key; the value of the column comes last. */
  function* whole(question: EntityQuestion, column: EntityColumn = "key") {
    const asked = { ...question, held: [...question.held, "key" as const, column] };
    for (let after = ""; ; ) {
      const rows = read(asked, " AND key > ? ORDER BY key LIMIT ?", after, portion);
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      after = last.at(-2) as string;
    }
  }

  /** A type of hardly more rows than the list has values is faster read whole than looked up value by value. */
  const isMostOf = (type: string, values: number): boolean => {
    const most = 3 * values;
    const counted = prepared("SELECT count(*) FROM (SELECT 1 FROM entity WHERE type = ? LIMIT ?)").get(type, most);
    return (counted as [number])[0] < most;
  };

  return function* (question) {
    const { list } = question;
    if (!list) return yield* whole(question);
    const { column, values } = list;
    if (values.size > 500 && isMostOf(question.type, values.size)) {
      for (const rows of whole(question, column)) yield rows.filter((row) => values.has(row.at(-1) as string));
      return;
    }
    const all = [...values];
    for (let at = 0; at < all.length; at += portion) {
      const some = JSON.stringify(all.slice(at, at + portion));
      yield read(question, ` AND ${column} IN (SELECT value FROM json_each(?))`, some);
    }
  };
}
