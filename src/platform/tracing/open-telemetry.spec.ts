import { OpenTelemetry } from './open-telemetry.js';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('a span of a request', () => {
  it.each([
    { ratio: 1, believesCallers: false, sampled: false, exported: true },
    { ratio: 0, believesCallers: false, sampled: true, exported: false },
    { ratio: 1, believesCallers: true, sampled: false, exported: false },
    { ratio: 0, believesCallers: true, sampled: true, exported: true },
  ])('and all within it is exported or not: %j', async ({ ratio, believesCallers, sampled, exported }) => {
    const endpoint = new URL('http://127.0.0.1:9');
    const library = new OpenTelemetry(
      { endpoint, headers: {}, ratio, believesCallers, serviceName: 'surehand', resource: {} },
      'replica-1',
    );
    const caller = { ...CALLER, sampled };
    const span = library.serverSpan('GET', {}, { caller, tracestate: undefined, begunAt: performance.now() });
    for (const { headers } of [span, span.begin('call', 'PUT deferred-action.modify')])
      expect(headers['traceparent']).toMatch(exported ? /-01$/ : /-00$/);
    expect(span.traceId).toBe(CALLER.traceId);
    await library.stop();
  });
});
