import type { Config } from '../config/config.js';

const mark = '<!-- Written by `bivouac init gitops`. -->';

/** For people who find the repository. */
export const repositoryReadme = (config: Config): string => `${mark}

# Environments of pull requests

Programs write here, people read. Each directory \`environments/<application>/<environment>/\` is one environment of a pull request, such as \`environments/${firstName(config)}/pr-42/\`: its \`README.md\` says whose it is, where it runs and when it goes. ${engine[config.controller.kind]} deploys what is on the branch \`${config.gitops.branch}\`; when a directory goes, so does everything that ran.

| application | its pull requests |
| ----------- | ----------------- |
${[...config.applications.values()].map(rowOf(config)).join('\n')}

- **An environment is wrong or stuck:** look at its \`README.md\` and at the comment on its pull request. Push there, or label it \`bivouac:off\`.
- **Nothing is edited here by hand.** The next run of Bivouac would undo it. What an environment contains is decided by the charts and the \`bivouac.yaml\` of the platform repository.
- **The branch is never rewound, and \`environments/\` never renamed:** the controller would take every environment for removed.
- ${applied[config.controller.kind]}
`;

const engine = { argocd: 'Argo CD', flux: 'Flux' } as const;
const applied = {
  argocd:
    '**What lies in `argocd/`** is applied by an administrator and never synced from here: it is the wall behind whoever can write to this repository.',
  flux: '**What lies in `flux-system/`** is applied by an administrator and never synced from here. What lies in `flux/` Flux applies with its own rights: whoever can write to this repository can use them.',
} as const;

const firstName = ({ applications }: Config): string => [...applications.keys()][0] ?? 'shop';

const rowOf =
  ({ forge }: Config) =>
  ({ name, repositories }: { readonly name: string; readonly repositories: readonly { readonly name: string }[] }) =>
    `| \`${name}\` | ${repositories.map((repository) => `[${repository.name}](${forge.url}/${repository.name}/pulls)`).join(', ')} |`;

/** Keeps the folder there from the first commit on. */
export const environmentsReadme = `${mark}

# Environments

\`<application>/<environment>/\` is one environment: \`environment.json\` has the facts for programs, \`README.md\` the same for people, \`manifests/\` what runs. Each comes and goes with its pull request. No other file named \`environment.json\` may lie anywhere below this folder.
`;
