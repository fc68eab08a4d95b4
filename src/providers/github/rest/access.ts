import { readSnapshot } from "./snapshot.ts";
import type { Walk } from "./walk.ts";

/**
 * Who may do what, as it is now: collaborators with their roles, teams, and whether workflows may approve.
 * @see https://docs.github.com/en/rest/collaborators/collaborators
 */
export const access: Walk = (reading) =>
  readSnapshot(reading, "access", {
    collaborators: {
      list: {
        name: "collaborators",
        operation: "Collaborators",
        path: "/repos/{owner}/{repo}/collaborators",
        values: { affiliation: "all" },
      },
      what: "collaborators",
    },
    teams: {
      list: { name: "teams", operation: "Teams", path: "/repos/{owner}/{repo}/teams" },
      what: "teams",
      optional: true,
    },
    workflow: {
      one: { operation: "WorkflowPermissions", path: "/repos/{owner}/{repo}/actions/permissions/workflow" },
      what: "whether workflows may approve",
      optional: true,
    },
  });
