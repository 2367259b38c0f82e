import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { How, Target } from './job.js';

const killOf: Readonly<Record<How, string>> = {
  SIGTERM: 'kill -TERM $PPID',
  SIGKILL: 'kill -KILL $PPID',
  'SIGKILL of all': 'kill -KILL -$PPID',
};

/** Writes a `git` that notes when each git of the publisher begins and ends, and stops the publisher there; gives the path to search. */
export const wrapGit = async (
  folder: string,
  { points, at }: { readonly points: string; readonly at?: Target },
): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const script = `#!/bin/sh
command=other
for word in "$@"; do
  case $word in fetch|push|cat-file|fast-import|ls-remote|ls-tree|for-each-ref|version) command=$word; break;; esac
done
count=$(grep -c "^git $command [0-9]* begins" '${points}')
number=$((count + 1))
reach() {
  echo "git $command $number $1" >> '${points}'
  if [ "git $command $number $1" = '${at?.point ?? ''}' ]; then ${killOf[at?.how ?? 'SIGTERM']}; fi
}
reach begins
'${await realGit()}' "$@"
code=$?
reach ends
exit $code
`;
  await writeFile(join(folder, 'git'), script);
  await chmod(join(folder, 'git'), 0o755);
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
};

const realGit = async (): Promise<string> => {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'git');
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error('git isn’t installed');
};
