/** As Grafana would choose it for a scrape a second and some room. */
const RATE_INTERVAL = '15s';
/** As many points as a panel can show. */
const STEP_SECONDS = 2;

/**
 * What Prometheus answers to the expressions of a dashboard's panels, by panel: the times (s since the epoch) and
 * one line for each series, null where it has no value.
 */
export async function seriesOf(prometheus, { panels }, { start, end }) {
  const times = Array.from(
    { length: Math.floor((end - start) / STEP_SECONDS) + 1 },
    (_, step) => start + step * STEP_SECONDS,
  );
  const answered = panels.map(async ({ id, targets = [] }) => {
    const lines = await Promise.all(
      targets.map(async ({ expr, legendFormat }) => {
        const series = await range(
          prometheus,
          expr.replaceAll('$__rate_interval', RATE_INTERVAL),
          start,
          end,
        );
        return series.map(({ metric, values }) => ({
          name: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? ''),
          values: aligned(times, values),
        }));
      }),
    );
    return [id, lines.flat().sort((one, other) => (one.name < other.name ? -1 : 1))];
  });
  return { times, lines: Object.fromEntries(await Promise.all(answered)) };
}

async function range(prometheus, query, start, end) {
  const reply = await fetch(`${prometheus}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams({ query, start, end, step: STEP_SECONDS }),
  });
  const { status, error, data } = await reply.json();
  if (status !== 'success') throw new Error(`${query}: ${error}`);
  return data.result;
}

function aligned(times, values) {
  const known = new Map(values.map(([at, value]) => [at, Number(value)]));
  return times.map((at) => {
    const value = known.get(at);
    return value === undefined || Number.isNaN(value) ? null : value;
  });
}
