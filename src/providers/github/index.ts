import { coreKinds, furtherKinds } from "../../model/stream.ts";
import type { Provider } from "../provider.ts";
import { askAgain } from "./change-again.ts";
import { moves } from "./change-moves.ts";
import { collect } from "./collect.ts";
import { discover } from "./discover.ts";
import { keptDays } from "./kept-days.ts";
import { missingPlaces } from "./missing-places.ts";
import { normalize } from "./normalize.ts";
import { probe } from "./probe.ts";
import { repositories } from "./repositories.ts";

/** GitHub by its GraphQL API, and by REST where GraphQL has nothing: github.com and Enterprise Server. */
export const github: Provider = {
  id: "github",
  streams: ["repositories", ...coreKinds, ...furtherKinds],
  keptDays,
  probe,
  repositories,
  collect,
  again: { ask: askAgain, moves },
  discover,
  missingPlaces,
  normalize,
};
