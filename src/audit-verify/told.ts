import type { Report } from './verify.js';

const number = new Intl.NumberFormat('en');

/** The report in one line, for people. */
export function asLine(report: Report): string {
  const { finding, records } = report;
  if (finding !== null) {
    const id = finding.id === null ? '' : ` (${JSON.stringify(finding.id)})`;
    return `TAMPERED: record ${finding.seq}${id} ${finding.detail} [${finding.code}]; ${number.format(records)} records checked`;
  }
  return `OK: ${[
    `${number.format(records)} records are one chain that ends with ${report.hash}`,
    signatures(report),
    exported(report),
    `${report.seconds.toFixed(1)} s, ${number.format(rate(report))} records/s`,
  ].join('; ')}`;
}

/** The report as one JSON object, for programs. */
export function asJson(report: Report): string {
  return JSON.stringify({ ok: report.finding === null, ...report, recordsPerSecond: rate(report) });
}

function signatures({ checkpoints, signatures: checked }: Report): string {
  const counted = `${number.format(checkpoints)} checkpoints`;
  return checked === null
    ? `${counted}, signatures NOT checked (no --public-key)`
    : `${counted}, signatures valid`;
}

function exported({ records, exported: { matched, upTo } }: Report): string {
  if (matched === 0) return 'NOT compared with exported checkpoints (no --checkpoints)';
  const beyond = number.format(records - upTo);
  return `${number.format(matched)} exported checkpoints match, ${beyond} records came after the last one`;
}

function rate({ records, seconds }: Report): number {
  return Math.round(records / seconds);
}
