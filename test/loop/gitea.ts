import { randomBytes } from 'node:crypto';
import { connectForge, type Forge, type User } from '../forge/forge.js';
import { type Application, openApplication } from '../forge/application.js';

/** Who and what there is in Gitea before Bivouac comes: README.md, “Use it for real”, tells a person the same steps. */
export interface Place {
  readonly forge: Forge;
  /** An organisation with the repositories `shop`, `platform` and `environments`. */
  readonly organisation: string;
  readonly application: Application;
  /** Writes pull requests and commands; may write to the application. */
  readonly author: User;
  /** May only read. */
  readonly guest: User;
  /** Reads pull requests and answers there: administrator of the application, reader of the platform. */
  readonly bot: User;
  /** Writes environments. */
  readonly publisher: User;
  /** Argo CD's: reads environments. */
  readonly reader: User;
  /** As git knows it: `environments` is `http://…/acme/environments.git`. */
  readonly url: (repository: string) => string;
  /** Puts files on `main`. */
  readonly commit: (repository: string, files: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly deliver: (repository: string, hook: Hook) => Promise<void>;
  /** A file on the GitOps branch as Gitea shows it; undefined: there is none. */
  readonly environmentFile: (path: string) => Promise<unknown>;
}

export interface Hook {
  readonly url: string;
  readonly events: readonly string[];
  readonly secret?: string;
}

const scopes = ['write:repository', 'write:issue', 'read:user'];

/** `undo` gets what removes what was made. */
export const createPlace = async (undo: (() => Promise<unknown>)[]): Promise<Place> => {
  const forge = connectForge();
  if (forge === undefined) throw new Error('FORGE_URL isn’t set');
  undo.push(() => forge.end());
  const isFree = (path: string): Promise<boolean> =>
    forge.ask('GET', path).then(
      () => false,
      () => true,
    );
  /** Pictures are taken of it: plain names where nobody has them. */
  const free = async (name: string): Promise<string> =>
    (await isFree(`/users/${name}`)) ? name : `${name}-${randomBytes(3).toString('hex')}`;
  const organisation = await free('acme');
  await forge.ask('POST', '/orgs', { body: { username: organisation, visibility: 'public' } });
  undo.push(() => forge.ask('DELETE', `/orgs/${organisation}`));
  const repositories = { shop: false, platform: true, environments: true };
  for (const [name, isPrivate] of Object.entries(repositories)) {
    const body = { name, private: isPrivate, default_branch: 'main' };
    await forge.ask('POST', `/orgs/${organisation}/repos`, { body });
    undo.push(() => forge.ask('DELETE', `/repos/${organisation}/${name}`));
  }
  const person = async (name: string, may: readonly string[] = scopes) => forge.createUser(may, await free(name));
  const people = {
    author: await person('ada'),
    guest: await person('grace'),
    bot: await person('bivouac'),
    publisher: await person('bivouac-gitops', ['write:repository']),
    reader: await person('argocd', ['read:repository']),
  };
  const invite = (repository: string, { name }: User, permission: 'read' | 'write' | 'admin') =>
    forge.ask('PUT', `/repos/${organisation}/${repository}/collaborators/${name}`, { body: { permission } });
  await invite('shop', people.author, 'write');
  await invite('shop', people.bot, 'admin');
  await invite('platform', people.bot, 'read');
  await invite('environments', people.publisher, 'write');
  await invite('environments', people.reader, 'read');
  const application = await openApplication(forge, { owner: organisation, name: 'shop' });
  return {
    ...{ forge, organisation, application, ...people },
    url: (repository) => `${forge.url}/${organisation}/${repository}.git`,
    commit: (repository, files) => {
      const contents = Object.entries(files).map(([path, text]) => ({
        ...{ operation: 'create', path, content: Buffer.from(text).toString('base64') },
      }));
      const body = { branch: 'main', message: 'Begin', files: contents };
      return forge.ask('POST', `/repos/${organisation}/${repository}/contents`, { body });
    },
    deliver: async (repository, { url, events, secret }) => {
      const config = { url, content_type: 'json', ...(secret !== undefined && { secret }) };
      const body = { type: 'gitea', active: true, events, config };
      await forge.ask('POST', `/repos/${organisation}/${repository}/hooks`, { body });
    },
    environmentFile: (path) =>
      forge.ask('GET', `/repos/${organisation}/environments/raw/${path}?ref=main`).catch((error: Error) => {
        if (error.message.includes(': 404 ')) return undefined;
        throw error;
      }),
  };
};
