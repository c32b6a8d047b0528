import { Metrics } from './metrics.js';

describe('the metrics', () => {
  it('take an unknown method for any other one', async () => {
    const metrics = Metrics.on();
    const end = { status: 400, problem: undefined, durationMs: 20 };
    for (const method of ['PROPFIND', 'X-1', undefined]) metrics.requestEnded({ ...end, method });
    expect(await metrics.text()).toContain(
      'surehand_http_request_duration_seconds_count{route="unknown",method="other",status="400"} 3\n',
    );
  });

  it('are seconds', async () => {
    const metrics = Metrics.on();
    metrics.requestEnded({ method: 'GET', status: 200, problem: undefined, durationMs: 20 }, '/writes');
    expect(await metrics.text()).toMatch(/surehand_http_request_duration_seconds_sum\{.*\} 0\.02\n/);
  });

  it('say nothing while they are off', async () => {
    Metrics.off.requestEnded({ method: 'GET', status: 200, problem: 'not-found', durationMs: 1 });
    Metrics.off.appended('taken', 1);
    expect(await Metrics.off.text()).toBe('');
  });
});
