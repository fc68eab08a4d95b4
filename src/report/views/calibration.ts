import { isFollowing } from "../../model/assessment.ts";
import { explanationOf } from "../calibration/explanations.ts";
import { untestedBySetting } from "../calibration/untested.ts";
import { counted, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { causeAnchor } from "./answers.ts";

const mostNamed = 12;

/** What a draft for calibration says before all else: which setting explains which failures, and which are left to look at. */
export function calibrationView(pack: Pack) {
  const { exceptions, causes = [] } = pack.result;
  const own = exceptions.filter((one) => !isFollowing(one));
  const groups = causes.flatMap(({ id, title }) => {
    const group = own.filter(({ cause }) => cause === id);
    const found = group.length === 0 ? undefined : explanationOf(pack, id, group);
    if (group.length === 0) return [];
    return [
      {
        anchor: causeAnchor(id),
        title,
        items: group.length,
        explained: found?.exceptions.length ?? 0,
        count: counted(group.length, "exception"),
        share: shareText(found?.exceptions.length ?? 0, group.length),
        why: found?.why ?? null,
        yaml: found ? found.yaml.join("\n") : null,
        which: (found?.exceptions ?? group).slice(0, mostNamed).map(({ id: name }) => pack.exceptionRef(name)),
        more: more((found?.exceptions ?? group).length),
      },
    ];
  });
  const explained = groups.reduce((sum, group) => sum + group.explained, 0);
  return {
    summary:
      own.length === 0
        ? "No test failed."
        : `${counted(own.length, "exception")}, deployments that only follow from another apart. A setting would explain ${number(explained)} of them; ${number(own.length - explained)} are left to look at one by one.`,
    explained: groups.filter((group) => group.explained > 0),
    anyExplained: explained > 0,
    left: groups.filter((group) => group.explained === 0),
    anyLeft: groups.some((group) => group.explained === 0),
    untested: untestedBySetting(pack).map(({ why, yaml }) => ({ why, yaml: yaml.join("\n") })),
    anyUntested: untestedBySetting(pack).length > 0,
  };
}

function shareText(explained: number, items: number): string {
  if (explained === items) return items === 1 ? "explains it" : `explains all ${number(items)}`;
  return `explains ${number(explained)} of ${number(items)}`;
}

const more = (count: number): string | null => (count > mostNamed ? `and ${number(count - mostNamed)} more` : null);
