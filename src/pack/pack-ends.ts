/** What stands at the two ends of every pack: both must be on the paper, on the first and on the last page. */
export const packEnds = { start: "pack-start", end: "pack-end" } as const;
