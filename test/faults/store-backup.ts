import { backupStore, restoreStore, type StoreOptions } from "../../src/store/index.ts";
import { optionsFor } from "../unit/store/evidence-fixture.ts";

/** `backup` or `restore` of the store named, as a process that can be limited and killed; it says when it begins. */
const [what, path = "", file = ""] = process.argv.slice(2);
const options: StoreOptions = optionsFor(path);
process.stdout.write("begins\n");
try {
  if (what === "backup") await backupStore(options, file);
  else await restoreStore(options, file, { discardLater: true });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? `${error.constructor.name}: ${error.message}` : error}\n`);
  process.exitCode = 1;
}
