import type { AssessmentResult } from "../../model/assessment.ts";
import { itemClasses } from "../../model/assessment.ts";
import { outcomes } from "../../model/attribute.ts";
import { streamKinds } from "../../model/stream.ts";
import { classNames, outcomeNames, resultLabels, streamNames } from "../labels.ts";

// What this tool's sentences are made of, beside the words of its catalog.
const sentences =
  `a about account accounts action active actor added address admin administer administrator administrators after
again against all also an and any api app application approve approved approver approves at audit author authors automation
away base be before behind between body bot branch branches bring brings brought build but by bypass bypassed came cannot
change changed changes check checks ci code comment commit commits committer complete configuration control could created
creator database date default deleted deploy deployed deployment deployments dev developer did disabled dismissed does due
each edit edited emergency empty enabled end environment error evidence event events everything exact exception executed
explained fail failed failure fall file files first fix for force found from full gate gated git github gitlab given had
has have head held his history host hotfix http https identity in incident inside internal is it its job known label labels
last later line link linked list local log login made main maintainer maintain manual master may member members merge merged
merger message month name names neither never new no nobody nor not note nothing null of off on once one only open or
organisation other others out over owner page part partial pass passed past patch path pending period person persons pipeline
platform policy prod production project protected pull push pushed queue read reader reason rebase record recorded records ref
refused release released releases repo repository request requested required requires review reviewed reviewer reviews revert
right rights role root rule rules run running runs same says script second security see seen service set setting settings
shows since skipped so source squash staging state status stood stopped store stream success support system table tag team
test tested tests text than that the their then there these this those time title to token tool tree true type under unit
unknown unobserved until update updated url user users utc version was waived waiver were what when where whether which who
whole whose will with within without work workflow write written year you`.split(/\s+/);

/** Whether a name, in lower case, is also a word of the pack's own: of its sentences, its catalog, its ids, or a number or digest. */
export function ordinaryWords(result: AssessmentResult): (name: string) => boolean {
  const { attributes, controls, criteria, scope, organisation, provenance } = result;
  const owners = new Set(
    scope.systems.flatMap(({ repositories }) => repositories.map(({ name }) => name.split("/")[0])),
  );
  const texts = [
    ...attributes.flatMap(({ id, title }) => [id, title]),
    ...controls.flatMap(({ id, own, title, objective, mechanism, procedure, remediation }) => {
      return [id, own?.id ?? "", title, objective, mechanism, procedure, remediation];
    }),
    ...criteria.flatMap(({ id, title, frameworkTitle }) => [id, title, frameworkTitle]),
    ...[streamNames, outcomeNames, classNames].flatMap((names) => Object.values<string>(names)),
    ...Object.values(resultLabels).map(({ label }) => label),
    ...result.exceptions.map(({ id }) => id),
    ...scope.systems.flatMap(({ id, team, environments, repositories }) => [
      id,
      team,
      ...environments,
      ...repositories.flatMap(({ name, branch }) => [...name.split("/").slice(1), branch]),
    ]),
    organisation.name,
    organisation.slug,
  ];
  const whole = [...texts, ...streamKinds, ...outcomes, ...itemClasses, ...provenance.sources.map(({ id }) => id)];
  const words = new Set(
    [...whole, ...texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)), ...sentences].map((one) => one.toLowerCase()),
  );
  const own = new Set([organisation.name, organisation.slug].map((one) => one.toLowerCase()));
  return (name) =>
    (words.has(name) && !(owners.has(name) && !own.has(name))) ||
    name.length < 3 ||
    /^\d+$|^[0-9a-f]{7,64}$|^r\d+$/.test(name);
}
