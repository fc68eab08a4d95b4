import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { fail, notApplicable, notVerifiable, pass } from "./shared/verdicts.ts";

/** The repository's settings let no pipeline approve a change, at any look; between looks nothing is known of them. */
export const approvalsByPeopleOnly = defineAttribute({
  id: "approvals-by-people-only",
  letter: "N",
  title: "Pipelines may not approve a change",
  subject: "configuration",
  requires: ["access"],
  params: z.object({}),
  test({ access, repository, promotedFrom }) {
    if (promotedFrom !== undefined)
      return notApplicable(`It is one setting for all branches of ${repository.name}, tested with ${promotedFrom}.`);
    const open = access.find(({ pipelinesMayApprove }) => pipelinesMayApprove === true);
    if (open)
      return fail(
        `Pipelines could approve changes of ${repository.name}, as seen at ${open.observedAt}; such an approval is counted nowhere here.`,
        open,
      );
    const [first] = access;
    const unread = access.find(({ pipelinesMayApprove }) => pipelinesMayApprove === null);
    if (!first || unread)
      return notVerifiable(
        `Whether pipelines may approve changes of ${repository.name} was not readable${unread ? ` at ${unread.observedAt}` : ""}.`,
        ...access,
      );
    const last = access.at(-1) ?? first;
    const when =
      first === last
        ? `at ${first.observedAt}: the state on that date`
        : `at each of ${access.length} looks, the first at ${first.observedAt}, the last at ${last.observedAt}: the state on those dates`;
    return pass(
      `Pipelines could not approve changes of ${repository.name}, as seen ${when}, not over the period.`,
      ...access,
    );
  },
});
