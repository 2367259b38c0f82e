import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkPod } from '../../src/policy/pod-security/check-pod.js';
import type { MetadataView, PodView } from '../../src/policy/view.js';

interface Line {
  readonly version: string;
  readonly verdict: 'pass' | 'fail';
  readonly case: string;
  readonly pod: { readonly metadata: MetadataView; readonly spec: PodView };
}

const file = 'pod-security-restricted.jsonl';
const places = [
  process.env['BIVOUAC_FIXTURES'],
  new URL('../../../shared/fixtures/', import.meta.url).pathname,
  new URL('../fixtures/', import.meta.url).pathname,
].filter((place) => place !== undefined);
const found = places.map((place) => join(place, file)).find((path) => existsSync(path));

if (found === undefined) {
  console.warn(`Pod Security: ${file} is in none of ${places.join(', ')}; set BIVOUAC_FIXTURES to its folder.`);
  // eslint-disable-next-line jest/no-disabled-tests -- said aloud: the file isn't part of this repository
  test.skip(`skipped: no fixtures (${file})`, () => expect(found).toBeDefined());
} else {
  const lines = readFileSync(found, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

  test('there are 721 cases of eight versions', () => {
    expect(lines).toHaveLength(721);
    expect(new Set(lines.map(({ version }) => version)).size).toBe(8);
  });

  test('restricted agrees with the admission controller on every one', () => {
    const disagreements = lines.filter(({ version, verdict, pod }) => {
      const problems = checkPod(pod, { level: 'restricted', version });
      return (problems.length === 0) !== (verdict === 'pass');
    });
    expect(disagreements.map((line) => `${line.version} ${line.verdict} ${line.case}`)).toEqual([]);
  });

  test('baseline refuses nothing that restricted admits', () => {
    const wrong = lines.filter(
      ({ version, verdict, pod }) => verdict === 'pass' && checkPod(pod, { level: 'baseline', version }).length > 0,
    );
    expect(wrong).toEqual([]);
  });

  test('baseline is about the cases that are called after its controls', () => {
    const restrictedOnly =
      /^(?:allowprivilegeescalation|capabilities_restricted|restrictedvolumes|runasnonroot|runasuser|seccompprofile_restricted|procmount_restricted)/;
    const host = /^restrictedvolumes19$/; // a hostPath
    const admitted = lines.filter(
      ({ version, verdict, pod }) => verdict === 'fail' && checkPod(pod, { level: 'baseline', version }).length === 0,
    );
    expect(admitted.map((line) => line.case).filter((name) => !restrictedOnly.test(name) || host.test(name))).toEqual(
      [],
    );
    expect(admitted.length).toBeGreaterThan(100);
  });
}

describe('what the fixtures leave out', () => {
  const good: PodView = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'a', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  };
  const fields = (spec: PodView) =>
    checkPod({ metadata: {}, spec }, { level: 'restricted', version: 'v1.32' }).map(({ field }) => field);

  test('ephemeral containers are containers', () => {
    expect(
      fields({ ...good, ephemeralContainers: [{ name: 'debug', securityContext: { privileged: true } }] }),
    ).toContain('/spec/ephemeralContainers/0/securityContext/privileged');
  });
  test('the AppArmor field', () => {
    const securityContext = { ...good.securityContext, appArmorProfile: { type: 'Unconfined' } };
    expect(fields({ ...good, securityContext })).toEqual(['/spec/securityContext/appArmorProfile/type']);
  });
  test('a volume with two types, one of them refused', () => {
    expect(fields({ ...good, volumes: [{ name: 'x', emptyDir: {}, nfs: { path: '/', server: 'a' } }] })).toEqual([
      '/spec/volumes/0/nfs',
    ]);
  });
  test('capabilities in other letters, or with a prefix, are others', () => {
    const of = (drop: string[]) => ({
      ...good.containers?.[0],
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop } },
    });
    expect(fields({ ...good, containers: [of(['all'])] })).toHaveLength(1);
    expect(fields({ ...good, containers: [of(['ALL'])] })).toEqual([]);
  });
});
