import * as z from 'zod';
import type { KnownKind } from './view.js';

// Only what rules read, and only its type: what the fields may hold is the rules' business. Null is absent, as for Kubernetes.
const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();
const texts = z.array(z.string()).nullish();
const map = z.record(z.string(), z.string()).nullish();
const quantities = z.record(z.string(), z.union([z.string(), z.number()])).nullish();
const some = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).nullish();
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();
const anything = some({});

/** Of every object, and of every template in it. */
export const metadataShape = some({ name: text, namespace: text, labels: map, annotations: map });

const resources = some({ requests: quantities, limits: quantities });
const profile = some({ type: text });
const seLinuxOptions = some({ type: text, user: text, role: text });
const windowsOptions = some({ hostProcess: flag });
const handler = some({ httpGet: some({ host: text }), tcpSocket: some({ host: text }) });

const container = z.looseObject({
  name: z.string(),
  image: text,
  restartPolicy: text,
  command: texts,
  args: texts,
  env: list(z.looseObject({ name: z.string(), value: text })),
  ports: list(z.looseObject({ containerPort: number, hostPort: number })),
  resources,
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: some({ postStart: handler, preStop: handler }),
  securityContext: some({
    privileged: flag,
    allowPrivilegeEscalation: flag,
    runAsNonRoot: flag,
    runAsUser: number,
    procMount: text,
    capabilities: some({ add: texts, drop: texts }),
    seccompProfile: profile,
    appArmorProfile: profile,
    seLinuxOptions,
    windowsOptions,
  }),
});

const volume = z.looseObject({
  name: z.string(),
  image: some({ reference: text }),
  projected: some({ sources: list(z.looseObject({ serviceAccountToken: anything })) }),
  ephemeral: some({ volumeClaimTemplate: some({ metadata: metadataShape, spec: anything }) }),
});

/** A pod without containers is none. */
export const podShape = z.looseObject({
  containers: z.array(container).min(1),
  initContainers: list(container),
  ephemeralContainers: list(container),
  volumes: list(volume),
  os: some({ name: text }),
  restartPolicy: text,
  serviceAccountName: text,
  serviceAccount: text,
  automountServiceAccountToken: flag,
  priorityClassName: text,
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  securityContext: some({
    runAsNonRoot: flag,
    runAsUser: number,
    seccompProfile: profile,
    appArmorProfile: profile,
    seLinuxOptions,
    windowsOptions,
    sysctls: list(z.looseObject({ name: z.string() })),
  }),
});

const template = z.looseObject({ metadata: metadataShape, spec: podShape });
const workload = { replicas: number, selector: some({ matchLabels: map }), template };
const claim = some({
  volumeName: text,
  resources,
  dataSource: some({ namespace: text }),
  dataSourceRef: some({ namespace: text }),
});
const job = { template, parallelism: number, suspend: flag, manualSelector: flag, selector: anything };
const target = z.looseObject({ group: text, kind: text, name: text, namespace: text });
const store = some({ kind: text, name: text });
const sources = list(z.looseObject({ sourceRef: some({ storeRef: store, generatorRef: anything }) }));
const spec = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject({ spec: z.looseObject(shape) });

const path = z.looseObject({ backend: some({ service: some({ name: text }), resource: anything }) });

/** What an object of each kind must look like to be read at all. */
export const shapes: Readonly<Record<KnownKind, z.ZodType>> = {
  ConfigMap: z.looseObject({ data: map, binaryData: map }),
  CronJob: spec({ suspend: flag, jobTemplate: z.looseObject({ metadata: metadataShape, spec: z.looseObject(job) }) }),
  Deployment: spec(workload),
  StatefulSet: spec({
    ...workload,
    volumeClaimTemplates: list(z.looseObject({ metadata: metadataShape, spec: claim })),
  }),
  Job: spec(job),
  ExternalSecret: spec({
    secretStoreRef: store,
    target: some({ manifest: anything }),
    data: sources,
    dataFrom: sources,
  }),
  HTTPRoute: spec({
    parentRefs: list(target),
    hostnames: texts,
    rules: list(z.looseObject({ backendRefs: list(target), filters: list(z.looseObject({ type: text })) })),
  }),
  HorizontalPodAutoscaler: spec({ maxReplicas: number, scaleTargetRef: some({ kind: text, name: text }) }),
  Ingress: spec({
    ingressClassName: text,
    defaultBackend: anything,
    rules: list(z.looseObject({ host: text, http: some({ paths: list(path) }) })),
    tls: list(z.looseObject({ hosts: texts, secretName: text })),
  }),
  PersistentVolumeClaim: z.looseObject({ spec: claim }),
  Route: spec({
    host: text,
    subdomain: text,
    wildcardPolicy: text,
    to: target.nullish(),
    alternateBackends: list(target),
  }),
  Service: spec({
    type: text,
    externalName: text,
    externalIPs: texts,
    loadBalancerIP: text,
    loadBalancerClass: text,
    loadBalancerSourceRanges: texts,
    ports: list(z.looseObject({ nodePort: number })),
  }),
};
