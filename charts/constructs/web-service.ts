import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { userError } from '../../src/model/errors.js';
import { hostOf, urlOf } from '../../src/model/hosts.js';
import type { ComponentName } from '../../src/model/names.js';
import { Component } from './component.js';
import { addDeployment, type WorkloadProps } from './deployment.js';
import { Exposure } from './exposure.js';
import { addJob, type JobProps } from './job.js';
import { k8s } from './kplus.js';
import { marks } from '../../src/model/marks.js';
import type { ContainerProps } from './pod.js';
import type { Reference } from './references.js';
import { addService } from './service.js';
import { environmentOf } from './variables.js';

/** A command that brings the data of a service up to its version. */
export interface MigrateProps extends JobProps, Pick<ContainerProps, 'args' | 'variables' | 'size'> {
  /** What to run in the service's image, with the service's variables and these on top. */
  readonly command: readonly string[];
}

/** Props of a WebService. */
export interface WebServiceProps extends WorkloadProps {
  /** TCP port that the container listens at; also the port of its Service. */
  readonly port: number;
  /** Path that answers 2xx or 3xx once it can serve, e.g. `/healthz`. @default - it is ready when it accepts connections */
  readonly readiness?: string;
  /** Gives it a public URL, `<component>-<environment>.<domain>`. @default false */
  readonly public?: boolean;
  /** Gives it the environment's own URL, `<environment>.<domain>`; one component of a chart. @default false */
  readonly primary?: boolean;
  /**
   * A Job `<component>-migrate`. It runs when its image, command, variables or anything else of it changes, beside the
   * service and not before it: it has to try again, or fail and be tried again, until its database is there.
   * @default - none
   */
  readonly migrate?: MigrateProps;
}

/** A process that answers HTTP: a Deployment, a Service, and what lets the outside in if it says `public` or `primary`. */
export class WebService extends Component {
  /** `http://api:8080`: its address for the other components. */
  readonly internalUrl: Reference;
  /** Whether the environment's own URL leads here. */
  readonly primary: boolean;
  readonly #publicUrl: Reference | undefined;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id, props);
    const { name, environment } = this;
    this.primary = props.primary ?? false;
    const exposed = this.primary || props.public === true;
    const port = { name: 'http', number: props.port };
    this.internalUrl = this.offer('internalUrl', `http://${name}:${props.port}`);
    addDeployment(this, props, {
      name,
      env: environmentOf(environment.variables, props.variables),
      ports: [{ name: port.name, containerPort: port.number }],
      readiness: readinessOf(props),
      ...(exposed && { labels: { [marks.exposed]: 'true' } }),
    });
    addService(this, name, port);
    if (exposed) this.#publicUrl = this.#expose(props);
    if (props.migrate) this.#migrate(props, props.migrate);
    if (this.primary) this.node.addValidation({ validate: () => this.#otherPrimaries() });
  }

  /**
   * `https://api-shop-pr-42.preview.example.com`: its address for browsers.
   * @throws UserError NotPublic when it is neither `public` nor `primary`
   */
  get publicUrl(): Reference {
    if (this.#publicUrl !== undefined) return this.#publicUrl;
    throw userError('NotPublic', `"${this.name}" has no public URL`, {
      where: this.node.path,
      remedy: 'Give it `public: true` or `primary: true`, or use `internalUrl`.',
    });
  }

  #expose(props: WebServiceProps): Reference {
    const { name, environment } = this;
    const host = hostOf(environment, name as ComponentName, this.primary ? 'primary' : 'public');
    new Exposure(this, 'exposure', { service: name, port: props.port, host, exposure: environment.exposure });
    return this.offer('publicUrl', urlOf(environment, host));
  }

  #otherPrimaries(): string[] {
    return Chart.of(this)
      .node.findAll()
      .filter((other) => other instanceof WebService && other.primary && other !== this)
      .map((other) => `it and ${other.node.path} are both primary; an environment has one URL of its own`);
  }

  #migrate(props: WebServiceProps, migrate: MigrateProps): void {
    const { command, args, variables, size = props.size, ...job } = migrate;
    const { image, scratch, runAsUser } = props;
    addJob(
      new Construct(this, 'migrate'),
      {
        ...job,
        image,
        command,
        ...(args && { args }),
        ...(size && { size }),
        ...(scratch && { scratch }),
        ...(runAsUser !== undefined && { runAsUser }),
      },
      {
        name: `${this.name}-migrate`,
        task: 'migrate',
        env: environmentOf(this.environment.variables, { ...props.variables, ...variables }),
      },
    );
  }
}

const readinessOf = ({ port, readiness }: WebServiceProps): k8s.Probe => ({
  ...(readiness === undefined
    ? { tcpSocket: { port: k8s.IntOrString.fromNumber(port) } }
    : { httpGet: { path: readiness, port: k8s.IntOrString.fromNumber(port) } }),
  periodSeconds: 5,
  timeoutSeconds: 3,
});
