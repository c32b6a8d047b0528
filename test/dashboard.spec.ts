import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './support/gateway.js';
import {
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  aHandoffUpdate,
  actionPath,
} from './support/landscape.js';
import { manifest, read } from './support/manifests.js';
import { describeWithPromtool } from './support/promtool.js';
import { Scrapes } from './support/scrape.js';
import { json } from './support/scripted-upstream.js';
import { TOKEN_SETTINGS, issue, withTokens } from './support/upstream-tokens.js';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: {
    readonly defaults: { readonly unit?: string; readonly thresholds: { readonly steps: readonly Step[] } };
  };
  readonly datasource: unknown;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Step {
  readonly color: string;
  readonly value: number | null;
}

const dashboard = JSON.parse(read('grafana/surehand.json')) as { readonly panels: readonly Panel[] };
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
/** An expression as Prometheus is asked it. */
const asked = (expr: string): string => expr.replaceAll('$__rate_interval', '1m');

const METRIC = /\b(?:surehand|nodejs|process)_[a-z0-9_]+/g;

/** Labels that an expression chooses, sums by, or shows. */
function labelsIn(expr: string, legend: string): string[] {
  const chosen = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = '']) =>
    [...matchers.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label),
  );
  const summed = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return [...chosen, ...summed, ...shown];
}

describe('each panel', () => {
  it.each(panels.map((panel): [string, Panel] => [panel.title, panel]))(
    'says what it shows, in which unit, from the chosen source: %s',
    (_title, { description, fieldConfig, datasource, targets = [] }) => {
      expect(description).toMatch(/\.$/);
      expect(['short', 's', 'reqps', 'percentunit', 'bytes']).toContain(fieldConfig.defaults.unit);
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(targets.length).toBeGreaterThan(0);
    },
  );

  it('has a place of its own', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, x < 24, taken.get(`${x} ${y}`)]).toEqual([title, true, undefined]);
          taken.set(`${x} ${y}`, title);
        }
  });

  it('comes after those of how writes end', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['Writes', 'Requests', 'Upstreams', 'Audit trail', 'Process', 'Browser sessions']);
  });
});

describe('the dashboard', () => {
  /** The labels of each metric that a gateway tells of, once everything has happened to it. */
  const told = new Map<string, Set<string>>();

  beforeAll(async () => {
    const scrapes = new Scrapes(await freePort());
    const { HANDOFF_AUTH, HANDOFF_USERNAME, HANDOFF_PASSWORD } = TOKEN_SETTINGS;
    const landscape = await Landscape.start({
      METRICS_PORT: String(scrapes.port),
      HANDOFF_AUTH,
      HANDOFF_USERNAME,
      HANDOFF_PASSWORD,
    });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    landscape.lending.play(withTokens(issue(), json(404, {})));
    await landscape.call(actionPath(1), { body: { scheduledDate: '2021-02-14' } });
    await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
    await scrapes.until('surehand_problems_total{code="upstream-not-found"}', (count) => count > 0);
    for (const series of (await scrapes.series()).keys()) {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series) ?? [];
      const known = told.get(name) ?? new Set(['job', 'instance']);
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
      told.set(name, known);
    }
    await landscape.end();
  });

  it('asks only for metrics that a gateway tells of', () => {
    const names = [...new Set(expressions.flatMap((expr) => expr.match(METRIC) ?? []))];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  });

  it('asks only for labels that they have', () => {
    const faults = panels.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        const labels = (expr.match(METRIC) ?? ['up']).flatMap((name) => [
          ...(told.get(name) ?? ['job', 'instance']),
        ]);
        return labelsIn(expr, legendFormat)
          .filter((label) => !labels.includes(label))
          .map((label) => `${title}: ${label}`);
      }),
    );
    expect(expressions.flatMap((expr) => labelsIn(expr, '')).length).toBeGreaterThan(15);
    expect(faults).toEqual([]);
  });

  it('shows every metric of our own', () => {
    const own = [...told.keys()]
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''))
      // How often a circuit has opened is what a counter tells that a panel of its state does not need.
      .filter((name) => name.startsWith('surehand_') && name !== 'surehand_upstream_circuit_openings_total');
    const shown = expressions.join(' ');
    expect([...new Set(own)].filter((name) => !shown.includes(name))).toEqual([]);
  });
});

describe('an alert', () => {
  const { groups } = manifest('prometheus/alerts.yaml') as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  /** Each comparison of each alert: its text, which metric, by which rule, at which bound. */
  const comparisons = groups
    .flatMap(({ rules }) => rules)
    .flatMap(({ alert, expr }) =>
      expr
        .trim()
        .split(/\s+(?:and|or)\s+/)
        .map((part): [string, string, string, string, number] => {
          const [, by = '', bound = ''] = /(==|>) ([\d.]+)$/.exec(part) ?? [];
          return [alert, part, part.match(METRIC)?.[0] ?? 'up', by, Number(bound)];
        }),
    );

  it.each(comparisons)('%s has a panel that turns red with it: %s', (alert, part, metric, by, bound) => {
    const speaking = panels.filter(
      ({ description = '', targets = [] }) =>
        description.includes(`Alert ${alert}`) && targets.some(({ expr }) => expr.includes(metric)),
    );
    expect(speaking.map(({ title }) => title)).not.toEqual([]);
    for (const { fieldConfig, targets = [] } of speaking) {
      // It shows something only where this holds.
      if (targets.every(({ expr }) => expr.endsWith(` and ${part}`))) continue;
      const { steps } = fieldConfig.defaults.thresholds;
      const red = steps.find(({ color }) => color === 'red')?.value;
      if (by === '==' && bound === 0) expect(steps.map(({ color }) => color)).toEqual(['red', 'green']);
      else if (by === '>' && bound === 0) expect(red).toBeGreaterThan(0);
      else expect(red).toBe(bound);
    }
  });
});

it('has its picture in the docs', () => {
  const docs = join(import.meta.dirname, '../docs');
  expect(readFileSync(join(docs, 'operating.md'), 'utf8')).toContain('](dashboard.png)');
  expect(readFileSync(join(docs, 'dashboard.png')).length).toBeLessThan(270_000);
});

describeWithPromtool('the expressions, as promtool reads them', (promtool) => {
  it('are well-formed', () => {
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr: asked(expr) }));
    const directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const file = join(directory, 'panels.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    expect(promtool(['check', 'rules', file])).toMatchObject({ code: 0 });
    rmSync(directory, { recursive: true });
  });
});
