import { BlockList, isIPv6 } from 'node:net';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1.js';
import type { LabelSelector } from 'kubernetes-types/meta/v1.js';

type Labels = Readonly<Record<string, string>>;

/** A pod of some namespace, or an address outside of the cluster. */
export type End =
  | { readonly namespace: string; readonly labels: Labels; readonly ports?: Readonly<Record<string, number>> }
  | { readonly address: string };

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** What Kubernetes allows under these policies: every end that a policy selects needs one that lets the connection through. */
export const isAllowed = (policies: readonly NetworkPolicy[], connection: Connection): boolean =>
  passes(policies, connection, 'Egress') && passes(policies, connection, 'Ingress');

const passes = (
  policies: readonly NetworkPolicy[],
  connection: Connection,
  direction: 'Ingress' | 'Egress',
): boolean => {
  const [here, there] = direction === 'Egress' ? [connection.from, connection.to] : [connection.to, connection.from];
  if ('address' in here) return true;
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === here.namespace &&
      spec?.policyTypes?.includes(direction) &&
      matches(spec.podSelector, here.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules =
      direction === 'Egress'
        ? (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (peers === undefined || peers.some((peer) => isPeer(peer, there, metadata?.namespace ?? ''))) &&
        (ports === undefined || ports.some((port) => isPort(port, connection))),
    );
  });
};

const isPeer = ({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer, end: End, own: string): boolean => {
  if ('address' in end)
    return (
      ipBlock !== undefined &&
      contains(ipBlock.cidr, end.address) &&
      !(ipBlock.except ?? []).some((range) => contains(range, end.address))
    );
  if (ipBlock !== undefined) return false;
  const namespace =
    namespaceSelector === undefined
      ? end.namespace === own
      : matches(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace });
  return namespace && (podSelector === undefined || matches(podSelector, end.labels));
};

const isPort = ({ port, protocol }: NetworkPolicyPort, connection: Connection): boolean => {
  const named = 'ports' in connection.to ? connection.to.ports : undefined;
  const number = typeof port === 'string' ? named?.[port] : port;
  return (protocol ?? 'TCP') === (connection.protocol ?? 'TCP') && number === connection.port;
};

const matches = ({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean =>
  Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (matchExpressions ?? []).every(({ key, operator }) => {
    if (operator !== 'DoesNotExist') throw new Error(`the evaluator doesn’t know ${operator}`);
    return !(key in labels);
  });

const contains = (cidr: string, address: string): boolean => {
  const [network = '', bits = ''] = cidr.split('/');
  if (isIPv6(network) !== isIPv6(address)) return false;
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
};
