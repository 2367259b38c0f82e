import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bivouac } from '../cli/harness.js';
import { demand } from '../publish/faults/proof.js';
import type { Place } from './gitea.js';

const root = join(import.meta.dirname, '..', '..');

/** A platform's folder, with its charts bundled as a person commits them. */
export const writePlatform = async (
  folder: string,
  { place, name }: { readonly place: Place; readonly name: string },
): Promise<string> => {
  const platform = join(folder, 'platform');
  await mkdir(join(platform, 'charts'), { recursive: true });
  await cp(join(root, 'charts/shop.ts'), join(platform, 'charts/shop.ts'));
  const yaml = `version: 1
gitops: { repository: ${place.url('environments')} }
forge: { kind: gitea, url: ${place.forge.url} }
domain: preview.example.com
applications:
  ${name}:
    chart: charts/shop.ts
    repositories: [${place.organisation}/shop]
    images: { api: 'ghcr.io/acme/shop-api:{headSha}', web: 'ghcr.io/acme/shop-web:{headSha}', seed: ghcr.io/acme/shop-seed:1.4.0 }
    variables: { LOG_LEVEL: info }
    overrides: { components: true, variables: [LOG_LEVEL] }
pullRequests: { forks: approved }
policy: { registries: [ghcr.io/acme, docker.io/library] }
feedback: { status: true }
`;
  await writeFile(join(platform, 'bivouac.yaml'), yaml);
  const built = await bivouac(['build'], { cwd: platform });
  demand(built.code === 0, built.stderr);
  return platform;
};

/** Texts by their paths. */
export const filesIn = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const texts = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
};
