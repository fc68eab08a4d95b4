/**
 * How many rows of a listing, or names in a row, the document shows before it refers to the file that holds all: the one
 * place for these numbers. A page of the print holds about 60 rows of the population, six bypasses, one story or two.
 */
export const limits = {
  changes: 2000,
  deployments: 2000,
  records: 2000,
  /** Exceptions told whole, each with its story and room for the answer. */
  stories: 100,
  /** Exceptions as rows, those that follow from another apart. */
  exceptions: 2000,
  followers: 2000,
  bypasses: 150,
  unmatched: 2000,
  coverage: 500,
  /** Changes merged to other branches, and promotions. */
  elsewhere: 500,
  /** Rows of the control matrix of one criterion: its controls, and the attestations that address it. */
  matrix: 60,
  /** Reasons for what the evidence does not decide. */
  reasons: 200,
  /** Items that such a reason names. */
  reasonItems: 12,
  /** Names in one row or paragraph: exceptions of a control, changes of a class, leaks of a gate. */
  names: 40,
} as const;
