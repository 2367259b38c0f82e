import { Construct } from 'constructs';
import { Component, type ComponentProps } from './component.js';
import { addJob } from './job.js';
import { k8s } from './kplus.js';
import { marks } from '../../src/model/marks.js';
import { labelsOf } from './marks.js';
import { type ContainerProps, podTemplate } from './pod.js';
import type { Reference } from './references.js';
import type { Seed } from './seed.js';
import { addService } from './service.js';
import { environmentOf, type SecretKey, type Variables } from './variables.js';

/** Props of a Postgres. */
export interface PostgresProps extends ComponentProps, Pick<ContainerProps, 'size'> {
  /** Tag of the official image, e.g. `16` or `16.4`. @default '17' */
  readonly version?: string;
  /** Another image that behaves as the official Debian one does, e.g. from your own registry. @default - docker.io/library/postgres:<version> */
  readonly image?: string;
  /** Size of its volume, a Kubernetes quantity. @default '1Gi' */
  readonly storage?: string;
  /** Name of the database. @default 'app' */
  readonly database?: string;
  /** Name of the role that owns it. @default 'app' */
  readonly username?: string;
  /**
   * `network`: no password, since Git would keep it; only pods that refer to this component reach it.
   * `{ secret }`: the password is a key of a Secret that exists or that an ExternalSecret makes; pass `database.password`
   * on as `PGPASSWORD`.
   * @default 'network'
   */
  readonly access?: 'network' | { readonly secret: SecretKey };
  /** What fills it. @default - nothing */
  readonly seed?: Seed;
  /** Numeric user id of the image's postgres user; `assigned`: the cluster gives one, as OpenShift does. @default 999, or `assigned` where routes are OpenShift's */
  readonly runAsUser?: number | 'assigned';
}

const port = 5432;
const mount = '/data'; // not the image's own path, which moved in version 18
const stockUser = 999;

/** A PostgreSQL server with a volume that lives as long as the environment. */
export class Postgres extends Component {
  /** `database`: the host to connect to, at port 5432. */
  readonly host: Reference;
  /** `postgres://app@database:5432/app`; without a password in any case. */
  readonly url: Reference;
  /** For `PGPASSWORD`; undefined where no password is needed. */
  readonly password: SecretKey | undefined;

  constructor(scope: Construct, id: string, props: PostgresProps = {}) {
    super(scope, id, props);
    const { database = 'app', username = 'app', access = 'network' } = props;
    this.host = this.offer('host', this.name);
    this.url = this.offer('url', `postgres://${username}@${this.name}:${port}/${database}`);
    if (access !== 'network')
      this.password = { name: this.offer('secret', access.secret.name), key: access.secret.key };
    this.#addServer(props, { database, username, access });
    addService(this, this.name, { name: 'postgres', number: port });
    if (props.seed) this.#addSeed(props.seed);
  }

  #addServer(props: PostgresProps, login: Login): void {
    const { size, version = '17', image = `docker.io/library/postgres:${version}`, storage = '1Gi' } = props;
    const { runAsUser = this.environment.exposure.kind === 'route' ? 'assigned' : stockUser } = props;
    const user = runAsUser === 'assigned' ? undefined : runAsUser;
    new k8s.KubeStatefulSet(this, 'statefulset', {
      metadata: { name: this.name, labels: labelsOf(this.name) },
      spec: {
        replicas: 1,
        serviceName: this.name,
        revisionHistoryLimit: 2,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' }, // asleep keeps its data
        selector: { matchLabels: labelsOf(this.name) },
        template: podTemplate(
          {
            image,
            scratch: ['/var/run/postgresql'],
            ...(size && { size }),
            ...(user !== undefined && { runAsUser: user }),
          },
          {
            name: this.name,
            env: environmentOf({}, serverVariables(login)),
            ports: [{ name: 'postgres', containerPort: port }],
            readiness: ready(login),
            mounts: [{ name: 'data', mountPath: mount }],
            ...(user !== undefined && { fsGroup: user }),
            ...(login.access === 'network' && { labels: { [marks.fenced]: 'true' } }),
          },
        ),
        volumeClaimTemplates: [claim(storage)],
      },
    });
  }

  #addSeed({ task }: Seed): void {
    const variables = { PGPASSWORD: this.password, DATABASE_URL: this.url, ...task.variables };
    addJob(new Construct(this, 'seed'), task, {
      name: `${this.name}-seed`,
      task: 'seed',
      env: environmentOf(this.environment.variables, variables),
    });
  }
}

type Login = Required<Pick<PostgresProps, 'database' | 'username' | 'access'>>;

const serverVariables = ({ database, username, access }: Login): Variables => ({
  POSTGRES_DB: database,
  POSTGRES_USER: username,
  PGDATA: `${mount}/pgdata`, // a directory below: the volume's own may hold lost+found
  ...(access === 'network' ? { POSTGRES_HOST_AUTH_METHOD: 'trust' } : { POSTGRES_PASSWORD: access.secret }),
});

/** By TCP: while the image sets itself up, a server without it answers at the socket. */
const ready = ({ database, username }: Login): k8s.Probe => ({
  exec: { command: ['pg_isready', '-h', '127.0.0.1', '-U', username, '-d', database] },
  periodSeconds: 5,
  timeoutSeconds: 3,
});

const claim = (storage: string): k8s.KubePersistentVolumeClaimProps => ({
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: k8s.Quantity.fromString(storage) } } },
});
