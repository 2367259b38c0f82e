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

/** Artifacts are folders by run: what a run uploads, another one downloads by the id of the first. */
const uploadAction = `name: upload
inputs: { name: {}, path: {} }
runs:
  using: composite
  steps:
    - shell: bash
      env: { NAME: '\${{ inputs.name }}', FILE: '\${{ inputs.path }}' }
      run: |
        mkdir -p "$STAND_IN_ARTIFACTS/$STAND_IN_RUN/$NAME"
        cp "$FILE" "$STAND_IN_ARTIFACTS/$STAND_IN_RUN/$NAME"
`;

const downloadAction = `name: download
inputs: { name: {}, path: {}, run-id: {}, github-token: {} }
runs:
  using: composite
  steps:
    - shell: bash
      env: { NAME: '\${{ inputs.name }}', FOLDER: '\${{ inputs.path }}', RUN: '\${{ inputs.run-id }}' }
      run: |
        mkdir -p "$FOLDER"
        cp -R "$STAND_IN_ARTIFACTS/$RUN/$NAME/." "$FOLDER"
`;

/** `gh api <path> --jq <filter>` and nothing else: GitHub's runners have gh. */
const ghProgram = `#!/bin/sh
test "$#" = 4 && test "$1" = api && test "$3" = --jq || exit 64
curl --fail --silent --show-error --header "authorization: Bearer $GH_TOKEN" "$GITHUB_API_URL/$2" | jq --raw-output "$4"
`;

/** Where what GitHub alone could give comes from. */
export interface Sources {
  /** Of what is checked out. Absent: act does it, and leaves the work tree as it is. */
  readonly checkout?: string;
  readonly token: string;
  /** Of artifacts, by run. */
  readonly artifacts: string;
  /** Of this run. */
  readonly id: number;
}

/** Beside the tools of this machine, what GitHub's runners have: a folder for the search path. */
export const runnerTools = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'gh'), ghProgram, { mode: 0o755 });
  return folder;
};

/** What a workflow uses of GitHub's own actions, stood in for by folders below the given one. */
export const standIns = async (
  folder: string,
  workflowFile: string,
  { checkout, token, artifacts, id }: Sources,
): Promise<Pick<Run, 'actions' | 'env'>> => {
  const texts = {
    'actions/create-github-app-token': tokenAction,
    ...(checkout !== undefined && { 'actions/checkout': checkoutAction }),
    'actions/upload-artifact': uploadAction,
    'actions/download-artifact': downloadAction,
  };
  const used = [...(await readFile(workflowFile, 'utf8')).matchAll(/uses: ((\S+)@\S+)/g)];
  const actions: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    const place = join(folder, name.replace('/', '-'));
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'action.yml'), text);
    for (const [, whole = '', repository] of used) if (repository === name) actions[whole] = place;
  }
  const env = { STAND_IN_TOKEN: token, STAND_IN_ARTIFACTS: artifacts, STAND_IN_RUN: String(id) };
  return { actions, env: { ...env, ...(checkout !== undefined && { STAND_IN_CHECKOUT: checkout }) } };
};
