import { z } from "zod";

export const count = z.number().int().min(0);
/** A record's id, printed as `r<id>`. */
export const recordRef = z.number().int().positive();
