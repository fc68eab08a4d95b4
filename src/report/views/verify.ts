import type { Item } from "../../model/assessment.ts";
import type { Flow } from "../flow.ts";
import { counted } from "../format.ts";
import type { Pack } from "../pack.ts";

/** How a reader gets the headline's numbers and the pack again. */
export function verifyView({ result: { population, period }, itemOf }: Pack, flow: Flow) {
  const rows = population.filter(
    ({ subject, link }) => subject === "change" || (subject === "commit" && link === null),
  );
  const deployment = ({ subject, system, link }: Item) => (subject === "change" ? itemOf(system, link) : undefined);
  const passed = rows.filter((item) =>
    [...item.observations, ...(deployment(item)?.observations ?? [])].every(
      ({ outcome }) => outcome === "pass" || outcome === "notApplicable",
    ),
  );
  return {
    rows: `Of ${counted(rows.length, "row")} in changes.csv, ${passed.length} hold neither fail nor notVerifiable in any column; the headline's ${counted(flow.verdict.passed, "commit")} that passed came by the changes of these rows, of which one may bring several.`,
    command: `flowproof report --period ${period.id} --as-of ${period.asOf}`,
  };
}
