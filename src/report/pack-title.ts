import type { AssessmentResult } from "../model/assessment.ts";
import { partName } from "./part-links.ts";

/** The pack's title in one line, as document properties and lists show it. */
export function packTitle({ organisation, period, part }: AssessmentResult): string {
  return `${organisation.name}${part ? `, ${partName(part)}` : ""}: change management evidence, ${period.id}`;
}
