/** Seconds from what was done until … */
export interface Times {
  readonly step: string;
  /** Of these: from the webhook’s arrival to the push; absent: it came by no webhook. */
  readonly push?: number;
  /** … the GitOps branch had it */
  readonly git: number;
  /** … the comment said so */
  readonly told: number;
  /** … the cluster had it */
  readonly cluster: number;
  /** … the comment said that */
  readonly settled: number;
}

const kept: Times[] = [];

export const keep = (times: Times): void => {
  kept.push(times);
};

/** As docs/performance.md has it; empty: nothing was timed. */
export const printTimes = (): string => {
  if (kept.length === 0) return '';
  const rows = kept.map(({ step, push, git, told, cluster, settled }) => {
    const seconds = [git, push, told, cluster, settled];
    return [step, ...seconds.map((each) => (each === undefined ? '' : `${each.toFixed(1)} s`))];
  });
  const head = ['what happens', 'in Git', '… since the webhook', 'told', 'in the cluster', 'told, too'];
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};
