const integers = new Intl.NumberFormat("en-GB");

/** A count as texts print it, its digits grouped: `18,204`. */
export const number = (value: number): string => integers.format(value);
