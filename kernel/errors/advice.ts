/** What an error tells: what happened, why, and what to do next. */
export interface Advice {
  what: string;
  why: string;
  next: string;
}
