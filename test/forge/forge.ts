import { randomBytes } from 'node:crypto';

/** What the API of Gitea is asked for here. */
export interface Forge {
  readonly url: string;
  readonly owner: string;
  readonly token: string;
  /** An empty private repository; gives its name. */
  createRepository(): Promise<string>;
  change(repository: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  protect(repository: string, rule: Readonly<Record<string, unknown>>): Promise<void>;
  /** Somebody else. `name`: one that is free; a new one unless given. */
  createUser(scopes: readonly string[], name?: string): Promise<User>;
  invite(repository: string, user: string, permission: 'read' | 'write'): Promise<void>;
  /** Anything else; `path` is below the API's address. Throws what isn't a success. */
  ask(method: string, path: string, asked?: Asked): Promise<unknown>;
  /** Removes whatever was made. */
  end(): Promise<void>;
}

export interface User {
  readonly name: string;
  readonly token: string;
}

interface Asked {
  readonly body?: unknown;
  /** @default the administrator's */
  readonly authorization?: string;
}

/** Undefined: no forge was named. */
export const connectForge = (): Forge | undefined => {
  const [url, api, owner, token] = ['FORGE_URL', 'FORGE_API', 'FORGE_USER', 'FORGE_TOKEN'].map(
    (name) => process.env[name] ?? '',
  ) as [string, string, string, string];
  if (url === '') return undefined;
  const repositories: string[] = [];
  const users: string[] = [];
  const ask = async (
    method: string,
    path: string,
    { body, authorization = `token ${token}` }: Asked = {},
  ): Promise<unknown> => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const fresh = (): string => `bivouac-${randomBytes(5).toString('hex')}`;

  return {
    url,
    owner,
    token,
    ask,
    createRepository: async () => {
      const name = fresh();
      await ask('POST', '/user/repos', { body: { name, private: true, default_branch: 'main' } });
      repositories.push(name);
      return name;
    },
    change: async (repository, fields) => {
      await ask('PATCH', `/repos/${owner}/${repository}`, { body: fields });
      if (typeof fields['name'] === 'string') repositories.push(fields['name']);
    },
    protect: async (repository, rule) => {
      await ask('POST', `/repos/${owner}/${repository}/branch_protections`, { body: { rule_name: 'main', ...rule } });
    },
    createUser: async (scopes, name = fresh()) => {
      const password = randomBytes(16).toString('hex');
      const email = `${name}@example.invalid`;
      await ask('POST', '/admin/users', { body: { username: name, email, password, must_change_password: false } });
      users.push(name);
      const basic = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
      const made = (await ask('POST', `/users/${name}/tokens`, {
        body: { name: 'test', scopes },
        authorization: basic,
      })) as { sha1: string };
      return { name, token: made.sha1 };
    },
    invite: async (repository, user, permission) => {
      await ask('PUT', `/repos/${owner}/${repository}/collaborators/${user}`, { body: { permission } });
    },
    end: async () => {
      for (const each of repositories) await ask('DELETE', `/repos/${owner}/${each}`).catch(() => undefined);
      for (const each of users) await ask('DELETE', `/admin/users/${each}?purge=true`).catch(() => undefined);
    },
  };
};
