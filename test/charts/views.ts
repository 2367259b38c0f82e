import type { Manifest } from '../../src/model/manifest.js';
import type { Synthesis } from '../../src/synth/port.js';

export interface EnvView {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvView[];
  readonly resources: { readonly requests: Record<string, string>; readonly limits: Record<string, string> };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [key: string]: unknown;
}

export interface PodView {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly containers: readonly [ContainerView];
    readonly securityContext: Record<string, unknown>;
    readonly [key: string]: unknown;
  };
}

export interface WorkloadView extends Manifest {
  readonly spec: { readonly template: PodView; readonly [key: string]: unknown };
}

export const manifestsOf = ({ components }: Synthesis): readonly Manifest[] =>
  components.flatMap(({ manifests }) => manifests);

export const namesOf = ({ components }: Synthesis): readonly string[] => components.map(({ name }) => name);

/** `Deployment/api` of what was synthesized. */
export const find = <View = WorkloadView>(synthesis: Synthesis, address: string): View => {
  const found = manifestsOf(synthesis).find(({ kind, metadata }) => `${kind}/${metadata.name}` === address);
  if (found === undefined) throw new Error(`there is no ${address}`);
  return found as View;
};

/** The one container of a workload. */
export const containerOf = (synthesis: Synthesis, address: string): ContainerView =>
  find(synthesis, address).spec.template.spec.containers[0];

export const workloadsOf = (synthesis: Synthesis): readonly WorkloadView[] =>
  manifestsOf(synthesis).filter((manifest): manifest is WorkloadView =>
    ['Deployment', 'StatefulSet', 'Job'].includes(manifest.kind),
  );

/** The code of the BivouacError that `act` throws, with its text. */
export const failureOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    const { code, message, where, remedy } = error as Error & { code?: string; where?: string; remedy?: string };
    return { code, message, where, remedy };
  }
  throw new Error('it did not fail');
};
