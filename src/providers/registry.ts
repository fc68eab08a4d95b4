import { github } from "./github/index.ts";
import type { Provider } from "./provider.ts";

/** Every provider there is; each is known by its id, which is its folder's name. */
export const providers: readonly Provider[] = [github];
