import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metrics } from '../src/platform/metrics/metrics.js';
import { describeWithPromtool } from './support/promtool.js';

const ROOT = join(import.meta.dirname, '..');
const ALERTS = join(ROOT, 'deploy/prometheus/alerts.yaml');
const rules = readFileSync(ALERTS, 'utf8');
const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');

/** What a scrape can tell of. */
async function told(): Promise<string[]> {
  const metrics = Metrics.on();
  metrics.watchTrail({ queued: 0, abandoned: 0, spooled: 0 });
  const none = { count: 0, oldestAt: null };
  metrics.watchStore(() =>
    Promise.resolve({ undecided: none, beforeAPerson: none, checkpointAgeMs: 0, uncovered: 0 }),
  );
  return [...(await metrics.text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
}

describe('the alerts', () => {
  it('ask for nothing that no scrape tells of', async () => {
    const names = await told();
    const asked = [...rules.matchAll(/\b(surehand_[a-z_]+|nodejs_[a-z0-9_]+)/g)].map(([name]) =>
      name.replace(/_count$/, ''),
    );
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('are each explained to operators', () => {
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    expect([...page.matchAll(/^\| `(Surehand\w+)`/gm)].map(([, name]) => name)).toEqual(alerts);
  });
});

describe('the metrics', () => {
  it('of our own are each explained to operators', async () => {
    const own = (await told()).filter((name) => name.startsWith('surehand_'));
    expect([...page.matchAll(/^\| `(surehand_\w+)`/gm)].map(([, name]) => name).sort()).toEqual(own.sort());
  });
});

describeWithPromtool('the alerts, as promtool reads them', (promtool) => {
  it('are well-formed', () => {
    expect(promtool(['check', 'rules', ALERTS])).toMatchObject({ code: 0 });
  });

  it('are part of the configuration of compose, which is well-formed', () => {
    const config = join(ROOT, 'deploy/prometheus/prometheus.yaml');
    expect(promtool(['check', 'config', config])).toMatchObject({
      code: 0,
      said: expect.stringContaining('alerts.yaml') as unknown,
    });
  });

  it('fire when they should, and only then', () => {
    const tests = join(ROOT, 'deploy/prometheus/alerts.test.yaml');
    expect(promtool(['test', 'rules', tests])).toMatchObject({ code: 0 });
  });
});
