import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './act.js';

/** Gives the token that stands in for an App's, and hides it, as the real one does. */
const tokenAction = `name: token
inputs: { app-id: {}, private-key: {}, owner: {}, repositories: {}, permission-contents: {} }
outputs: { token: { value: '\${{ steps.token.outputs.token }}' } }
runs:
  using: composite
  steps:
    - id: token
      shell: bash
      run: |
        echo "::add-mask::$STAND_IN_TOKEN"
        echo "token=$STAND_IN_TOKEN" >> "$GITHUB_OUTPUT"
`;

const checkoutAction = `name: checkout
inputs: { repository: {}, token: {}, persist-credentials: {} }
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        test -z "$(ls -A)" # as on GitHub
        cp -R "$STAND_IN_CHECKOUT/." .
`;

/** Where what GitHub alone could give comes from. */
export interface Sources {
  /** Of what is checked out. */
  readonly checkout: string;
  readonly token: string;
}

/** What a workflow uses of GitHub's own actions, stood in for by folders below the given one. */
export const standIns = async (
  folder: string,
  workflowFile: string,
  { checkout, token }: Sources,
): Promise<Pick<Run, 'actions' | 'env'>> => {
  const texts = { 'actions/create-github-app-token': tokenAction, 'actions/checkout': checkoutAction };
  const used = [...(await readFile(workflowFile, 'utf8')).matchAll(/uses: ((\S+)@\S+)/g)];
  const actions: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const place = join(folder, name.replace('/', '-'));
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'action.yml'), text);
    for (const [, whole = '', repository] of used) if (repository === name) actions[whole] = place;
  }
  return { actions, env: { STAND_IN_CHECKOUT: checkout, STAND_IN_TOKEN: token } };
};
