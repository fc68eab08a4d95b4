import { matchesGlob } from "node:path";

/** Whether any of the globs (`services/payments/**`) takes in the path, which is written with slashes. */
export const matchesAny = (globs: readonly string[], path: string): boolean =>
  globs.some((glob) => matchesGlob(path, glob));
