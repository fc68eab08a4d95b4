import type { Repository } from "../world.ts";
import { NOT_FOUND, type Resource, refused } from "./answer.ts";
import { page } from "./pages.ts";
import { userOf } from "./user.ts";

const RIGHTS = ["pull", "triage", "push", "maintain", "admin"] as const;
const ROLES: Readonly<Record<Repository["collaborators"][number]["role"], number>> = {
  read: 0,
  triage: 1,
  write: 2,
  maintain: 3,
  admin: 4,
};

/** Collaborators with their roles, and teams with theirs. */
export const access: Resource = (request, source, [what, ...more]) => {
  if (more.length > 0) return NOT_FOUND;
  const no = refused(request, source, "access");
  if (no) return no;
  const rights = (level: number) => Object.fromEntries(RIGHTS.map((right, at) => [right, at <= level]));
  if (what === "collaborators") {
    return page(request, source.collaborators, {
      item: ({ account, role }) => ({
        ...userOf(request, account),
        permissions: rights(ROLES[role]),
        role_name: role,
      }),
    });
  }
  return page(request, source.teams, {
    item: ({ slug, role }) => ({
      slug,
      name: slug,
      privacy: "closed",
      permission: role,
      permissions: rights(RIGHTS.indexOf(role)),
    }),
  });
};
