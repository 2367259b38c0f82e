/*
 * What Helm makes of the chart, laid into test/golden/helm/ for the tests, which then need no Helm:
 * `HELM=helm npx tsx test/deploy/render.ts`, after every change of the chart.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { chart, render, renderedFile, samples, valuesFile } from './rendering.js';

const helm = process.env['HELM'] ?? 'helm';
for (const sample of samples) {
  const values = `--values=${valuesFile(sample)}`;
  execFileSync(helm, ['lint', '--strict', '--quiet', '--kube-version=1.36.0', chart, values], { stdio: 'inherit' });
  const file = renderedFile(sample);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, render(helm, sample));
}
