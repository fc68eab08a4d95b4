import type { World } from "../world.ts";
import { REPOSITORIES } from "./organisation.ts";

const MINUTE = 60_000;

/** The list of incidents (CSV) that a simulated organisation would keep: each time production fell back to an earlier version, something had been wrong, and was right soon after. */
export function incidentList({ repositories }: Pick<World, "repositories">): string {
  const delivered = new Set(REPOSITORIES.map(({ name }) => name));
  const incidents = repositories
    .filter(({ name }) => delivered.has(name))
    .flatMap(({ name, deployments }) => {
      const succeeded = deployments
        .filter(({ environment }) => environment === "production")
        .flatMap(({ oid, statuses }) => {
          const success = statuses.find(({ state }) => state === "SUCCESS");
          return success ? [{ oid, at: success.at }] : [];
        })
        .sort((a, b) => a.at - b.at);
      return succeeded.flatMap(({ oid, at }, index) => {
        const earlier = succeeded.slice(0, index);
        const previous = earlier.at(-1);
        if (!previous || previous.oid === oid || !earlier.some((one) => one.oid === oid)) return [];
        const opened = at - Math.min(40 * MINUTE, (at - previous.at) / 2);
        return [{ system: name, opened, resolved: at + 10 * MINUTE }];
      });
    })
    .sort((a, b) => a.opened - b.opened);
  const instant = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
  const rows = incidents.map(
    ({ system, opened, resolved }, index) =>
      `INC-${String(index + 101)},${instant(opened)},${instant(resolved)},${system}`,
  );
  return `${["id,opened_at,resolved_at,system", ...rows].join("\n")}\n`;
}
