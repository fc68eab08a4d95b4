import type { Deployment } from "../../model/entity.ts";

/** What must be said of a deployment that only a list of the organisation's own shows; empty for any other. */
export const selfReported = ({ origin }: Deployment): string =>
  origin?.from === "import" ? " (self-reported by import)" : "";
