/** The file with a stratum's keys. */
export const stratumFile = (name: string): string => `stratum-${name.replace(/[^A-Za-z0-9._-]/g, "_")}.txt`;
