interface SimulatedDocument {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly version: string;
  readonly text: string;
}

/** What the simulated organisation's management attests: invented, short, as text files. */
export const documents: readonly SimulatedDocument[] = [
  {
    id: "change-procedure",
    kind: "procedure",
    title: "Change procedure",
    version: "3.2",
    text: `Riverbank: change procedure, version 3.2

1. Whoever needs a change opens a work item; the owner of the system decides whether it is built.
2. Work happens on a branch of its own, in small steps, with tests beside it.
3. Somebody who had no part in it reviews the final revision and approves it.
4. The checks pass on what is merged; the pipeline deploys what was merged, and nothing else.
5. In an emergency the change bears the label "emergency" and is reviewed within 24 hours.
6. What goes wrong is rolled back first and explained after.
`,
  },
  {
    id: "continuity-plan",
    kind: "continuity-plan",
    title: "Continuity plan of the payment systems",
    version: "2026-1",
    text: `Riverbank: continuity plan of the payment systems, 2026-1

1. Each system can be put back to the version before within 30 minutes, by any engineer on call.
2. Backups are made hourly and restored to an empty machine every month.
3. Whoever changes what this plan rests on changes the plan with it; the head of engineering reads it every quarter.
`,
  },
];

/** The lines of a configuration that declare them, in a folder beside it. */
export function documentsConfig(folder: string, since: string): string {
  const lines = documents.map(
    ({ id, kind, title, version }) => `  - id: ${id}
    kind: ${kind}
    title: ${title}
    file: ${folder}/${id}.txt
    version: "${version}"
    approver: Head of Engineering
    by: Ada Lindqvist
    role: Head of Engineering
    effective: ${since}
    expires: ${since.slice(0, 4)}-12-31
`,
  );
  return `attestations:\n${lines.join("")}`;
}
