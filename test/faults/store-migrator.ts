import { sql } from "kysely";
import { migrations } from "../../migrations/index.ts";
import { openStore } from "../../src/store/open-store.ts";
import { optionsFor } from "../unit/store/evidence-fixture.ts";

/** A process of its own that is in the middle of a migration when it prints "half": node store-migrator.ts <store>. */
const [path = ""] = process.argv.slice(2);

await openStore(optionsFor(path), {
  migrations: [
    ...migrations,
    {
      name: "2027-01-01-next",
      up: async (db) => {
        await sql`CREATE TABLE extra (id INTEGER PRIMARY KEY, text TEXT) STRICT`.execute(db);
        await sql`ALTER TABLE record ADD COLUMN more TEXT`.execute(db);
        // More than the cache holds, so that the log has pages of a transaction that never ends.
        await sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
          INSERT INTO extra SELECT i, hex(zeroblob(2000)) FROM n`.execute(db);
        process.stdout.write("half\n");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      },
    },
  ],
});
