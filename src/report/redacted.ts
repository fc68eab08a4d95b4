import { withoutTokens } from "../util/without-tokens.ts";

/** Text without what is shaped like a token: nothing in a pack holds one, whoever wrote it where. */
export const redacted = withoutTokens("[redacted token]", 20);
