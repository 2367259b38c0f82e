import type { Config } from '../config/config.js';
import { fluxObjects } from '../controllers/flux/objects.js';
import { written } from './argocd.js';
import type { InitFile } from './file.js';
import { printObject, printObjects } from './yaml.js';

/** Flux's two objects, and the folder that they read, which must never be empty: Git keeps no empty folder. */
export const fluxFiles = (config: Config): readonly InitFile[] => [
  {
    path: 'flux-system/environments.yaml',
    ownership: 'whole',
    applied: true,
    text: printObjects(
      [
        written,
        'What an administrator applies, now and after each change: kubectl apply -f flux-system/environments.yaml',
        'Never let Flux sync it from this repository: whoever can write environments here could change it.',
        'Bivouac writes flux/<application>/<environment>.yaml beside environments/: one Kustomization an environment, which comes and goes',
        'with it in one commit. The Secret "environments" in flux-system holds a key or token that reads this repository.',
      ],
      fluxObjects(config).map((object) => printObject(object)),
    ),
  },
  { path: 'flux/README.md', ownership: 'whole', text: fluxReadme },
];

const fluxReadme = `<!-- Written by \`bivouac init gitops\`. -->

# Flux’s Kustomizations

One file an environment, \`<application>/<environment>.yaml\`, written and removed by Bivouac together with the environment’s directory. Nothing here is edited by hand. This file stays: without it the folder would be gone with the last environment, and Flux would call that an error.
`;
