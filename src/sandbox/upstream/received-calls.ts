import type { Json } from '../json.js';
import type { UpstreamCall } from './route.js';

const kept = 100;

/** The last calls an upstream received, oldest first, so that a person can see what reached it. */
export class ReceivedCalls {
  private readonly calls: UpstreamCall[] = [];

  add(call: UpstreamCall): void {
    this.calls.push(call);
    if (this.calls.length > kept) {
      this.calls.shift();
    }
  }

  list(): Json {
    return this.calls.map(({ method, path, headers, body }) => ({
      method,
      path,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      ),
      body,
    }));
  }
}
