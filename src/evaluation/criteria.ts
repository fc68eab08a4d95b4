import type { ControlAssessment, CriterionAssessment } from "../model/assessment.ts";
import type { Framework } from "../model/control.ts";
import { number } from "../model/number.ts";
import { gravest, resultWords } from "./fold.ts";

type Point = CriterionAssessment["points"][number];

/** Concludes each criterion by the gravest result of its key controls, and each of its points by those that address it. */
export function assessCriteria(
  frameworks: readonly Framework[],
  controls: readonly ControlAssessment[],
): CriterionAssessment[] {
  return frameworks.flatMap((framework) =>
    framework.criteria.map((criterion): CriterionAssessment => {
      const mapped = controls.flatMap((control) => {
        const mappings = control.mappings.filter(
          (one) => one.framework === framework.id && one.criterion === criterion.id,
        );
        return mappings.length > 0 ? [{ control, points: mappings.flatMap(({ points }) => points) }] : [];
      });
      const all = mapped.map(({ control }) => control);
      const keys = all.filter(({ key }) => key);
      const result = gravest(keys.map((control) => control.result)) ?? "notConcluded";
      return {
        framework: framework.id,
        frameworkTitle: framework.title,
        id: criterion.id,
        title: criterion.title,
        concluded: criterion.concluded,
        result,
        statement: statementOf(result, all, keys),
        pointsName: criterion.pointsName,
        points: criterion.points.map((point): Point => {
          const addressing = mapped.filter(({ points }) => points.includes(point.id)).map(({ control }) => control);
          return { ...point, controls: addressing.map(({ id }) => id), result: pointResult(addressing) };
        }),
        controls: all.map(({ id }) => id),
      };
    }),
  );
}

/** Supporting controls decide a point only where no key control addresses it. */
function pointResult(controls: readonly ControlAssessment[]): Point["result"] {
  if (controls.length === 0) return "notAddressed";
  const keys = controls.filter(({ key }) => key);
  return gravest((keys.length > 0 ? keys : controls).map(({ result }) => result)) ?? "notConcluded";
}

function statementOf(
  result: CriterionAssessment["result"],
  all: readonly ControlAssessment[],
  keys: readonly ControlAssessment[],
): string {
  if (all.length === 0) return "No control of this catalog addresses it.";
  const supporting = all.length - keys.length;
  const beside =
    supporting > 0 ? ` ${supporting} supporting ${supporting === 1 ? "control informs" : "controls inform"} it.` : "";
  if (keys.length === 0) return `No key control addresses it, so it cannot be concluded from this pack.${beside}`;
  if (result === "notConcluded")
    return `None of its key controls (${names(keys)}) operated in the period, so it cannot be concluded.${beside}`;
  const grave = keys.filter((control) => control.result === result);
  const rest = keys.filter((control) => control.result !== result);
  const others = rest.length > 0 ? `; of the others, ${summary(rest)}` : "";
  const count =
    keys.length === 1
      ? "The one key control has"
      : `${rest.length === 0 ? "All" : `${grave.length} of`} ${keys.length} key controls ${grave.length === 1 ? "has" : "have"}`;
  const told = result === "noExceptionsNoted" ? "" : `: ${grave.map(failures).join(", ")}`;
  return `${count} ${resultWords[result]}${told}${others}.${beside}`;
}

/** What a control of the shipped catalog is about, shorter than its title. */
const abouts: Readonly<Record<string, string>> = {
  "CHG-01": "recorded changes",
  "CHG-02": "branch protection",
  "CHG-03": "approval by somebody else",
  "CHG-04": "required checks",
  "CHG-05": "merged past the rules",
  "CHG-06": "deployed as approved",
  "CHG-07": "authorised deployer",
  "CHG-08": "emergencies",
  "CHG-13": "second person's approval",
};

/** `CHG-03 approval by somebody else 8 of 32`: failed of what could be judged. */
function failures({ id, tally, result }: ControlAssessment): string {
  const about = abouts[id] === undefined ? id : `${id} ${abouts[id]}`;
  if (result === "evidenceIncomplete") return about;
  return `${about} ${number(tally.fail + tally.waived)} of ${number(tally.pass + tally.fail + tally.waived)}`;
}

const names = (controls: readonly ControlAssessment[]): string => controls.map(({ id }) => id).join(", ");

function summary(controls: readonly ControlAssessment[]): string {
  const groups = Map.groupBy(controls, ({ result }) => result);
  return [...groups]
    .map(([result, group]) =>
      `${group.length} with ${resultWords[result]}`.replace("with did not operate", "did not operate"),
    )
    .join(", ");
}
