/** What any script of a page can try on a gateway of another origin, to be run in that page; one word for each try. */

/** Sends what somebody who is signed in could send. `nothing` where the script neither got through nor learnt anything. */
export function fetches(gateway: string, [action, resolution, logout]: readonly string[]): string {
  return `(async () => {
    const attempt = async (path, init) => {
      try {
        const reply = await fetch('${gateway}' + path, { credentials: 'include', ...init });
        return reply.type === 'opaque' ? 'nothing' : 'status ' + reply.status;
      } catch {
        return 'nothing';
      }
    };
    const proof = { 'X-Surehand': '1' };
    const json = { 'Content-Type': 'application/json' };
    const write = { method: 'PUT', body: '{"scheduledDate":"2021-02-14"}' };
    const unasked = { method: 'POST', mode: 'no-cors' };
    return [
      await attempt('/writes'),
      await attempt('/writes', { headers: proof }),
      await attempt('/auth/session'),
      await attempt('${action}', { ...write, headers: json }),
      await attempt('${action}', { ...write, headers: { ...json, ...proof } }),
      await attempt('${action}', unasked),
      await attempt('${resolution}', { ...unasked, body: '{}' }),
      await attempt('${logout}', unasked),
      await attempt('${logout}', { method: 'POST', headers: proof }),
    ];
  })()`;
}

/** Posts a form to each path, in a frame that it embeds. */
export function forms(gateway: string, paths: readonly string[]): string {
  return `${JSON.stringify(paths)}.forEach((path, index) => {
    const frame = document.createElement('iframe');
    const form = document.createElement('form');
    frame.name = form.target = 'frame-' + index;
    form.method = 'post';
    form.action = '${gateway}' + path;
    document.body.append(frame, form);
    form.submit();
  })`;
}

/** What a page may embed, each by an element of its own. */
export type Embedded = readonly (readonly [tag: 'img' | 'script', path: string])[];

/** Embeds pictures and scripts: `loaded` or `refused`; JSON is refused as either, whoever sends it. */
export function embeddings(gateway: string, embedded: Embedded): string {
  return `(async () => {
    const load = (tag, path) => new Promise((resolve) => {
      const element = document.createElement(tag);
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      element.src = '${gateway}' + path;
      document.body.append(element);
    });
    const learnt = [];
    for (const [tag, path] of ${JSON.stringify(embedded)}) learnt.push(await load(tag, path));
    return learnt;
  })()`;
}

/** Reads the window that it has opened as `other`. */
export const PEEK = `(() => {
  try {
    return other.document.title;
  } catch {
    return 'nothing';
  }
})()`;
