/** A reply that a visitor got, on the way to a page or of a call. */
export interface Step {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The lines of `Set-Cookie`. */
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Where a browser goes next by itself. */
export interface Follow {
  readonly url: URL;
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** The page that leads there, and the redirects since. */
  readonly chain?: readonly URL[];
}

/** What a reply makes a browser do: a redirect, a form that submits itself, a page that goes on. */
export function followOf(step: Step, { form, chain = [] }: Follow): Follow | undefined {
  const { status, url, headers, body } = step;
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    const keepsMethod = status === 307 || status === 308;
    // A typed address has no page behind it: the redirect's own origin is what leads on.
    return { url: new URL(location, url), form: keepsMethod ? form : undefined, chain: [...chain, url] };
  }
  if (headers['content-type']?.startsWith('text/html') !== true) return undefined;
  if (body.includes('.submit()')) {
    const action = /<form[^>]* action="([^"]*)"/.exec(body)?.[1] ?? '';
    const inputs = [...body.matchAll(/<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"/g)];
    const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescaped(value)]));
    return { url: new URL(unescaped(action), url), form: fields, chain: [url] };
  }
  const onward =
    /<meta http-equiv="refresh" content="\d+;\s*url=([^"]*)"/i.exec(body)?.[1] ??
    refreshOf(headers['refresh']);
  return onward === undefined ? undefined : { url: new URL(unescaped(onward), url), chain: [url] };
}

function refreshOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /url=(.*)$/i.exec(header)?.[1];
}

/** Ports do not make another site. */
export function siteOf({ protocol, hostname }: URL): string {
  return `${protocol}//${hostname}`;
}

function unescaped(html: string): string {
  return html
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
