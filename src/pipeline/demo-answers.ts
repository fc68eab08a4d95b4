import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ListedException } from "./listed-exception.ts";
import type { Answer } from "./responses.ts";

/** What the simulated management says of all exceptions of one cause together. */
type Said = Pick<Answer, "disposition" | "owner" | "cause"> &
  Partial<Pick<Answer, "impact" | "compensation" | "remediation" | "due">>;

const owner = "Ada Lindqvist, Head of Engineering";

/** By cause; every other cause is left unanswered, so that a pack shows both. `due` is a day after the period. */
const said: Readonly<Record<string, (due: string) => Said>> = {
  "pushed-directly": (due) => ({
    disposition: "confirmed",
    owner,
    cause: "An engineer pushed a small repair straight to the branch to end an alarm, and opened no change for it.",
    impact: "Customers saw nothing of it. Nobody but its author had read the commit before it ran.",
    remediation:
      "Who may pass the rules of a branch by is read every month from now on, and cut to the pipeline's own account.",
    due,
  }),
  "rules-bypassed": (due) => ({
    disposition: "compensated",
    owner,
    cause: "Who merged these was allowed to pass the rules by, and did so to be done the same day.",
    impact: "Each ran in production until the next working day without what the rules demand.",
    compensation:
      "Another engineer read each of them on the next working day and had the tests run again; they passed.",
    remediation: "The rules will bind administrators too.",
    due,
  }),
  "deployer-not-named": (due) => ({
    disposition: "disputed",
    owner,
    cause: "The engineer was on call, and who is on call is authorised to deploy. Only the policy does not say so.",
    remediation: "The policy will name the accounts on call.",
    due,
  }),
};

/**
 * Writes the answers that the simulated management gives, as a team would write them: one file, each answer over all
 * open exceptions of its cause.
 */
export function writeDemoAnswers(
  folder: string,
  {
    exceptions,
    period,
  }: { readonly exceptions: readonly ListedException[]; readonly period: { id: string; to: string } },
): void {
  const due = new Date(Date.parse(period.to) + 30 * 86_400_000).toISOString().slice(0, 10);
  const open = Map.groupBy(
    exceptions.filter(({ state }) => state === "open"),
    ({ cause }) => cause,
  );
  const answers = Object.entries(said).flatMap(([cause, saying]) => {
    const covered = open.get(cause) ?? [];
    if (covered.length === 0) return [];
    const covers = covered.map(({ id, tests }) => `${id} ${tests}`);
    return [{ id: `${period.id}-${cause}`, ...saying(due), covers }];
  });
  writeFileSync(join(folder, `${period.id}.yaml`), stringify({ answers }));
}
