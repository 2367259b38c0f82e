import { expect, test } from '@jest/globals';
import type { Base, GitOpsRepository } from '../../src/gitops/port.js';
import { keepLooking } from '../../src/server/looking.js';

/** Repositories as they are opened and closed; each read that `fails` names throws. */
const scene = (fails: readonly number[] = []) => {
  const said: string[] = [];
  let [opened, reads] = [0, 0];
  const open = (): Promise<GitOpsRepository> => {
    const name = (opened += 1);
    said.push(`open ${name}`);
    const read = async (): Promise<Base> => {
      const number = (reads += 1);
      said.push(`read ${number} begins`);
      await Promise.resolve();
      said.push(`read ${number} ends`);
      if (fails.includes(number)) throw new Error(`read ${number} fails`);
      return { names: [], complete: true, environments: new Map() };
    };
    const close = () => Promise.resolve(void said.push(`close ${name}`));
    return Promise.resolve({ read, close } as Partial<GitOpsRepository> as GitOpsRepository);
  };
  return { said, looking: keepLooking({ open, renewAfter: 2 }) };
};

test('one look at a time, in a repository that is opened at the first and anew before it has grown', async () => {
  const { said, looking } = scene();
  expect(said).toEqual([]);
  await Promise.all([looking.read([]), looking.read([]), looking.read([])]);
  const [one, two, three] = [1, 2, 3].map((read) => [`read ${read} begins`, `read ${read} ends`]);
  expect(said).toEqual(['open 1', ...one!, ...two!, 'close 1', 'open 2', ...three!]);
});

test('after a failure, which is its asker’s alone, it is opened anew', async () => {
  const { said, looking } = scene([1]);
  const [first, second] = await Promise.allSettled([looking.read([]), looking.read([])]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  expect(said.filter((each) => !each.startsWith('read'))).toEqual(['open 1', 'close 1', 'open 2']);
});

test('closed, nobody opens it again: whoever was called off in the middle of a look gets an error', async () => {
  const { said, looking } = scene();
  await looking.read([]);
  await looking.close();
  await expect(looking.read([])).rejects.toThrow('nobody looks any more');
  expect(said.filter((each) => !each.startsWith('read'))).toEqual(['open 1', 'close 1']);
});
