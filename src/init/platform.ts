import type { InitFile } from './file.js';

/** What this package says of itself in its package.json. */
export interface OwnPackage {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The texts of `templates/platform/`, by path below it. npm leaves a `.gitignore` out of packages, so it has no dot there. */
export type PlatformTemplates = ReadonlyMap<string, string>;

/** A platform repository that works at once: configuration, one small application with its test, and what installs and checks them. */
export const platformFiles = (templates: PlatformTemplates, own: OwnPackage): readonly InitFile[] =>
  [
    ...[...templates].map(([path, text]): readonly [string, string] => [
      path === 'gitignore' ? '.gitignore' : path,
      text,
    ]),
    ['package.json', json(packageOf(own))] as const,
    ['tsconfig.json', json(tsconfig)] as const,
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ path, text, ownership: path === '.gitignore' ? 'lines' : 'once' }));

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const tools = ['@types/node', 'esbuild', 'tsx', 'typescript'] as const;

const packageOf = ({ version, peerDependencies, devDependencies }: OwnPackage) => ({
  name: 'platform',
  private: true,
  type: 'module',
  scripts: {
    test: 'tsc --noEmit && tsx --test charts/*.test.ts',
    synth: 'npx --yes cdk8s-cli synth --no-check-upgrade',
  },
  dependencies: { bivouac: `^${version}`, ...peerDependencies },
  devDependencies: Object.fromEntries(tools.map((name) => [name, devDependencies[name]])),
});

const tsconfig = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['charts'],
};

/** What an existing package.json lacks of the one that would have been written: `dependencies.bivouac`, `scripts.test`. */
export const lackingIn = (existing: string, wanted: string): readonly string[] => {
  const [there, needed] = [objectOf(existing), objectOf(wanted)];
  const sections = ['scripts', 'dependencies', 'devDependencies'] as const;
  const all = new Set(['dependencies', 'devDependencies'].flatMap((section) => Object.keys(objectIn(there, section))));
  const missing = sections.flatMap((section) =>
    Object.keys(objectIn(needed, section))
      .filter((name) => (section === 'scripts' ? !(name in objectIn(there, section)) : !all.has(name)))
      .map((name) => `${section}.${name}`),
  );
  return there['type'] === 'module' ? missing : ['"type": "module"', ...missing];
};

type Fields = Readonly<Record<string, unknown>>;

const objectOf = (text: string): Fields => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
};

const objectIn = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
};
