import { Command } from "commander";
import type { CommandSession } from "../command-session.ts";
import { table } from "../table.ts";

/** `flowproof controls`: what is tested, and which criteria that serves. */
export function controlsCommand(session: CommandSession): Command {
  return new Command("controls")
    .description("List the controls, the attributes they test and the criteria they serve; needs no configuration.")
    .addHelpText(
      "after",
      "\nYour own numbering goes under `controls:` in the configuration and stands before these in packs.",
    )
    .action(async () => {
      const { terminal } = session;
      const { listControls } = await import("../../pipeline/controls.ts");
      const { frameworks, controls, attributes } = listControls();
      for (const control of controls) terminal.data("control", control);
      for (const attribute of attributes) terminal.data("attribute", attribute);
      for (const framework of frameworks) terminal.data("framework", framework);
      const lines = [
        ...table(
          ["control", "kind", "population", "title", "attributes"],
          controls.map(({ id, key, population, title, attributes: tested }) => [
            id,
            key ? "key" : "supporting",
            population,
            title,
            tested.map((attribute) => attribute.id).join(", "),
          ]),
        ),
        "",
        ...table(
          ["attribute", "", "tests", "what is true when it passes"],
          attributes.map(({ id, letter, subject, title }) => [id, letter, subject, title]),
        ),
        "",
        ...table(
          ["framework", "criterion", "served by", "title"],
          frameworks.flatMap((framework) =>
            framework.criteria.map(({ id, title }) => [framework.id, id, serving(framework.id, id), title]),
          ),
        ),
      ];
      for (const line of lines) terminal.line(line);

      function serving(framework: string, criterion: string): string {
        const serves = controls.filter(({ mappings }) =>
          mappings.some((each) => each.framework === framework && each.criterion === criterion),
        );
        return serves.map(({ id }) => id).join(", ") || "none";
      }
    });
}
