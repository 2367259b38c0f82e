import { pointer, quote } from '../pointer.js';
import { type Control, remove, securityContexts } from './controls.js';

const addable = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

/** Capabilities beyond the default ones. */
export const capabilities: Control = function* ({ containers }) {
  for (const { container, field } of containers)
    for (const [index, capability] of (container.securityContext?.capabilities?.add ?? []).entries())
      if (!addable.has(capability))
        yield {
          field: `${field}/securityContext/capabilities/add/${index}`,
          message: `capability ${quote(capability)} is refused`,
          remedy: remove('it'),
        };
};

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** Types, users and roles of SELinux. */
export const seLinux: Control = function* (subject) {
  const types = subject.minor >= 31 ? [...seLinuxTypes, 'container_engine_t'] : seLinuxTypes;
  for (const { context, field } of securityContexts(subject)) {
    const { type, user, role } = context?.seLinuxOptions ?? {};
    if (!types.includes(type ?? ''))
      yield {
        field: `${field}/seLinuxOptions/type`,
        message: `SELinux type ${quote(type ?? '')} is refused`,
        remedy: remove('it'),
      };
    if (user)
      yield { field: `${field}/seLinuxOptions/user`, message: 'an SELinux user is refused', remedy: remove('it') };
    if (role)
      yield { field: `${field}/seLinuxOptions/role`, message: 'an SELinux role is refused', remedy: remove('it') };
  }
};

/** No seccomp profile named that filters nothing. */
export const seccomp: Control = function* (subject) {
  for (const { context, field } of securityContexts(subject)) {
    const profile = context?.seccompProfile;
    if (profile && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost')
      yield {
        field: `${field}/seccompProfile/type`,
        message: `seccomp profile ${quote(profile.type ?? '')} is refused`,
        remedy: 'Use RuntimeDefault.',
      };
  }
};

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

/** No AppArmor profile named that confines nothing. */
export const appArmor: Control = function* (subject) {
  for (const { context, field } of securityContexts(subject)) {
    const type = context?.appArmorProfile?.type;
    if (type && type !== 'RuntimeDefault' && type !== 'Localhost')
      yield {
        field: `${field}/appArmorProfile/type`,
        message: `AppArmor profile ${quote(type)} is refused`,
        remedy: 'Use RuntimeDefault.',
      };
  }
  for (const [key, value] of Object.entries(subject.metadata.annotations ?? {}))
    if (key.startsWith(appArmorPrefix) && !/^(?:|runtime\/default|localhost\/.*)$/.test(value ?? ''))
      yield {
        field: `/metadata/annotations${pointer(key)}`,
        message: `AppArmor profile ${quote(value ?? '')} is refused`,
        remedy: 'Use runtime/default.',
      };
};

// By the version that made each one safe: namespaced in the kernel, and isolated between pods.
const safeSysctls: readonly (readonly [since: number, names: string])[] = [
  [
    0,
    'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies net.ipv4.ping_group_range',
  ],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [
    29,
    'net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes',
  ],
  [32, 'net.ipv4.tcp_rmem net.ipv4.tcp_wmem'],
];

/** Kernel settings beyond the safe ones. */
export const sysctls: Control = function* ({ spec, minor }) {
  const safe = safeSysctls.filter(([since]) => minor >= since).flatMap(([, names]) => names.split(' '));
  for (const [index, { name }] of (spec.securityContext?.sysctls ?? []).entries())
    if (!safe.includes(name ?? ''))
      yield {
        field: `/spec/securityContext/sysctls/${index}/name`,
        message: `sysctl ${quote(name ?? '')} is refused`,
        remedy: remove('it'),
      };
};
