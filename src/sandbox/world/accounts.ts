/** An account as GitHub has it; `id` is its database id. */
export interface Account {
  kind: "User" | "Bot" | "Organization" | "Mannequin";
  id: number;
  login: string;
  name: string | null;
}

/** A GitHub App, as checks, rules and bypass lists name it. */
export interface App {
  id: number;
  slug: string;
  name: string;
}

/** A name and an address as git has them, and the account that GitHub links the address to. */
export interface GitIdentity {
  name: string;
  email: string;
  account: number | null;
}
