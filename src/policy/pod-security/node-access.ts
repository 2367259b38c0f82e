import { quote } from '../pointer.js';
import { type Control, remove, securityContexts } from './controls.js';

/** Network, processes and IPC of the node. */
export const hostNamespaces: Control = function* ({ spec }) {
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC'] as const)
    if (spec[key]) yield { field: `/spec/${key}`, message: `${key} shares the node’s own`, remedy: remove(key) };
};

/** Files of the node. */
export const hostPathVolumes: Control = function* ({ spec }) {
  for (const [index, volume] of (spec.volumes ?? []).entries())
    if (volume.hostPath)
      yield {
        field: `/spec/volumes/${index}/hostPath`,
        message: 'hostPath reaches the node’s files',
        remedy: 'Use emptyDir or a claim.',
      };
};

/** Ports of the node. */
export const hostPorts: Control = function* ({ containers }) {
  for (const { container, field } of containers)
    for (const [index, port] of (container.ports ?? []).entries())
      if (port.hostPort)
        yield {
          field: `${field}/ports/${index}/hostPort`,
          message: 'hostPort takes a port of the node',
          remedy: remove('hostPort'),
        };
};

/** Everything of the node. */
export const privileged: Control = function* ({ containers }) {
  for (const { container, field } of containers)
    if (container.securityContext?.privileged)
      yield {
        field: `${field}/securityContext/privileged`,
        message: 'a privileged container owns the node',
        remedy: remove('privileged'),
      };
};

/** An unmasked `/proc`. */
export const procMount: Control = function* ({ containers }) {
  for (const { container, field } of containers) {
    const mount = container.securityContext?.procMount;
    if (mount && mount !== 'Default')
      yield {
        field: `${field}/securityContext/procMount`,
        message: `procMount is ${quote(mount)}`,
        remedy: remove('procMount'),
      };
  }
};

/** Windows: a process of the node. */
export const hostProcess: Control = function* (subject) {
  for (const { context, field } of securityContexts(subject))
    if (context?.windowsOptions?.hostProcess)
      yield {
        field: `${field}/windowsOptions/hostProcess`,
        message: 'a host process owns the node',
        remedy: remove('hostProcess'),
      };
};

/** Probes that the node would make elsewhere; since v1.34. */
export const hostProbes: Control = function* ({ containers, minor }) {
  if (minor < 34) return;
  for (const { container, field } of containers)
    for (const { handler, place } of [
      ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).map((key) => ({
        handler: container[key],
        place: `/${key}`,
      })),
      ...(['postStart', 'preStop'] as const).map((key) => ({
        handler: container.lifecycle?.[key],
        place: `/lifecycle/${key}`,
      })),
    ])
      for (const way of ['httpGet', 'tcpSocket'] as const)
        if (handler?.[way]?.host)
          yield {
            field: `${field}${place}/${way}/host`,
            message: 'a probe of another host is made by the node',
            remedy: remove('host'),
          };
};
