// Runs in the browser, beside uPlot: draws a Grafana dashboard's panels as far as ours uses them.
const NAMED = { green: '#3a9a48', red: '#d64545', orange: '#e08a1e', blue: '#3274d9', purple: '#8f5bb5' };
const PALETTE = [
  '#3274d9',
  '#e08a1e',
  '#3a9a48',
  '#8f5bb5',
  '#d64545',
  '#1f9ea8',
  '#b38600',
  '#c45ba1',
  '#6b7580',
];

const UNITS = {
  s: (value) => (value >= 1 || value === 0 ? `${short(value)} s` : `${short(value * 1_000)} ms`),
  percentunit: (value) => `${short(value * 100)} %`,
  bytes: (value) => `${short(value / 2 ** 20)} MiB`,
  reqps: (value) => `${short(value)}/s`,
  short: (value) => short(value),
};

function short(value) {
  return String(Number(value.toPrecision(Math.abs(value) >= 100 ? 4 : 3)));
}

globalThis.drawDashboard = ({ title, description, panels }, { times, lines }) => {
  const head = element('h1', { textContent: title });
  head.append(element('small', { textContent: description }));
  document.body.append(head);
  const board = element('div', { id: 'board' });
  document.body.append(board);
  for (const panel of panels) {
    const { x, y, w, h } = panel.gridPos;
    const box = element('section', { className: panel.type === 'row' ? 'row' : 'panel' });
    box.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    board.append(box);
    if (panel.type === 'row') box.textContent = panel.title;
    if (panel.type === 'stat') drawStat(box, panel, lines[panel.id]);
    if (panel.type === 'timeseries') drawLines(box, panel, times, lines[panel.id]);
  }
};

function drawStat(box, { title, fieldConfig: { defaults } }, series) {
  const last = series[0]?.values.findLast((value) => value !== null);
  box.classList.add('stat');
  box.append(element('h2', { textContent: title }));
  const text = defaults.mappings[0]?.options[String(last)]?.text;
  box.append(
    element('div', { textContent: last === undefined ? 'no data' : (text ?? UNITS[defaults.unit](last)) }),
  );
  const reached = defaults.thresholds.steps.findLast(({ value }) => value === null || value <= last);
  box.style.background = NAMED[reached.color];
}

function drawLines(box, panel, times, series) {
  const { defaults, overrides } = panel.fieldConfig;
  const { custom, thresholds, unit } = defaults;
  box.append(element('h2', { textContent: panel.title }));
  const plot = element('div', { className: 'plot' });
  const legend = element('div', { className: 'legend' });
  box.append(plot, legend);
  const colours = coloursOf(series, overrides);
  series.forEach(({ name }, index) => {
    const entry = element('span', { textContent: name });
    const mark = element('i', {});
    mark.style.background = colours[index];
    entry.prepend(mark);
    legend.append(entry);
  });
  const stacked = custom.stacking.mode === 'normal';
  const drawn = stacked ? stack(series.map(({ values }) => values)) : series.map(({ values }) => values);
  const highest = Math.max(...drawn.flat().filter((value) => value !== null), 0);
  const limit = custom.thresholdsStyle.mode === 'line' ? thresholds.steps.at(-1) : undefined;
  const { width, height } = plot.getBoundingClientRect();
  const order = series.map((_, index) => index);
  // The highest sum is drawn first, so that each smaller one covers it.
  if (stacked) order.reverse();
  new globalThis.uPlot(
    {
      width,
      height,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true }, y: { range: [defaults.min ?? 0, topOf(highest, limit?.value)] } },
      axes: [
        {
          ...AXIS,
          size: 22,
          space: 46,
          incrs: [60, 120, 300, 600, 900, 1_800, 3_600],
          values: (_, at) => at.map(clock),
        },
        {
          ...AXIS,
          size: 62,
          space: 26,
          incrs: INCREMENTS[unit],
          values: (_, at) => at.map((value) => UNITS[unit](value)),
        },
      ],
      series: [
        {},
        ...order.map((index) => ({
          stroke: stacked ? '#ffffff' : colours[index],
          width: stacked ? 1 : 2,
          points: { show: false },
          fill: stacked ? colours[index] : `${colours[index]}18`,
          paths:
            custom.lineInterpolation === 'stepAfter'
              ? globalThis.uPlot.paths.stepped({ align: 1 })
              : undefined,
        })),
      ],
      hooks: { draw: [(chart) => drawLimit(chart, limit)] },
    },
    [times, ...order.map((index) => drawn[index])],
    plot,
  );
}

/** Steps of an axis that are round in what it shows. */
const INCREMENTS = { bytes: [16, 32, 64, 128, 256, 512].map((mebibytes) => mebibytes * 2 ** 20) };

const AXIS = {
  font: '11px DejaVu Sans, Arial',
  stroke: '#555c64',
  grid: { stroke: '#eceef0', width: 1 },
  ticks: { stroke: '#eceef0', size: 4 },
};

/** An alert's line is drawn where it is; a curve far below it keeps its shape. */
function topOf(highest, limit) {
  if (highest === 0) return limit === undefined ? 1 : limit * 1.25;
  if (limit !== undefined && highest > limit / 6) return Math.max(highest, limit) * 1.15;
  return highest * 1.15;
}

function drawLimit({ ctx, bbox, valToPos, scales }, limit) {
  if (limit === undefined || limit.value > scales.y.max) return;
  const y = valToPos(limit.value, 'y', true);
  ctx.save();
  ctx.strokeStyle = NAMED[limit.color];
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function coloursOf(series, overrides) {
  let next = 0;
  return series.map(({ name }) => {
    const own = overrides.find(({ matcher: { id, options } }) =>
      id === 'byRegexp' ? new RegExp(options.slice(1, -1)).test(name) : options === name,
    );
    return own === undefined ? PALETTE[next++ % PALETTE.length] : NAMED[own.properties[0].value.fixedColor];
  });
}

function stack(series) {
  return series.map((_, index) =>
    series[index].map((__, at) =>
      series.slice(0, index + 1).reduce((sum, values) => sum + (values[at] ?? 0), 0),
    ),
  );
}

function clock(seconds) {
  return new Date(seconds * 1_000).toISOString().slice(11, 16);
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
