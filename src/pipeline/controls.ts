import { join } from "node:path";
import { attributes } from "../attributes/index.ts";
import { loadCatalog } from "../catalog/index.ts";
import type { Control, Framework } from "../model/control.ts";
import { packageRoot } from "../util/root.ts";

/** The shipped frameworks, controls and attributes, in their own order. */
export interface ControlList {
  readonly frameworks: readonly Framework[];
  readonly controls: readonly Control[];
  readonly attributes: readonly {
    readonly id: string;
    readonly letter: string;
    readonly title: string;
    readonly subject: string;
  }[];
}

/** What flowproof tests and which criteria that serves; needs no configuration. Throws ConfigError where a catalog file is wrong. */
export function listControls(): ControlList {
  const { frameworks, controls } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
  return {
    frameworks,
    controls,
    attributes: attributes.map(({ id, letter, title, subject }) => ({ id, letter, title, subject })),
  };
}
