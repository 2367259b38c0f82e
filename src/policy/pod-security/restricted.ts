import { quote } from '../pointer.js';
import type { Control } from './controls.js';

const volumeTypes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

const volumes: Control = function* ({ spec }) {
  for (const [index, volume] of (spec.volumes ?? []).entries())
    for (const [type, value] of Object.entries(volume))
      if (type !== 'name' && value !== undefined && value !== null && !volumeTypes.has(type))
        yield {
          field: `/spec/volumes/${index}/${type}`,
          message: `a volume of type ${quote(type)} is refused`,
          remedy: 'Use emptyDir, a claim, a ConfigMap or a Secret.',
        };
};

const escalation: Control = function* ({ containers, windows }) {
  if (windows) return;
  for (const { container, field } of containers)
    if (container.securityContext?.allowPrivilegeEscalation !== false)
      yield {
        field: `${field}/securityContext/allowPrivilegeEscalation`,
        message: 'it may gain privileges',
        remedy: 'Set allowPrivilegeEscalation: false.',
      };
};

const nonRoot: Control = function* ({ spec, containers }) {
  const pod = spec.securityContext?.runAsNonRoot;
  for (const { container, field } of containers) {
    const own = container.securityContext?.runAsNonRoot ?? pod;
    if (own !== true)
      yield {
        field: `${field}/securityContext/runAsNonRoot`,
        message: 'it may run as root',
        remedy: 'Set runAsNonRoot: true.',
      };
  }
  // the pod's own word counts as well, though every container overrides it
  if (pod === false && containers.every(({ container }) => container.securityContext?.runAsNonRoot === true))
    yield {
      field: '/spec/securityContext/runAsNonRoot',
      message: 'it may run as root',
      remedy: 'Set runAsNonRoot: true.',
    };
};

const user: Control = function* ({ spec, containers }) {
  const remedy = 'Set runAsUser to a number other than 0, or leave it out.';
  if (spec.securityContext?.runAsUser === 0)
    yield { field: '/spec/securityContext/runAsUser', message: 'it runs as root', remedy };
  for (const { container, field } of containers)
    if (container.securityContext?.runAsUser === 0)
      yield { field: `${field}/securityContext/runAsUser`, message: 'it runs as root', remedy };
};

const safeProfiles = ['RuntimeDefault', 'Localhost'];

const seccomp: Control = function* ({ spec, containers, windows }) {
  if (windows) return;
  const pod = spec.securityContext?.seccompProfile?.type;
  for (const { container, field } of containers) {
    const own = container.securityContext?.seccompProfile?.type ?? pod;
    if (!safeProfiles.includes(own ?? ''))
      yield {
        field: `${field}/securityContext/seccompProfile/type`,
        message: 'it has no seccomp profile',
        remedy: 'Set seccompProfile: { type: RuntimeDefault }.',
      };
  }
};

const capabilities: Control = function* ({ containers, windows }) {
  if (windows) return;
  for (const { container, field } of containers) {
    const { add, drop } = container.securityContext?.capabilities ?? {};
    if (!(drop ?? []).includes('ALL'))
      yield {
        field: `${field}/securityContext/capabilities/drop`,
        message: 'it keeps capabilities',
        remedy: 'Set capabilities: { drop: [ALL] }.',
      };
    for (const [index, capability] of (add ?? []).entries())
      if (capability !== 'NET_BIND_SERVICE')
        yield {
          field: `${field}/securityContext/capabilities/add/${index}`,
          message: `capability ${quote(capability)} is refused`,
          remedy: 'Leave it out.',
        };
  }
};

/** What `restricted` asks for beside `baseline`. */
export const restricted: readonly Control[] = [volumes, escalation, nonRoot, user, seccomp, capabilities];
