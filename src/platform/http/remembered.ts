/** Clients send a few texts over and over again: no more are kept than this, and no longer ones. */
const MOST_TEXTS = 100;
const LONGEST_TEXT = 256;

/** The same function, which keeps what it made of a text. For work that depends on nothing else; what it throws is not kept. */
export function remembered<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const result = work(text);
    if (text.length > LONGEST_TEXT) return result;
    if (known.size >= MOST_TEXTS) known.clear();
    known.set(text, result);
    return result;
  };
}
