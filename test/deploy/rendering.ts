import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
export const chart = join(root, 'deploy/helm/bivouac');

/** Values that the chart is rendered with, each in `values/`; what Helm made of them lies in `test/golden/helm/`. */
export const samples = ['least', 'flux', 'most'] as const;
export type Sample = (typeof samples)[number];

export const valuesFile = (sample: Sample): string => join(import.meta.dirname, `values/${sample}.yaml`);
export const renderedFile = (sample: Sample): string => join(root, `test/golden/helm/${sample}.yaml`);

/** What a rendering was made from. */
export const sourceDigest = (sample: Sample): string => {
  const hash = createHash('sha256');
  const files = readdirSync(chart, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...files, valuesFile(sample)])
    hash.update(`${file.slice(root.length)}\n`).update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
  return hash.digest('hex');
};

/** By Helm itself, headed by what it was made from. */
export const render = (helm: string, sample: Sample): string => {
  const args = [
    'template',
    'bivouac',
    chart,
    '--namespace=tools',
    '--kube-version=1.36.0',
    `--values=${valuesFile(sample)}`,
  ];
  const text = execFileSync(helm, args, { encoding: 'utf8' });
  return `# made by test/deploy/render.ts from ${sourceDigest(sample)}\n${text}`;
};
