import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { parseSetCookie, type SetCookie } from 'cookie';

/** What a gateway may set, and nothing else. RFC 10017 section 6.1.3.2. */
const SESSION = '__Host-Http-surehand';
const LOGIN = /^__Host-Http-surehand-login-[\w-]{8}$/;
/** Browsers need not keep more (RFC 6265 section 6.1); the session cookie goes along with every call. */
const LOGIN_BYTES = 4_096;
const SESSION_BYTES = 200;

/** Cookies that broke a rule, since they were last asked for. */
const found: string[] = [];
/** Replies whose lines are still to come. */
const pending = new Set<Promise<void>>();
/** Origins of servers that are no gateway. */
const others = new Set<string>();
/** Tokens, codes and the like. */
const known = new Set<string>();

/** All that is wrong with one `Set-Cookie` line of a gateway. */
export function faultsOf(line: string, secrets: Iterable<string> = known): string[] {
  const cookie = parseSetCookie(line, { decode: (value) => value });
  const login = LOGIN.test(cookie.name);
  const value = cookie.value ?? '';
  const faults: [broken: boolean, fault: string][] = [
    [!login && cookie.name !== SESSION, `is called neither ${SESSION} nor as a login is`],
    [cookie.secure !== true, 'is not Secure'],
    [cookie.httpOnly !== true, 'is not HttpOnly'],
    [cookie.path !== '/', 'has not the path /'],
    [/;\s*domain\b/i.test(line), 'has a domain'],
    [login ? cookie.sameSite !== 'lax' : cookie.sameSite !== 'strict', 'has the wrong SameSite'],
    [!login && outlivesTheBrowser(cookie), 'outlives the browser'],
    [Buffer.byteLength(`${cookie.name}=${value}`) > (login ? LOGIN_BYTES : SESSION_BYTES), 'is too long'],
    [holdsToken(value, secrets), 'holds a token'],
    [!/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value), 'has characters that RFC 6265 forbids'],
  ];
  return faults.filter(([broken]) => broken).map(([, fault]) => fault);
}

/** Only a deletion may say when. */
function outlivesTheBrowser({ maxAge, expires }: SetCookie): boolean {
  return (maxAge ?? 0) > 0 || (expires !== undefined && expires.getTime() > Date.now());
}

function holdsToken(value: string, secrets: Iterable<string>): boolean {
  const readings = [value, percentDecoded(value), Buffer.from(value, 'base64').toString('latin1')];
  // `eyJ` is how a JSON object begins in base64, and a dot follows it: a JWT that no test knows.
  return readings.some(
    (reading) => /eyJ[\w-]*\./.test(reading) || [...secrets].some((secret) => reading.includes(secret)),
  );
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Says that a server is no gateway, so that its cookies are its own business. */
export function isNoGateway(url: string): void {
  others.add(new URL(url).origin);
}

/** Says what no cookie may hold. */
export function isSecret(text: unknown): void {
  if (typeof text === 'string' && text.length >= 16) known.add(text);
}

/** Holds the `Set-Cookie` lines of one reply against the rules. */
export function holdAgainstRules(origin: string, lines: readonly string[]): void {
  if (lines.length === 0 || others.has(new URL(origin).origin)) return;
  for (const line of lines) {
    const faults = faultsOf(line);
    if (faults.length > 0) found.push(`Set-Cookie: ${line}\n  ${faults.join(', ')}`);
  }
}

/** The same for lines that are still to come; a reply that comes to nothing sets no cookie. */
export function holdAgainstRulesLater(origin: string, lines: Promise<readonly string[]>): void {
  const held = lines
    .then((all) => {
      holdAgainstRules(origin, all);
    })
    .catch(() => undefined)
    .finally(() => pending.delete(held));
  pending.add(held);
}

/** When the lines of all replies so far have been held against the rules. */
export async function allHeld(): Promise<void> {
  await Promise.all(pending);
}

/** What was found since the last call. */
export async function takeFaults(): Promise<string[]> {
  await allHeld();
  return found.splice(0);
}

/** Looks at every reply that this process gets by fetch, undici or node:http, until told to stop. */
export function watchReplies(): () => void {
  subscribe('undici:request:headers', onUndiciReply);
  subscribe('http.client.response.finish', onHttpReply);
  return () => {
    unsubscribe('undici:request:headers', onUndiciReply);
    unsubscribe('http.client.response.finish', onHttpReply);
  };
}

// nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html and undici's docs/api/DiagnosticsChannel.md.
function onUndiciReply(message: unknown): void {
  const { request, response } = message as {
    request: { origin: string | URL };
    response: { headers: readonly Buffer[] };
  };
  const texts = response.headers.map(String);
  const lines = texts.filter((_, at) => at % 2 === 1 && texts[at - 1]?.toLowerCase() === 'set-cookie');
  holdAgainstRules(String(request.origin), lines);
}

function onHttpReply(message: unknown): void {
  const { request, response } = message as {
    request: { getHeader(name: string): unknown };
    response: { headers: { 'set-cookie'?: string[] } };
  };
  const lines = response.headers['set-cookie'] ?? [];
  holdAgainstRules(`http://${String(request.getHeader('host'))}`, lines);
}
