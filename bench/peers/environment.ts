/** What every peer is told. */
function told(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

export const HOST = '127.0.0.1';
export const PORT = Number(told('PORT'));
/** Origin of the upstream. */
export const UPSTREAM = told('UPSTREAM');
export const ISSUER = told('ISSUER');
export const AUDIENCE = told('AUDIENCE');
