import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openSqlite } from "../../../../src/store/dialect/sqlite.ts";
import { freshFolder, open } from "../evidence-fixture.ts";

it("a store that may not be written to is no damaged disk: it says who must be let, and stays refused", async () => {
  const { path, remove } = freshFolder();
  onTestFinished(remove);
  await (await open(path)).close();
  const dialect = openSqlite(path, { readonly: false });
  const write = () => dialect.write(async (_, tx) => tx.deleteFrom("run").execute());
  const refused = {
    code: "config",
    exitCode: 2,
    message: expect.stringMatching(/evidence\.db cannot be written to \(SQLITE_READONLY: /),
    hint: "Let this user write to the file and its folder.",
  };
  // As SQLite answers where the file or its folder is read-only, which root would not notice.
  await sql`PRAGMA query_only = ON`.execute(dialect.db);
  await expect(write()).rejects.toMatchObject(refused);
  await sql`PRAGMA query_only = OFF`.execute(dialect.db);
  await expect(write()).rejects.toMatchObject(refused);
  await dialect.close();
});
