import type { NetworkPolicyEgressRule } from 'kubernetes-types/networking/v1.js';
import type { Manifest } from '../../model/manifest.js';
import { marks } from '../../model/marks.js';
import { networkPolicy } from './network-policy.js';

/** Never the Internet: private, shared, link-local (the node's metadata address is one) and loopback ranges, and Azure's host. */
export const privateRanges = {
  v4: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '127.0.0.0/8',
    '168.63.129.16/32',
  ],
  v6: ['fc00::/7', 'fe80::/10', '::1/128'],
} as const;

/**
 * What holds whatever the components are: nothing in or out but DNS, the environment's own pods, the Internet, and the private
 * ranges that the platform names. Policies add up, so each of these only opens.
 */
export const isolation = (namespace: string, egress: readonly string[]): readonly Manifest[] => [
  networkPolicy(namespace, 'bivouac-default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  networkPolicy(namespace, 'bivouac-allow-dns', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [dns],
  }),
  networkPolicy(namespace, 'bivouac-allow-same-namespace', {
    // a wide policy beside a fence would open it again
    podSelector: { matchExpressions: [{ key: marks.fenced, operator: 'DoesNotExist' }] },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: {} }] }],
  }),
  networkPolicy(namespace, 'bivouac-allow-same-namespace-egress', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: {} }] }],
  }),
  networkPolicy(namespace, 'bivouac-allow-internet', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          { ipBlock: { cidr: '0.0.0.0/0', except: [...privateRanges.v4] } },
          { ipBlock: { cidr: '::/0', except: [...privateRanges.v6] } },
        ],
      },
    ],
  }),
  ...(egress.length === 0 ? [] : [privateEgress(namespace, egress)]),
];

/** Both selectors in one element: two would mean "or". */
const dns: NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

const privateEgress = (namespace: string, ranges: readonly string[]): Manifest =>
  networkPolicy(namespace, 'bivouac-allow-egress', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [...ranges].sort().map((cidr) => ({ ipBlock: { cidr } })) }],
  });
