import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
/** What the pull request is told, one file a state. */
export const textOf = (state: string): string => join(root, 'test/golden/comments', `${state}.md`);
/** How it looks. */
export const pictureOf = (state: string): string => join(root, 'docs/images/comments', `${state}.png`);

/** Moments of `npm run test:loop`, as Gitea showed them. */
export const recordingFile = join(root, 'scripts/pictures/recording.json');
export const loopPicture = join(root, 'docs/images/loop.png');
