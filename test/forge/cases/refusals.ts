// What a real forge declines, and what its refusals are taken for.
import { isBivouacError } from '../../../src/model/errors.js';
import type { Case } from '../../publish/case.js';
import type { Wish } from '../../publish/faults/job.js';
import { demand } from '../../publish/faults/proof.js';
import { inRepository, type Place, pr, proveAll, put } from '../place.js';

const refusal = async (place: Pick<Place, 'url' | 'token'>, wish: Wish): Promise<string> => {
  const error: unknown = await put(place, wish).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isBivouacError(error)) throw new Error(`published, or failed otherwise: ${String(error)}`);
  demand(error.changed === 'nothing', `changed: ${error.changed}`);
  return error.code;
};

const expectRefusal = async (place: Pick<Place, 'url' | 'token'>, code: string): Promise<void> => {
  const found = await refusal(place, pr(9, 'x'));
  demand(found === code, `${found} instead of ${code}`);
};

export const cases: readonly Case[] = [
  {
    name: 'a protected branch declines, also to an administrator',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      await place.forge.protect(place.name, { enable_push: false });
      await expectRefusal(place, 'PushDeclined');
      await proveAll(place, undefined, [pr(1, '1')]);
      return undefined;
    }),
  },
  {
    name: 'protected files decline',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      await place.forge.protect(place.name, { enable_push: true, protected_file_patterns: 'environments/**' });
      await expectRefusal(place, 'PushDeclined');
      return undefined;
    }),
  },
  {
    name: 'a protected branch with us on its list takes it',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      const us = { enable_push: true, enable_push_whitelist: true, push_whitelist_usernames: [place.forge.owner] };
      await place.forge.protect(place.name, us);
      await put(place, pr(2, '1'));
      await proveAll(place, undefined, [pr(1, '1'), pr(2, '1')]);
      return undefined;
    }),
  },
  {
    name: 'a token that may only read; a reader’s token; nobody’s token; a stranger’s',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      const reader = await place.forge.createUser(['read:repository']);
      const writer = await place.forge.createUser(['write:repository']);
      const stranger = await place.forge.createUser(['write:repository']);
      await place.forge.invite(place.name, reader.name, 'write');
      await place.forge.invite(place.name, writer.name, 'read');
      await expectRefusal({ ...place, token: reader.token }, 'RemoteForbidden');
      await expectRefusal({ ...place, token: writer.token }, 'PushDeclined');
      await expectRefusal({ ...place, token: 'wrong-token' }, 'RemoteUnauthorized');
      await expectRefusal({ ...place, token: stranger.token }, 'RemoteNotFound');
      await proveAll(place, undefined, [pr(1, '1')]);
      return undefined;
    }),
  },
  {
    name: 'archived, renamed, missing',
    run: inRepository(async (place) => {
      await put(place, pr(1, '1'));
      await place.forge.change(place.name, { archived: true });
      await expectRefusal(place, 'RemoteForbidden');
      await place.forge.change(place.name, { archived: false });
      await place.forge.change(place.name, { name: `${place.name}-moved` });
      await expectRefusal(place, 'RemoteMoved');
      await expectRefusal({ ...place, url: `${place.forge.url}/${place.forge.owner}/no-such.git` }, 'RemoteNotFound');
      return undefined;
    }),
  },
];
export { end } from '../place.js';
