import type { Flow } from "../flow.ts";
import { counted } from "../format.ts";
import type { Pack } from "../pack.ts";
import { changeRows } from "../rows.ts";

/** How a reader gets the headline's numbers and the pack again. */
export function verifyView({ result }: Pack, flow: Flow) {
  const rows = changeRows(result);
  const passed = rows.filter(({ outcomes }) =>
    [...outcomes.values()].every((outcome) => outcome === "pass" || outcome === "notApplicable"),
  );
  return {
    rows: `Of ${counted(rows.length, "row")} in changes.csv, ${passed.length} hold neither fail nor notVerifiable in any column; the headline's ${counted(flow.verdict.passed, "commit")} that passed came by the changes of these rows, of which one may bring several.`,
    command: `flowproof report --period ${result.period.id} --as-of ${result.period.asOf}`,
  };
}
