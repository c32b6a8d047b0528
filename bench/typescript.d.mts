/** Compiles all TypeScript below a folder into another. */
export function compile(from: string, into: string): void;
